"""The log of staff, written and read by commands."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from build import cli
from campaign.accounts import staff_log
from campaign.keys import sealing
from campaign.storage.database import connect, migrate
from tests.conftest import SECRET_KEY, Submit

pytestmark = pytest.mark.slow  # some of them make cards
KEY = "an-approval-key-for-these-tests-long-enough"
NEWER_KEY = "a-newer-approval-key-for-tests-long-enough"
# What each command leaves in the log. Those that are not here change nothing that staff answer for.
ROWS = {
    "messages approve": "approved",
    "messages reject": "rejected",
    "messages erase": "erased",
    "messages export-translations": "exported translations",
    "messages import-translations": "imported translations",
    "cards": "made a batch",
    "batches printed": "printed",
    "batches posted": "posted",
    "batches void": "took back",
    "batches reprint": "reprinted",
    "batches vouch": "vouched",
    "keepsake": "made the keepsake",
    "staff add": "invited",
    "staff role": "gave a role",
    "staff reset": "reset",
    "staff disable": "disabled",
    "keys renew": "renewed the keys",
    "details": "opened details",
    "purge": "purged",
    "backup": "backed up",
    "restore": "restored",
    "erase-again": "erased again",
}
WITHOUT = {
    *(
        "run",
        "sample",
        "check",
        "preview",
        "site",
        "verify",
        "new",
        "translate",
        "illustration",
    ),  # nothing of staff's
    *("messages list", "batches list", "batches show", "staff list", "log list", "log verify"),  # they read
    *("proof", "calibrate", "keys new", "wall"),  # a wall's words are the page's
    *("doctor", "status", "digest"),
}


def commands(command: click.Command, name: str = "") -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    context = click.Context(command)
    for below in command.list_commands(context):
        found = command.get_command(context, below)
        assert found
        yield from commands(found, f"{name} {below}".strip())


def test_every_command_that_changes_something_has_its_row() -> None:
    assert set(commands(cli)) == ROWS.keys() | WITHOUT


@dataclass
class Shell:
    """Runs build.py on a database of the test's own."""

    folder: Path
    submit: Submit
    name: str = "candle"
    key: str = KEY
    fallbacks: str = ""
    staff: str = ""

    def run(self, *arguments: str, good: bool = True) -> Result:
        environ = {
            "CANDLE_DATABASE_URL": f"sqlite:///{self.folder}/{self.name}.sqlite",
            "CANDLE_BUILD_DIR": str(self.folder / "_build"),
            "CANDLE_SECRET_KEY": SECRET_KEY,
            "CANDLE_APPROVAL_KEY": self.key,
            "CANDLE_APPROVAL_KEY_FALLBACKS": self.fallbacks,
            "CANDLE_STAFF": self.staff,
        }
        done = CliRunner(env=environ).invoke(cli, arguments)
        assert (done.exit_code == 0) == good, f"{arguments}\n{done.output}{done.exception!r}"
        return done

    def sent(self, text: str = "We are with you.", **more: object) -> str:
        opened = connect(f"sqlite:///{self.folder}/candle.sqlite")
        migrate(opened)
        identifier = self.submit(opened, text, **more).message
        opened.close()
        return identifier

    def log(self) -> list[str]:
        return self.run("log", "list").output.splitlines()

    def tamper(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / f"{self.name}.sqlite")) as opened:
            opened.execute(statement)
            opened.commit()


@pytest.fixture
def shell(tmp_path: Path, submit: Submit) -> Shell:
    return Shell(tmp_path, submit)


def test_everything_that_is_done_at_the_shell_is_in_the_log(
    shell: Shell, tmp_path: Path, age_keys: tuple[str, str]
) -> None:
    sealed = sealing.seal({"last_name": "Kowalska"}, [age_keys[0]])
    identity = tmp_path / "identity.txt"
    identity.write_text(age_keys[1])
    first, second, third = (shell.sent(f"Words number {n}.", sealed=sealed) for n in range(3))
    shell.run("messages", "mikita", "export-translations", str(tmp_path / "words.csv"))
    shell.run("messages", "mikita", "import-translations", str(tmp_path / "words.csv"))
    shell.run("messages", "mikita", "approve", first, second)
    shell.run("messages", "mikita", "reject", third, "--why", "Spam by Kowalska")
    shell.run("details", "mikita", "--identity", str(identity), "--all")
    shell.run("cards", "mikita", "--final")
    shell.run("batches", "mikita", "reprint", "1")
    shell.run("batches", "mikita", "void", "1", "--why", "spoiled by Kowalska")
    shell.run("cards", "mikita", "--final")
    shell.run("batches", "mikita", "printed", "2")
    shell.run("batches", "mikita", "posted", "2")
    shell.run("keepsake", "mikita")
    shell.run("messages", "mikita", "erase", third)
    shell.run("staff", "add", "ivan")
    shell.run("staff", "role", "ivan", "coordinator")
    shell.run("staff", "reset", "ivan")
    shell.run("staff", "disable", "ivan")
    shell.run("backup", str(tmp_path / "backup"))
    shell.run("erase-again", str(tmp_path / "backup"))
    shell.tamper("UPDATE messages SET state = 'rejected', reviewed_on = '2000-01-01' WHERE erased_on IS NULL")
    shell.run("purge", "--after-gap")
    shell.tamper("UPDATE messages SET state = 'approved'")
    shell.key, shell.fallbacks = NEWER_KEY, KEY
    shell.run("keys", "renew")
    written = "\n".join(shell.log())
    for command in ROWS.keys() - {"restore", "batches vouch"}:  # of these below
        assert f"  shell  {ROWS[command]}: " in written, (command, written)
    assert f"shell  approved: mikita {first}" in written
    assert "made a batch: batch 2 of mikita" in written
    assert "took back: all cards of batch 1 of mikita" in written
    assert not re.search("Words|Kowalska|poiled|Spam", written)
    shell.fallbacks = ""
    told = shell.run("log", "verify", str(tmp_path / "backup")).output.splitlines()
    assert [line.partition(":")[0] for line in told] == ["the log is whole"]  # of the old key's notes too


