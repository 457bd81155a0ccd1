"""The list of erasures: what was taken back does not come back with a backup."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner, Result

from build import cli
from campaign.accounts import staff
from campaign.errors import CandleError
from campaign.keeping import erasure, erasures_file, log_ends, retention
from campaign.keeping.erasures_file import Erasure, ErasuresError
from campaign.messages import queries
from campaign.storage import append_only_lists, marks
from campaign.storage.database import Database, connect, migrate
from campaign.storage.foreign_file import MAGIC
from tests.conftest import APPROVAL_KEY, SECRET_KEY, TODAY, Submit

MARK = "Markedmessagezq"
Build = Callable[..., Result]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Run build.py on this machine's database, or on a new machine that has nothing yet."""

    def run(*arguments: str, database: str = "here/candle") -> Result:
        environ = {
            "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/{database}.sqlite",
            "CANDLE_BUILD_DIR": str(tmp_path / "_build"),
            "CANDLE_SECRET_KEY": SECRET_KEY,
            "CANDLE_APPROVAL_KEY": APPROVAL_KEY,
            "CANDLE_SECOND_FACTOR": "off",  # so that `staff` prints passwords
        }
        return CliRunner(env=environ).invoke(cli, arguments)

    return run


@pytest.fixture
def sent(tmp_path: Path, submit: Submit, build: Build) -> list[str]:
    """Two messages, backed up when both were there; gives their ids."""
    opened = connect(f"sqlite:///{tmp_path}/here/candle.sqlite")
    migrate(opened)
    ids = [submit(opened, words, sealed=b"sealed").message for words in (MARK, "It stays.")]
    opened.write(lambda c: marks.note(c, "alive", datetime.now(UTC)))  # whatever day it is when this runs
    opened.close()
    assert build("backup", str(tmp_path / "backups" / "old")).exit_code == 0
    return ids


def move_away(tmp_path: Path) -> None:
    """Do as docs/operators.md says before a restore."""
    (tmp_path / "away").mkdir()
    for path in (tmp_path / "here").glob("candle.sqlite*"):
        path.rename(tmp_path / "away" / path.name)


def left_in(folder: Path) -> list[str]:
    """Name the files of a folder that hold the marked words."""
    return [path.name for path in folder.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()]


def test_what_was_erased_since_does_not_come_back(build: Build, sent: list[str], tmp_path: Path) -> None:
    build("messages", "mikita", "erase", sent[0])
    move_away(tmp_path)
    done = build("restore", str(tmp_path / "backups" / "old"))
    assert "erased again: 1 message," in done.stdout
    assert done.stderr == ""
    assert sent[1] in (listed := build("messages", "mikita", "list").stdout)
    assert sent[0] not in listed
    assert left_in(tmp_path / "here") == []


@pytest.mark.slow
def test_a_new_machine_learns_it_from_the_list_beside_the_backups(
    build: Build, sent: list[str], tmp_path: Path
) -> None:
    """Each backup brings that list up to date, so carrying the folder is enough."""
    build("messages", "mikita", "erase", sent[0])
    build("backup", str(tmp_path / "backups" / "new"))
    shutil.copytree(tmp_path / "backups", tmp_path / "carried")
    done = build("restore", str(tmp_path / "carried" / "old"), database="there/candle")
    assert "erased again: 1 message," in done.stdout
    assert "taken back since the backup or its list was" in done.stderr
    assert sent[0] not in build("messages", "mikita", "list", database="there/candle").stdout
    assert left_in(tmp_path / "there") == []


def test_without_any_list_it_says_so_and_what_to_do(build: Build, sent: list[str], tmp_path: Path) -> None:
    build("messages", "mikita", "erase", sent[0])
    (tmp_path / "alone").mkdir()
    shutil.copy(tmp_path / "backups" / "old", tmp_path / "alone" / "old")
    done = build("restore", str(tmp_path / "alone" / "old"), database="there/candle")
    assert done.exit_code == 0
    assert "build.py erase-again SOURCE" in done.stderr
    again = build("erase-again", str(tmp_path / "here" / "candle.sqlite"), database="there/candle")
    assert "erased again: 1 message," in again.stdout
    assert sent[0] not in build("messages", "mikita", "list", database="there/candle").stdout
    assert left_in(tmp_path / "there") == []


