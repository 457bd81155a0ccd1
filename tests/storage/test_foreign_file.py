"""A SQLite file that somebody else held gives its rows, and runs nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from build import cli
from campaign.keys import sealing
from campaign.storage import foreign_file
from tests.conftest import APPROVAL_KEY, SECRET_KEY
from tests.support.lanes import first

WITHOUT_END = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT"
RUNS = {
    "details": f"""DROP TABLE details;
        CREATE VIEW details AS {WITHOUT_END} 'm' AS message, x'00' AS sealed FROM r""",
    "messages": f"""ALTER TABLE messages RENAME TO m;
        CREATE VIEW messages AS {WITHOUT_END} m.* FROM m, r""",
    "erasures": f"""DROP TABLE erasures; CREATE VIEW erasures AS {WITHOUT_END} n AS id, 'm' AS message,
        'message' AS what, 'mikita' AS campaign, 'w' AS why, '2026-11-22' AS erased_on FROM r""",
    "the log's end": f"""DROP TABLE staff_log_end;
        CREATE VIEW staff_log_end AS {WITHOUT_END} max(n) AS number,
        'x' AS digest, '2026-11-22' AS day, 0 AS decisions, 'x' AS signature FROM r""",
    "a trigger": f"""CREATE TRIGGER t BEFORE INSERT ON staff_log BEGIN
        DELETE FROM staff WHERE name IN ({WITHOUT_END} n FROM r); END""",
    "a reckoned column": "ALTER TABLE messages ADD COLUMN z AS (printf('%.*c', 900000000, 'x')) VIRTUAL",
    "a table of a module": "CREATE VIRTUAL TABLE z USING fts5(a)",
}
COMMANDS = {
    "restore": ("restore", "{file}"),
    "restore --erasures": ("restore", "{sound}", "--erasures", "{file}"),
    "erase-again": ("erase-again", "{file}"),
    "details": ("details", "mikita", "--identity", "{key}", "--from", "{file}"),
    "log verify": ("log", "verify", "{file}"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", RUNS)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_runs_what_a_backup_holds_beside_rows(
    tmp_path: Path, migrated_file: Path, command: str, what: str
) -> None:
    shutil.copy(migrated_file, tmp_path / "sound")
    with closing(sqlite3.connect(shutil.copy(migrated_file, tmp_path / "file"))) as made:
        made.executescript(RUNS[what])
    done = run(tmp_path, *COMMANDS[command])
    assert done.exit_code == 1
    assert f"{tmp_path}/file: " in done.stderr
    assert isinstance(done.exception, SystemExit)


def run(folder: Path, *arguments: str) -> Result:
    (folder / "key").write_text(sealing.new_key()[1])
    named = {name: str(folder / name) for name in ("file", "sound", "key")}
    environ = {
        "CANDLE_DATABASE_URL": f"sqlite:///{folder}/here/candle.sqlite",
        "CANDLE_SECRET_KEY": SECRET_KEY,
        "CANDLE_APPROVAL_KEY": APPROVAL_KEY,
    }
    return CliRunner(env=environ).invoke(cli, [one.format(**named) for one in arguments])


@pytest.mark.parametrize("command", first(2, COMMANDS))
def test_a_pipe_in_the_place_of_a_backup_is_not_waited_for(
    tmp_path: Path, migrated_file: Path, command: str
) -> None:
    shutil.copy(migrated_file, tmp_path / "sound")
    os.mkfifo(tmp_path / "file")
    done = run(tmp_path, *COMMANDS[command])
    assert done.exit_code == 1
    assert f"{tmp_path}/file: " in done.stderr
    assert "it is no file" in done.stderr


def test_a_table_of_a_module_is_known_however_it_is_written(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "file")) as made, made:
        made.execute("CREATE VIRTUAL TABLE z USING fts5(a)")
        made.execute("PRAGMA writable_schema = ON")
        made.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'CREATE V', 'CREATE /**/V') WHERE name = 'z'"
        )
    with pytest.raises(sqlite3.DatabaseError, match="it holds a table, and nobody here made one"):
        foreign_file.opened(tmp_path / "file")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("CREATE INDEX i ON messages (hex(text))", "an index of its own"),
        ("CREATE INDEX i ON messages (text || text)", "an index of its own"),
        ("CREATE INDEX i ON messages (text) WHERE hex(text) IN ('a')", "an index of its own"),
        (f"ALTER TABLE erasures ADD COLUMN z DEFAULT '{'x' * 41}'", "a value for what is left out"),
        ("CREATE TABLE z (a DEFAULT (hex(1)))", "a value for what is left out"),
    ],
)
def test_what_is_reckoned_or_given_for_each_row_is_refused(
    tmp_path: Path, migrated_file: Path, what: str, told: str
) -> None:
    with closing(sqlite3.connect(shutil.copy(migrated_file, tmp_path / "file"))) as made:
        made.execute(what)
    with pytest.raises(sqlite3.DatabaseError, match=f"it holds {told}, and nobody here made one"):
        foreign_file.opened(tmp_path / "file")


def test_no_check_of_a_backup_is_reckoned(tmp_path: Path, migrated_file: Path) -> None:
    with closing(sqlite3.connect(shutil.copy(migrated_file, tmp_path / "file"))) as made, made:
        made.execute("INSERT INTO petition_counts VALUES ('m', 1, '2026-11-22', 0, '2026-11-22')")
        made.execute("PRAGMA writable_schema = ON")
        made.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'PRIMARY KEY', 'CHECK (0), PRIMARY KEY')"
            " WHERE name = 'petition_counts'"
        )
    done = run(tmp_path, "restore", "{file}")
    assert done.stdout.startswith("1 petition_counts, "), done.stderr


def test_rows_are_read_and_nothing_is_written(tmp_path: Path, migrated_file: Path) -> None:
    file = Path(shutil.copy(migrated_file, tmp_path / "a? #1 %41"))
    before = file.read_bytes()
    with closing(foreign_file.opened(file, alone=True)) as opened:
        assert opened.execute("SELECT count(*) FROM messages").fetchone() == (0,)
        with pytest.raises(sqlite3.DataError, match="too big"):
            opened.execute(f"SELECT zeroblob({foreign_file.LONGEST_VALUE + 1})").fetchone()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            opened.execute("DELETE FROM messages")
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_bytes() == before