CHANGED = ("messages", "details", "batches", "slots", "staff", "erasures", "staff_log", "staff_log_end")


def held(file: Path, apart: str) -> list[list[str]]:
    tables = [table for table in CHANGED if table != apart]
    with closing(sqlite3.connect(file)) as opened:
        return [sorted(map(str, opened.execute(f"SELECT * FROM {table}"))) for table in tables]


def test_what_cannot_be_recorded_is_not_done(shell: Shell, tmp_path: Path) -> None:
    """With a fault between the work and its row: they are of one transaction, so neither is there."""
    faulty = pytest.MonkeyPatch()

    def together(*arguments: str, apart: str = "") -> None:
        before = held(tmp_path / f"{shell.name}.sqlite", apart)
        with faulty.context() as patched:
            patched.setattr(staff_log, "append", lambda *_: 1 / 0)
            assert isinstance(shell.run(*arguments, good=False).exception, ZeroDivisionError), arguments
        assert held(tmp_path / f"{shell.name}.sqlite", apart) == before, arguments
        shell.run(*arguments)
        assert held(tmp_path / f"{shell.name}.sqlite", apart) != before, arguments

    first, second, third = (shell.sent(f"Words number {n}.", sealed=b"sealed") for n in range(3))
    shell.run("messages", "mikita", "export-translations", str(tmp_path / "words.csv"))
    together("messages", "mikita", "import-translations", str(tmp_path / "words.csv"))
    together("messages", "mikita", "approve", first, second)
    together("messages", "mikita", "reject", third, "--why", "Spam")
    shell.run("cards", "mikita", "--final")
    together("batches", "mikita", "printed", "1")
    together("batches", "mikita", "posted", "1")
    shell.run("backup", str(tmp_path / "backup"))
    together("staff", "add", "ivan")
    together("staff", "role", "ivan", "coordinator")
    together("staff", "reset", "ivan")
    together("messages", "mikita", "erase", third)
    shell.key, shell.fallbacks, words = NEWER_KEY, "", str(tmp_path / "words.txt")
    shell.run("batches", "mikita", "vouch", "1", "--words", words)
    together("batches", "mikita", "vouch", "1", "--words", words, "--yes")
    shell.key, shell.fallbacks = KEY, NEWER_KEY
    together("keys", "renew", apart="messages")  # approvals go by themselves, in steps: no row counts them
    together("staff", "disable", "ivan")
    shell.tamper("UPDATE messages SET state = 'rejected', reviewed_on = '2000-01-01' WHERE erased_on IS NULL")
    together("purge", "--after-gap")
    shell.name = "restored"
    shell.run("staff", "list")  # makes the tables
    together("restore", str(tmp_path / "backup"))


def test_words_that_were_vouched_for_are_in_the_log(shell: Shell, tmp_path: Path) -> None:
    shell.run("messages", "mikita", "approve", shell.sent())
    shell.run("cards", "mikita", "--final")
    shell.key, words = NEWER_KEY, str(tmp_path / "words.txt")
    shell.run("batches", "mikita", "vouch", "1", "--words", words)
    shell.run("batches", "mikita", "vouch", "1", "--words", words, "--yes")
    assert any("vouched: batch 1 of mikita: 1 message" in line for line in shell.log())


@pytest.mark.parametrize(
    ("setting", "arguments", "who"),
    [
        ("", (), "shell"),
        ("olga", (), "olga"),
        ("olga", ("--as", "ivan"), "ivan"),
        ("olga", ("--as=ivan",), "ivan"),
    ],
)
def test_who_works_at_the_shell_is_said_by_an_option_or_a_setting(
    shell: Shell, setting: str, arguments: tuple[str, ...], who: str
) -> None:
    shell.staff = setting
    shell.run("messages", "mikita", "reject", shell.sent(), *arguments, "--why", "Spam")
    shell.run(*arguments, "messages", "mikita", "reject", shell.sent("Other words."), "--why", "Spam")
    assert [line.split()[2] for line in shell.log()] == [who, who]


