"""build.py as a person runs it: what it prints, where, and how it ends."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.english import english_alone

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow  # each command is a process of its own
KEYS = {"CANDLE_SECRET_KEY": "s" * 40, "CANDLE_APPROVAL_KEY": "a" * 40}


@pytest.fixture
def environ(tmp_path, build_dir):
    """Settings of the test's own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")}
    return (
        environ
        | KEYS
        | {
            "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/instance/candle.sqlite",
            "CANDLE_BUILD_DIR": str(build_dir),
        }
    )


@pytest.fixture
def build(environ, build_py):
    """Run build.py with settings of the test's own and return the finished process."""
    return lambda *arguments, **changes: build_py.run(*arguments, environ=environ | changes)


@pytest.fixture
def sent(tmp_path, build, submit):
    """Three messages that wait, in the database that `build` uses; gives their ids."""
    from campaign.storage import database

    opened = database.connect(f"sqlite:///{tmp_path}/instance/candle.sqlite")
    database.migrate(opened)
    identifiers = [submit(opened, f"Words number {number}.").message for number in range(3)]
    opened.close()
    return identifiers


def test_help_lists_the_commands_by_who_uses_them(build):
    shown = build("--help").stdout
    for title in ("To try it:", "For editors:", "For staff:", "For operators:"):
        assert title in shown