def test_others_write_while_a_source_is_read(
    build: Build, sent: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be long, or an old database that answers slowly."""
    read_source, here = erasures_file.read_source, tmp_path / "here" / "candle.sqlite"

    def slowly(source: str) -> Iterator[Erasure]:
        for entry in read_source(source):
            with closing(sqlite3.connect(here, timeout=0)) as other:
                other.execute("BEGIN IMMEDIATE")
            yield entry

    monkeypatch.setattr(erasures_file, "read_source", slowly)
    entries = [Erasure(TODAY, "message", whose, "mikita", "withdrawn") for whose in ("gone", sent[0])]
    erasures_file.write(tmp_path / "list", entries)
    done = build("erase-again", str(tmp_path / "list"))
    assert (done.exit_code, done.stderr) == (0, "")
    assert "erased again: 1 message," in done.stdout


@pytest.mark.parametrize(("where", "what"), [(erasures_file, "write"), (retention, "scrub")])
def test_what_was_erased_again_is_told_whatever_follows(
    build: Build, sent: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, what: str
) -> None:
    """A card to take out of the pile was not named where the disk was full, or somebody read for too long."""
    entries = [Erasure(TODAY, "message", sent[0], "mikita", "withdrawn")]
    erasures_file.write(tmp_path / "list", entries)
    monkeypatch.setattr(where, what, Mock(side_effect=CandleError("not now")))
    done = build("erase-again", str(tmp_path / "list"))
    assert "erased again: 1 message," in done.stdout
    assert (done.exit_code, done.stderr) == (1, "not now\n")
    old, known = str(tmp_path / "backups" / "old"), ("--erasures", str(tmp_path / "list"))
    restored = build("restore", old, *known, database="there/candle")
    assert "erased again: 1 message," in restored.stdout


def test_of_many_changes_of_a_password_the_latest_counts(database: Database) -> None:
    database.write(lambda c: staff.add(c, "vera", [APPROVAL_KEY], TODAY))
    entries = [Erasure(TODAY, "staff", who, "-", why) for who in ("vera", "ada") for why in ("9", "10", "3")]
    assert erasures_file.of_what_is_here(database, entries) == entries[1:2]


def test_a_mistyped_source_is_told_before_anything_is_done(
    build: Build, sent: list[str], tmp_path: Path
) -> None:
    done = build(
        "restore", str(tmp_path / "backups" / "old"), "--erasures", "mistyped", database="there/candle"
    )
    assert done.exit_code == 1
    assert "mistyped: No such file or directory; name an old database, a backup or a list" in done.stderr
    assert not (tmp_path / "there").exists()


def test_a_mistyped_address_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(ErasuresError, match="mistyped: No such file"):
        list(erasures_file.read_source(f"sqlite:///{tmp_path}/mistyped"))
    assert not (tmp_path / "mistyped").exists()


@pytest.mark.slow
@pytest.mark.parametrize("source", ["here/candle.sqlite", "backups/new", "here/erasures.txt"])
def test_an_old_database_a_newer_backup_or_a_list_can_be_named(
    build: Build, sent: list[str], tmp_path: Path, source: str
) -> None:
    build("messages", "mikita", "erase", sent[0])
    build("backup", str(tmp_path / "backups" / "new"))
    (tmp_path / "backups" / erasures_file.NAME).unlink()
    named = ("--erasures", str(tmp_path / source))
    done = build("restore", str(tmp_path / "backups" / "old"), *named, database="there/candle")
    assert "erased again: 1 message," in done.stdout
    assert done.stderr == ""


def test_a_database_at_an_address_can_be_named(postgresql_database: Database, submit: Submit) -> None:
    identifier = submit(postgresql_database).message
    postgresql_database.write(lambda c: erasure.erase(c, identifier, "withdrawn", TODAY))
    url = postgresql_database.engine.url.render_as_string(hide_password=False)
    assert list(erasures_file.read_source(url)) == [
        Erasure(TODAY, "message", identifier, "mikita", "withdrawn")
    ]


def test_details_alone_are_erased_again(build: Build, sent: list[str], tmp_path: Path) -> None:
    entry = Erasure(TODAY, "details", sent[0], "mikita", "retention")
    erasures_file.append(tmp_path / "here" / erasures_file.NAME, [entry])
    move_away(tmp_path)
    assert "the details of 1 other\n" in build("restore", str(tmp_path / "backups" / "old")).stdout
    assert MARK in build("messages", "mikita", "list").stdout


@pytest.mark.slow
def test_a_password_that_was_changed_since_is_not_good_again(
    build: Build, sent: list[str], tmp_path: Path
) -> None:
    old = {name: build("staff", "add", name).stdout.strip() for name in ("anna", "olga", "petr", "vera")}
    old["vera"] = build("staff", "reset", "vera").stdout.strip()
    build("backup", str(tmp_path / "backups" / "new"))
    build("staff", "reset", "olga")
    build("staff", "disable", "petr")
    build("backup", str(tmp_path / "backups" / "newer"))
    listed = {entry.whose for entry in erasures_file.read(tmp_path / "here" / erasures_file.NAME)}
    assert listed == {"olga", "petr", "vera"}
    move_away(tmp_path)
    done = build("restore", str(tmp_path / "backups" / "new"))
    assert "olga: the password was changed since" in done.stdout
    opened = connect(f"sqlite:///{tmp_path}/here/candle.sqlite")
    with opened.read() as connection:
        found = [n for n, word in old.items() if staff.verify(connection, n, word, [APPROVAL_KEY])]
    opened.close()
    assert found == ["anna", "vera"]


def test_a_list_that_cannot_be_read_restores_nothing(build: Build, sent: list[str], tmp_path: Path) -> None:
    (tmp_path / "backups" / erasures_file.NAME).write_text("rubbish\n")
    done = build("restore", str(tmp_path / "backups" / "old"), database="there/candle")
    assert done.exit_code == 1
    assert f"{erasures_file.NAME}:1: is no line" in done.stderr
    assert build("messages", "mikita", "list", database="there/candle").stdout == ""


def test_the_list_holds_ids_and_is_private(build: Build, sent: list[str], tmp_path: Path) -> None:
    build("messages", "mikita", "erase", sent[0])
    file = tmp_path / "here" / erasures_file.NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert left_in(tmp_path / "here") == []
    (entry,) = erasures_file.read(file)
    assert (entry.whose, entry.what, entry.why) == (sent[0], "message", "erased by staff")


def test_a_purge_brings_the_list_up_to_date(build: Build, sent: list[str], tmp_path: Path) -> None:
    build("messages", "mikita", "erase", sent[0])
    file = tmp_path / "here" / erasures_file.NAME
    file.unlink()
    for _ in range(2):
        assert build("purge", "--after-gap").exit_code == 0
        listed = [(entry.what, entry.whose) for entry in erasures_file.read(file)]
        assert [one for one in listed if one[1] == sent[0]] == [("details", sent[0]), ("message", sent[0])]


def test_a_list_is_added_to_and_nothing_twice(tmp_path: Path) -> None:
    one, other = (Erasure(TODAY, "message", f"m{n}", "mikita", "withdrawn") for n in range(2))
    file = tmp_path / "new" / erasures_file.NAME
    erasures_file.append(file, [one])
    erasures_file.write(file, [one, other, other])
    assert list(erasures_file.read(file)) == [one, other]


def test_a_line_that_a_power_cut_tore_is_no_fault_and_makes_room(tmp_path: Path) -> None:
    one, other = (Erasure(TODAY, "message", f"m{n}", "mikita", "withdrawn") for n in range(2))
    file = tmp_path / erasures_file.NAME
    erasures_file.append(file, [one, other])
    file.write_bytes(file.read_bytes()[:-9])
    assert list(erasures_file.read(file)) == [one]
    erasures_file.append(file, [other])
    assert list(erasures_file.read(file)) == [one, other]


def test_no_entry_is_more_than_a_line(tmp_path: Path) -> None:
    """Whatever stands in a database that somebody else wrote to."""
    erasures_file.append(
        tmp_path / erasures_file.NAME, [Erasure(TODAY, "message", "m", "mikita\n", "with\tdrawn\nx\u2028y")]
    )
    (entry,) = erasures_file.read(tmp_path / erasures_file.NAME)
    assert entry == Erasure(TODAY, "message", "m", "mikita", "with drawn x y")


@pytest.mark.parametrize(
    "line",
    [
        *(
            "x",
            "2026-11-22\tmessage\tm\tmikita",
            "2026-13-01\tmessage\tm\tmikita\tw",
            "2026-11-22\tall\tm\tc\tw",
        ),
        *(f"2026-11-22\tstaff\tolga\t-\t{version}" for version in ("9" * 5000, 2**63, "²", "-1")),
    ],
)
def test_another_line_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    (tmp_path / erasures_file.NAME).write_text(f"# a title\n{line}\n")
    with pytest.raises(ErasuresError, match=f"{erasures_file.NAME}:2: is no line"):
        list(erasures_file.read(tmp_path / erasures_file.NAME))


@pytest.mark.parametrize("source", ["nothing", "sqlite", "folder"])
def test_what_is_no_source_is_refused(tmp_path: Path, source: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "sqlite").write_bytes(MAGIC + b"x" * 5000)
    with pytest.raises(ErasuresError, match=source):
        list(erasures_file.read_source(str(tmp_path / source)))


@pytest.mark.parametrize(
    "row",
    [
        ("x", "all", "m", "mikita", "2026-11-22"),
        ("x", "message", None, "mikita", "2026-11-22"),
        (b"\xff", "message", "m", 7, "2026-11-22"),
        ("x", "message", "m", "mikita", "soon"),
        ("x", "message", "m", "mikita", 20261122),
        ("x", "staff", "olga", "-", "2026-11-22"),
    ],
)
def test_a_database_that_tells_of_other_erasures_than_ours_is_no_source(tmp_path: Path, row: object) -> None:
    with closing(sqlite3.connect(tmp_path / "old")) as made, made:
        made.execute("CREATE TABLE staff (added_on, name, session_version)")
        made.execute(
            "CREATE TABLE erasures (id INTEGER PRIMARY KEY, why, what, message, campaign, erased_on)"
        )
        made.execute("INSERT INTO erasures VALUES (NULL, ?, ?, ?, ?, ?)", row)
    with pytest.raises(ErasuresError, match="old: holds an erasure that Candle did not write; name the list"):
        list(erasures_file.read_source(str(tmp_path / "old")))


def test_what_is_not_there_or_erased_already_stays_so(database: Database, submit: Submit) -> None:
    identifier = submit(database).message
    entries = [
        Erasure(date(2026, 11, 1), "message", whose, "mikita", "withdrawn") for whose in (identifier, "gone")
    ]
    first = database.write(lambda c: erasures_file.apply(c, entries))
    second = database.write(lambda c: erasures_file.apply(c, entries))
    assert ([erased.message for erased in first.messages], second) == (
        [identifier],
        erasures_file.ErasedAgain(),
    )
    with database.read() as connection:
        assert queries.get(connection, identifier).erased_on == date(2026, 11, 1)
        assert list(erasures_file.erasures_in(connection)) == entries[:1]


@pytest.mark.parametrize("line", [b"not one of ours\n", b"2026-11-22\tmessage\tx\xff\tmikita\twithdrawn\n"])
def test_a_foreign_line_in_the_list_is_told_and_keeps_nothing_from_being_erased_listed_or_backed_up(
    build: Build, sent: list[str], tmp_path: Path, line: bytes
) -> None:
    """The list lies where the public half may write: what it holds may stop no purge."""
    listed, here = tmp_path / "here" / erasures_file.NAME, f"sqlite:///{tmp_path}/here/candle.sqlite"
    listed.write_bytes(listed.read_bytes() + line)
    opened = connect(here)
    opened.write(lambda c: erasure.erase(c, sent[0], "withdrawn", TODAY))
    opened.close()
    purged, saved = build("purge"), build("backup", str(tmp_path / "backups" / "new"))
    for done in (purged, saved):
        assert done.exit_code == 1
        assert f"{listed}:2: is no line of a list of erasures" in done.stderr
    assert sent[0] in listed.read_text(errors="replace")
    assert sent[0] in (tmp_path / "backups" / erasures_file.NAME).read_text()
    assert "new: whole" in saved.stdout
    opened = connect(here)
    with opened.read() as connection:
        assert marks.last(connection, "purge")
    opened.close()
    listed.write_bytes(listed.read_bytes().replace(line, b""))
    assert build("purge").exit_code == 0


@pytest.mark.parametrize("name", [erasures_file.NAME, log_ends.NAME])
def test_a_pipe_in_the_place_of_a_list_is_refused_and_not_waited_for(
    build: Build, sent: list[str], tmp_path: Path, name: str
) -> None:
    (tmp_path / "here" / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / "here" / name)
    done = build("restore", str(tmp_path / "backups" / "old"), database="here/new")
    assert (done.exit_code, "it is no file" in done.stderr) == (1, True)


@pytest.mark.slow
def test_lines_that_are_no_entries_take_no_memory_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list lies where the public half may write, and every purge reads it."""
    monkeypatch.setattr(append_only_lists, "LONGEST", 1_000_000)
    file, entry = tmp_path / erasures_file.NAME, Erasure(TODAY, "message", "m1", "mikita", "withdrawn")
    file.write_bytes(entry.line.encode() + b"ab\n" * 50_000)
    tracemalloc.start()
    try:
        with pytest.raises(ErasuresError, match=f"{file}:2: is no line"):
            erasures_file.write(file, [entry])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000
    assert file.read_bytes().count(b"m1") == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["list", "database"])
