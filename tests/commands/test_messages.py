"""`build.py messages`: list, approve, reject, erase, and the road to a translator and back."""

from __future__ import annotations

import errno
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from campaign import ROOT
from campaign.storage import sqlite
from campaign.storage.database import connect
from campaign.storage.tables import keepsakes, messages
from commands import messages as messages_command
from tests.commands.conftest import Invoke


@pytest.mark.slow
def test_where_two_are_asked_the_shell_is_one_of_them_whatever_it_is_called(build, sent, tmp_path):
    content = Path(shutil.copytree(ROOT / "content", tmp_path / "content"))
    facts = content / "mikita" / "campaign.toml"
    facts.write_text(f"{facts.read_text()}\n[review]\nsecond_approval = true\n")
    asked = ("messages", "mikita", "approve", sent[0], "--json")
    done = build("--as", "olga", *asked, CANDLE_CONTENT_DIR=str(content))
    assert json.loads(done.stdout) == {"approved": [], "approved_once": [sent[0]]}
    done = build("--as", "petr", *asked, CANDLE_CONTENT_DIR=str(content))
    assert (done.returncode, done.stdout) == (1, "")
    assert "shell approved it already, and two are asked" in done.stderr
    listed = json.loads(build("messages", "mikita", "list", "--json").stdout)
    assert {message["state"] for message in listed} == {"waiting"}


@pytest.mark.slow
def test_what_cannot_be_printed_is_flagged_in_the_list_and_not_approved(build, sent, submit, tmp_path):
    from campaign.storage import database

    opened = database.connect(f"sqlite:///{tmp_path}/instance/candle.sqlite")
    unprintable = submit(opened, "Hold on 𓀀!").message
    opened.close()
    *_, listed = json.loads(build("messages", "mikita", "list", "--json").stdout)
    assert {"kind": "does-not-fit", "field": "message", "start": 8, "end": 9} in listed["flags"]
    assert "does-not-fit" in build("messages", "mikita").stdout
    done = build("messages", "mikita", "approve", sent[0], unprintable)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{unprintable}: no font of the cards draws 𓀀 (U+13000)" in done.stderr
    assert '"approved"' not in build("messages", "mikita", "list", "--json").stdout, "all of them or none"


@pytest.mark.slow
def test_each_step_with_messages_answers_a_program_too(build, sent, tmp_path):
    first, second, third = sent

    def answer(*arguments):
        done = build("messages", "mikita", *arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert answer("approve", first, second) == {"approved": [first, second]}
    assert answer("reject", third, "--why", "an address") == {"rejected": [third]}
    file = str(tmp_path / "t.csv")
    assert answer("export-translations", file) == {"file": file, "messages": 2}
    assert answer("import-translations", file) == {"kept": 0, "alike": 0, "left_out": []}
    assert answer("erase", first) == {"erased": first, "pull": None, "files": [], "book": None, "backups": []}


@pytest.mark.slow
def test_messages_go_to_a_translator_and_come_back(build, sent, tmp_path):
    file = tmp_path / "to-translate.jsonl"
    assert f"{file}: 3 to translate" in build("messages", "mikita", "export-translations", str(file)).stdout
    assert build("messages", "mikita", "export-translations", str(file)).returncode == 1
    rows = [json.loads(line) | {"translation": "Словы."} for line in file.read_text().splitlines()]
    rows[1]["text_sha256"] = "0" * 64
    file.write_text("\n".join(json.dumps(row) for row in rows))
    done = build("messages", "mikita", "import-translations", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{file}:2: {sent[1]}: its text was changed since" in done.stderr
    done = build("messages", "mikita", "import-translations", "--skip-changed", str(file))
    assert "translations kept: 2" in done.stdout
    assert f"left out: {file}:2: {sent[1]}" in done.stdout
    other = tmp_path / "rest.csv"
    assert "1 to translate" in build("messages", "mikita", "export-translations", str(other)).stdout
    assert build("messages", "mikita", "export-translations", str(tmp_path / "t.txt")).returncode == 2
    assert build("messages", "mikita", "import-translations", str(tmp_path / "none.csv")).returncode == 2


@pytest.mark.slow
def test_erasing_says_where_the_words_still_are(build, sent):
    build("messages", "mikita", "approve", *sent)
    build("cards", "mikita", "--final")
    said = build("messages", "mikita", "erase", sent[0]).stdout
    assert "take card 1" in said
    assert "sheets.pdf holds the words still" in said
    assert "backups" in said
    assert sent[0] not in build("messages", "mikita", "list", "--json").stdout


def test_an_erasure_is_listed_though_nobody_reads_what_is_told_of_it(
    invoke: Invoke, overdue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_told: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(messages_command, "_report", full)
    assert invoke("messages", "mikita", "erase", overdue).exit_code == 1
    assert overdue in (tmp_path / "erasures.txt").read_text()


def test_an_erasure_names_the_backups_that_hold_it(invoke: Invoke, overdue: str, tmp_path: Path) -> None:
    invoke("backup", str(tmp_path / "b"))
    said = invoke("messages", "mikita", "erase", overdue).stdout
    assert f"{overdue}: erased" in said
    assert f"{tmp_path}/b, made on" in said
    assert overdue not in invoke("messages", "mikita", "list").stdout


def test_an_erasure_is_told_and_listed_although_a_reader_holds_the_old_pages(
    invoke: Invoke, overdue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasure itself is done; only its bytes wait in the log for the next purge."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.1)
    reader = connect(f"sqlite:///{tmp_path}/candle.sqlite")
    with reader.read() as connection:
        connection.execute(select(messages)).all()
        done = invoke("messages", "mikita", "erase", overdue)
    reader.close()
    assert (done.exit_code, done.stderr.strip().splitlines()[-1]) == (
        1,
        "a reader holds the old pages; run `build.py purge` in a moment",
    )
    assert f"{overdue}: erased" in done.stdout
    assert overdue in (tmp_path / "erasures.txt").read_text()


def test_a_list_tells_languages_and_duplicates(invoke: Invoke, overdue: str) -> None:
    assert '"kind": "language"' in invoke("messages", "mikita", "list", "--json").stdout


def test_a_list_says_that_the_keepsake_is_to_be_made_anew(
    invoke: Invoke, overdue: str, tmp_path: Path
) -> None:
    assert invoke("messages", "mikita", "list").stderr == ""
    opened = connect(f"sqlite:///{tmp_path}/candle.sqlite")
    keepsake = {"campaign": "mikita", "made_on": datetime.now(UTC).date(), "taken_back": 1}
    opened.write(lambda c: c.execute(insert(keepsakes).values(keepsake)) and None)
    opened.close()
    said = invoke("messages", "mikita", "list")
    assert overdue in said.stdout
    assert said.stderr.startswith("The family's keepsake holds a message taken back since: make it anew")
    assert "`build.py keepsake mikita`" in said.stderr
    assert invoke("messages", "mikita", "list", "--json").stderr == ""