@pytest.mark.parametrize(
    "arguments",
    [
        "check",
        "--help",
        pytest.param("keys new", marks=pytest.mark.soak),
        pytest.param("keys --help", marks=pytest.mark.soak),
        pytest.param("batches mikita list --json", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("to", [">/dev/full", ">/dev/full 2>/dev/full", "| true"])
def test_what_cannot_be_written_is_told_in_a_line(environ, arguments, to):
    command = f"set -o pipefail; {sys.executable} build.py {arguments} {to}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 or to == "| true"
    assert "Traceback" not in done.stderr
    told = "not everything could be written: No space left on device; make room for it\n"
    assert done.stderr == (told if to == ">/dev/full" else "")


@pytest.mark.parametrize(
    "arguments",
    [
        *(("nosuch",), ("cards",), ("cards", "mikita", "--limit", "0"), ("batches", "mikita", "void", "1")),
        ("batches", "mikita", "show", "9" * 30),
    ],
)
def test_wrong_usage_ends_with_status_2(build, arguments):
    done = build(*arguments)
    assert done.returncode == 2
    assert "Usage:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(("chekc",), "check"), (("check", "--strikt"), "--strict"), (("batches", "mikita", "lst"), "list")],
)
def test_a_misspelt_command_or_option_is_told_the_one_that_was_meant(build, arguments, meant):
    assert f"Did you mean '{meant}'?" in build(*arguments).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cards", "nobody"), "nobody: no such campaign; there are: mikita"),
        (("cards", "mikta"), "mikta: no such campaign; did you mean mikita? there are: mikita"),
        (("translate", "bee", "mikita"), "mikita is not translated into 'bee'; did you mean be?"),
        (("messages", "mikita", "approve", "nosuchid"), "nosuchid: no message with this id"),
        (("batches", "mikita", "printed", "7"), "7"),
        (("staff", "reset", "nobody"), "nobody"),
    ],
)
def test_a_refusal_is_one_plain_sentence_on_stderr(build, arguments, words):
    done = build(*arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_missing_key_is_named(build):
    done = build("cards", "mikita", CANDLE_APPROVAL_KEY="short")
    assert done.returncode == 1
    assert "CANDLE_APPROVAL_KEY" in done.stderr


def test_a_misspelt_setting_is_named(build):
    done = build("site", CANDLE_SITE_ULR="https://example.org")
    assert done.returncode == 1
    assert "CANDLE_SITE_ULR" in done.stderr


def test_nothing_ready_is_no_failure(build):
    done = build("cards", "mikita")
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing ready:")


def test_the_list_for_programs_has_these_fields(build, sent):
    listed = json.loads(build("messages", "mikita", "list", "--json").stdout)
    assert [message["id"] for message in listed] == sent
    assert set(listed[0]) == {"id", "campaign", "state", "first_name", "text", "language", "flags"}
    assert {message["state"] for message in listed} == {"waiting"}


def test_a_message_goes_from_review_to_the_post(build, sent, tmp_path):
    first, second, third = sent
    assert build("messages", "mikita", "approve", first, second).stdout == "approved: 2\n"
    assert build("messages", "mikita", "reject", third, "--why", "an address").returncode == 0
    printed = build("cards", "mikita", "--final")
    assert printed.returncode == 0, printed.stderr
    folder = tmp_path / "_build" / "cards" / "mikita" / "batch-0001"
    names = ["cover.pdf", "manifest.csv", "manifest.json", "sheets.pdf"]
    assert sorted(file.name for file in folder.iterdir()) == names
    proofed = build("proof", str(folder / "sheets.pdf"))
    assert proofed.returncode == 0
    assert [column in proofed.stdout for column in ("check", "found", "faults", "none")] == [True] * 4
    named = tmp_path / "[" / "b] :x:.pdf"  # as markup, the end of what never began, and a sign
    named.parent.mkdir()
    named.write_bytes((folder / "sheets.pdf").read_bytes())
    assert "[/b]:x:.pdf" in "".join(build("proof", str(named)).stdout.split())
    spoiled = tmp_path / "spoiled.pdf"
    spoiled.write_bytes((folder / "sheets.pdf").read_bytes()[:-2000])
    refused = build("proof", str(spoiled))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert f"{spoiled}: " in refused.stderr
    before = (folder / "sheets.pdf").read_bytes()
    assert "The same bytes" in build("batches", "mikita", "reprint", "1").stdout
    assert (folder / "sheets.pdf").read_bytes() == before
    assert build("batches", "mikita", "posted", "1").returncode == 1, "it is not printed yet"
    assert build("batches", "mikita", "printed", "1").returncode == 0
    wrong = build("batches", "mikita", "posted", "1", "--on", "11/28/2026")
    assert wrong.returncode == 2
    assert "28.11.2026" in wrong.stderr
    today = datetime.now(UTC).strftime("%d.%m.%Y")
    assert build("batches", "mikita", "posted", "1", "--on", today).returncode == 0
    assert build("batches", "mikita", "void", "1", "--why", "too late").returncode == 1
    assert "posted" in build("batches", "mikita").stdout
    (batch,) = json.loads(build("batches", "mikita", "list", "--json").stdout)
    assert (batch["number"], batch["state"], batch["press"]["card"]) == (1, "posted", "A6")
    assert "ticket" not in batch


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


def test_spoiled_cards_are_void_and_their_messages_printed_again(build, sent):
    build("messages", "mikita", "approve", *sent)
    build("cards", "mikita", "--final")
    assert "3 messages wait" in build("batches", "mikita", "void", "1", "--cards", "1", "--why", "jam").stdout
    again = build("cards", "mikita", "--final")
    assert "batch 2 of mikita: 3 messages" in again.stdout


def test_erasing_says_where_the_words_still_are(build, sent):
    build("messages", "mikita", "approve", *sent)
    build("cards", "mikita", "--final")
    said = build("messages", "mikita", "erase", sent[0]).stdout
    assert "take card 1" in said
    assert "sheets.pdf holds the words still" in said
    assert "backups" in said
    assert sent[0] not in build("messages", "mikita", "list", "--json").stdout


def test_erasing_leaves_no_byte_in_the_database_s_files(build, sent, tmp_path):
    def everything() -> bytes:
        return b"".join(path.read_bytes() for path in (tmp_path / "instance").glob("candle.sqlite*"))

    build("messages", "mikita", "approve", *sent)
    assert b"Words number 0." in everything()
    assert build("messages", "mikita", "erase", sent[0]).returncode == 0
    assert b"Words number 0." not in everything()
    assert b"Words number 1." in everything()


def test_a_content_fault_stops_the_build_and_leaves_the_old_one(build, tmp_path):
    import shutil

    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    english_alone(content / "mikita")
    environ = {"CANDLE_CONTENT_DIR": str(content)}
    assert build("site", **environ).returncode == 0
    site = tmp_path / "_build" / "site"
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    (content / "mikita" / "en" / "thanks.md").unlink()
    done = build("site", **environ)
    assert done.returncode == 1
    assert "thanks.md: missing" in done.stderr
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_new_keys_open_what_they_seal(build):
    from campaign.keys import sealing

    printed = build("keys", "new").stdout
    public = next(line.rpartition(" ")[2] for line in printed.splitlines() if "public key" in line)
    sealed = sealing.seal({"last_name": "Testova"}, [public])
    assert sealing.unseal(sealed, sealing.identities(printed)) == {"last_name": "Testova"}


def test_staff_are_added_once(build):
    assert build("staff", "add", "olga").returncode == 0
    done = build("staff", "add", "olga")
    assert done.returncode == 1
    assert "olga" in done.stderr


def test_staff_are_invited_by_a_link_to_the_desk_and_by_no_password(build):
    desk = {"CANDLE_STAFF_URL": "https://desk.example.org"}
    links = [build("staff", step, "olga", **desk) for step in ("add", "reset")]
    for done in links:
        assert re.fullmatch(r"https://desk\.example\.org/staff/invitation/olga/[\w-]{32}\n", done.stdout), (
            done.stdout
        )
        assert "good once, until" in done.stderr
    assert links[0].stdout != links[1].stdout
    assert "invited until" in build("staff", "list").stdout


def test_where_no_phone_is_asked_for_a_password_is_printed(build):
    off = {"CANDLE_SECOND_FACTOR": "off"}
    for step in ("add", "reset"):
        assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}\n", build("staff", step, "olga", **off).stdout)