def test_nothing_of_a_long_source_is_held(
    tmp_path: Path, database: Database, submit: Submit, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not while it is erased again, nor while the list here gets what it lacks."""
    identifier, source = submit(database).message, tmp_path / "old"
    made = (Erasure(TODAY, "message", f"m{n}", "mikita", "x") for n in range(10_000))
    lines = [*(entry.line for entry in made), Erasure(TODAY, "message", identifier, "mikita", "x").line]
    if kind == "list":
        source.write_text("".join(lines))
    else:
        with closing(sqlite3.connect(source)) as old, old:
            old.execute("CREATE TABLE staff (added_on, name, session_version)")
            old.execute(
                "CREATE TABLE erasures (id INTEGER PRIMARY KEY, erased_on, what, message, campaign, why)"
            )
            rows = (line.rstrip().split("\t") for line in lines)
            old.executemany("INSERT INTO erasures VALUES (NULL, ?, ?, ?, ?, ?)", rows)
    monkeypatch.setattr(erasures_file, "AT_ONCE", 1_000)
    tracemalloc.start()
    try:
        done = database.write(lambda c: erasures_file.apply(c, erasures_file.read_source(str(source))))
        erasures_file.write(tmp_path / "list", erasures_file.read_source(str(source)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [erased.message for erased in done.messages] == [identifier]
    assert (tmp_path / "list").read_text().splitlines(keepends=True)[1:] == lines
    assert peak < 2_000_000


def test_a_list_is_read_up_to_a_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "long").open("wb") as file:
        file.truncate(append_only_lists.LONGEST + 1)  # a hole, which takes no room
    with pytest.raises(
        ErasuresError, match="it is too long; give its lines in several files of less than 64"
    ):
        list(erasures_file.read(tmp_path / "long"))
    monkeypatch.setattr(append_only_lists, "LONGEST", 40)
    (tmp_path / "long").write_text("# " + "ё" * 25 + "\n", encoding="utf-8")  # 53 bytes, 28 characters
    with pytest.raises(ErasuresError, match="it is too long"):
        list(erasures_file.read(tmp_path / "long"))