def test_a_name_that_is_none_is_refused(shell: Shell) -> None:
    refused = shell.run("messages", "mikita", "list", "--as", "two words", good=False)
    assert "CANDLE_STAFF: 'two words': write one name" in refused.output
    assert "requires an argument" in shell.run("messages", "mikita", "list", "--as", good=False).output


def test_without_the_key_it_is_done_and_said_not_to_be_in_the_log(shell: Shell) -> None:
    identifier, shell.key = shell.sent(), ""
    told = shell.run("messages", "mikita", "reject", identifier, "--why", "Spam").output
    assert "not in the log of staff: CANDLE_APPROVAL_KEY is not here" in told
    assert shell.log() == []


def test_the_list_is_narrowed_to_a_person_and_a_day_and_read_by_programs(shell: Shell) -> None:
    shell.run("messages", "mikita", "reject", shell.sent(), "--why", "Spam", "--as", "olga")
    shell.run("staff", "add", "ivan", "--as", "petra")
    assert "rejected" in "".join(shell.run("log", "list", "--who", "olga").output.splitlines())
    assert shell.run("log", "list", "--who", "nobody").output == ""
    assert shell.run("log", "list", "--on", "2020-01-01").output == ""
    assert '"what": "invited"' in shell.run("log", "list", "--json").output


def test_verify_names_a_changed_row_and_ends_with_1(shell: Shell) -> None:
    for name in ("ivan", "olga"):
        shell.run("staff", "add", name)
    assert "the log is whole: 2 rows" in shell.run("log", "verify").output
    shell.tamper("UPDATE staff_log SET who = 'petra' WHERE number = 2")
    refused = shell.run("log", "verify", good=False)
    assert refused.stderr == "row 2: changed, or put in by somebody else\n"


@dataclass
class Cut:
    """A log whose last rows were cut off together with what said where it ended."""

    shell: Shell
    backup: Path


@pytest.fixture
def cut(shell: Shell, tmp_path: Path) -> Cut:
    shell.run("staff", "add", "ivan")
    earlier = shutil.copy(tmp_path / "candle.sqlite", tmp_path / "earlier.sqlite")
    shell.run("staff", "disable", "ivan")
    backup = tmp_path / "elsewhere" / "backup"
    told = shell.run("backup", str(backup)).output
    assert "the log of staff ends there with row 2, " in told
    shutil.copy(earlier, tmp_path / "candle.sqlite")
    for rest in tmp_path.glob("candle.sqlite-*"):
        rest.unlink()
    return Cut(shell, backup)


@pytest.mark.parametrize("known", ["beside the database", "the backup", "beside the backup"])
def test_rows_cut_off_at_the_end_show_by_a_backup(cut: Cut, tmp_path: Path, known: str) -> None:
    lists = {
        "beside the database": tmp_path / "log-ends.txt",
        "beside the backup": cut.backup.with_name("log-ends.txt"),
    }
    for place, file in lists.items():
        if place != known:
            file.unlink()
    named = () if known == "beside the database" else (str(lists.get(known, cut.backup)),)
    refused = cut.shell.run("log", "verify", *named, good=False)
    assert refused.stderr.startswith("row 2: not the one that ")
    assert "rows were cut off at the end" in refused.stderr
    if known != "beside the database":
        assert "the log is whole" in cut.shell.run("log", "verify").output  # nothing here tells


def test_a_restored_backup_says_what_was_lost_and_the_log_goes_on(shell: Shell, tmp_path: Path) -> None:
    shell.run("staff", "add", "ivan")
    shell.run("backup", str(tmp_path / "first"))
    shell.run("staff", "disable", "ivan")
    shell.run("backup", str(tmp_path / "second"))
    shell.name = "other"
    told = shell.run("restore", str(tmp_path / "first")).output
    assert "the log of staff ends with row 1; rows to 3 were written since, and are lost with that" in told
    assert "restored: a backup that ends with row 1; known to row 3" in shell.log()[-1]
    verified = shell.run("log", "verify", str(tmp_path / "second")).output
    assert "row 3: not the one that" in verified
    assert "a backup was restored since" in verified
    assert "the log is whole: 2 rows" in verified


def test_nobody_notes_an_end_that_no_key_signed(shell: Shell, tmp_path: Path) -> None:
    shell.run("staff", "add", "ivan")
    shell.run("backup", str(tmp_path / "backup"))
    listed = tmp_path / "log-ends.txt"
    listed.write_text(listed.read_text().replace("\t1\t", "\t7\t"))
    told = shell.run("log", "verify").output
    assert "row 7: not the one that" in told
    assert "which no key here signed" in told
    assert "the log is whole" in told


def test_no_list_makes_up_what_a_restored_backup_lost(shell: Shell, tmp_path: Path) -> None:
    shell.run("staff", "add", "ivan")
    shell.run("backup", str(tmp_path / "backup"))
    listed = tmp_path / "log-ends.txt"
    true = listed.read_text().splitlines(keepends=True)[-1]
    listed.write_text(listed.read_text() + true.replace("\t1\t", "\t7\t", 1))
    shell.name = "other"
    told = shell.run("restore", str(tmp_path / "backup")).output
    assert "are lost with that" not in told
    assert "known to row 1" in shell.log()[-1]
