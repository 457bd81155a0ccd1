"""The halves as two users: what somebody reaches who runs their own code in the public half."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from campaign.content.scaffold import EXAMPLE
from tests.receiver.serving import SECRET_KEY, Served
from tests.support import forged_rows, two_users
from tests.support.two_users import Installation, section

pytestmark = pytest.mark.slow  # each command is a process of its own
IDENTITY = "AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"
READING = (
    "purge", "messages mikita list --json", "batches mikita show 7", "batches mikita reprint 7",
    "keepsake mikita", "log list", "staff list", "doctor", "status",
)  # fmt: skip
WRITABLE = """
import os, sys
for folder, folders, files in os.walk(sys.argv[1]):
    for path in [folder, *(os.path.join(folder, name) for name in files)]:
        if os.access(path, os.W_OK) and not os.path.islink(path):
            print("writes", path)
        try:
            os.chmod(path, 0o777)
            print("changes", path)
        except OSError:
            pass
"""
HOLDING = """
import os, re, sys
for folder, _, files in os.walk(sys.argv[1]):
    for name in files:
        try:
            held = open(os.path.join(folder, name), "rb").read()
        except OSError:
            continue
        for needle in sys.argv[2:]:
            if re.search(needle.encode(), held):
                print(os.path.join(folder, name), needle)
"""
FORGE = """
import sys
from campaign import settings
from campaign.messages import approval, queries
from campaign.storage import database
from campaign.storage.tables import messages
config = settings.load()
opened = database.connect(config.database_url)
with opened.read() as connection:
    found = queries.list_messages(connection, "mikita")
for number, message in enumerate(found):
    keys = [config.secret_key, "", *config.approval_keys]
    forged = approval.sign([keys[number % 3]], message.id, "mikita", message.text, message.first_name)
    change = messages.update().where(messages.c.id == message.id)
    opened.write(lambda c: c.execute(change.values(state="approved", approval=forged)) and None)
opened.close()
print(len(found))
"""


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder that every user can pass through."""
    try:
        two_users.interpreter()
    except two_users.CannotBeTwo as missing:
        pytest.skip(str(missing))
    folder = Path(tempfile.mkdtemp(prefix="candle-two-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def installed(base: Path, age_keys: tuple[str, str]) -> Iterator[Installation]:
    """What the docs make of an empty machine."""
    made = two_users.copied(base)
    made.as_root("Install")
    two_users.make_install(made)
    (command,) = re.findall(r"^(\(umask 077; .*)$", section("Keys"), re.MULTILINE)
    done = made.run("bash", "-c", command.replace("python -c", ".venv/bin/python -c"))
    assert done.returncode == 0, done.stderr
    (lines,) = re.findall(r"^```toml\n(.*?)^```$", section("Settings"), re.MULTILINE | re.DOTALL)
    lines = lines.replace('"age1…", "age1…"', f'"{age_keys[0]}"')
    two_users.configure(made, lines.replace("/var/lib", f"{base}/var/lib"))
    yield made
    made.end()


def approval_key(made: Installation) -> str:
    return (made.project / "instance/approval_key").read_text().strip()


def take_back(public: Served, receipt: object) -> tuple[int, str]:
    page = public.get("/mikita/withdraw")[1].decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    words = urllib.parse.urlencode({"receipt": str(receipt), "token": token, "language": "en"})
    connection = public.connect()
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    origin = re.search(r'receiver_url = "([^"]+)"', section("Settings"))[1]
    connection.request("POST", "/mikita/withdraw", words, headers | {"Origin": origin})
    answer = connection.getresponse()
    status, body = answer.status, answer.read()
    connection.close()
    return status, json.loads(body)["state"]


def test_the_public_user_stores_and_takes_back_and_the_desk_s_user_approves(installed: Installation) -> None:
    halves = [installed.running(name, anew=True) for name in ("candle-receiver", "candle-desk")]
    with halves[0] as public, halves[1] as desk:
        tokens = public.ripe_tokens(2)
        assert public.send(tokens[0], message="Stays on the card.")[0] == 201
        status, answer = public.send(tokens[1], message="Is taken back.")
        assert (status, take_back(public, answer["receipt"])) == (201, (200, "withdrawn"))
        (waiting,) = json.loads(installed.build("messages", "mikita", "list", "--state", "waiting", "--json"))
        installed.build("messages", "mikita", "approve", waiting["id"], anew=True)
        assert "1 message on 1 card" in installed.build("cards", "mikita", "--final")
        assert desk.get("/health")[0] == 200
        installed.build("purge")
        installed.build("backup", f"{installed.base}/var/backups/candle/today.sqlite")
        assert public.send(public.ripe_tokens(1)[0], message="After all that.")[0] == 201


def test_the_public_user_reads_a_campaign_that_was_begun_beside_the_first(installed: Installation) -> None:
    installed.build("new", "anna")
    read = installed.run("grep", "-rLe", "no such words", "content/anna", user="candle-public")
    assert (read.stderr, len(read.stdout.splitlines())) == ("", len(list(EXAMPLE.rglob("*.*"))))


def test_code_in_the_public_half_approves_nothing_reads_no_key_and_changes_nothing_believed(
    installed: Installation,
) -> None:
    with (
        installed.running("candle-receiver") as public,
        installed.running("candle-desk", anew=True) as desk,  # of a fork /proc shows another's environment
    ):
        tokens = public.ripe_tokens(3)
        details = {"last_name": "Markedsurnamezq", "email": "markedzq@example.org", "country": "IS"}
        for number, token in enumerate(tokens):
            assert public.send(token, message=f"Words number {number}.", **details)[0] == 201
        installed.build("backup", f"{installed.base}/var/backups/candle/today.sqlite")
        environ = Path(f"/proc/{desk.process.pid}/environ")
        read = installed.python("-c", f"print(open('{environ}').read())", user="candle-public")
        assert "Permission denied" in read.stderr
    walked = installed.python("-c", WRITABLE, str(installed.project), user="candle-public")
    assert (walked.stdout, walked.stderr) == ("", "")
    config = installed.project / "instance/config.toml"  # so that the search is known to find
    needles = [SECRET_KEY, re.escape(approval_key(installed)), IDENTITY, "Markedsurnamezq", "markedzq@"]
    walked = installed.python("-c", HOLDING, str(installed.base), *needles, user="candle-public")
    assert (walked.stdout, walked.stderr) == (f"{config} {SECRET_KEY}\n", "")
    for closed in ("instance/approval_key", "_build", "../../var/backups/candle"):
        done = installed.run("ls", "-l", closed + "/.", user="candle-public")
        assert done.returncode != 0, closed
    assert installed.python("-c", FORGE, user="candle-public").stdout == "3\n"
    cards = installed.python("build.py", "cards", "mikita", "--final")
    assert cards.returncode == 1
    assert cards.stderr.count("its approval is not for these words") == 3
    assert not list(installed.project.rglob("sheets*.pdf"))


MEMBERS = """
import sys
from datetime import UTC, datetime
from campaign import settings
from campaign.accounts import staff
from campaign.storage import database
config = settings.load()
opened = database.connect(config.database_url)
for name, role in (("olga", "reviewer"), ("vera", "reviewer"), ("zoya", "reviewer")):
    work = lambda c: staff.add(c, name, config.approval_keys, datetime.now(UTC).date(), role)
    print(opened.write(work))
opened.close()
"""
GUESSED = """
import json
from sqlalchemy import select
from campaign import settings
from campaign.storage import database
from campaign.storage.tables import guesses
opened = database.connect(settings.load().database_url)
with opened.read() as connection:
    print(json.dumps(dict(connection.execute(select(guesses.c.who, guesses.c.tried)).tuples().all())))
opened.close()
"""


def test_what_the_public_half_writes_is_believed_by_nobody(installed: Installation) -> None:
    """Each table that says who somebody is, what was decided, or where a file lies."""
    with installed.running("candle-receiver") as public, installed.running("candle-desk") as desk:
        for number, token in enumerate(public.ripe_tokens(3)):
            assert public.send(token, message=f"Words number {number}.")[0] == 201
        given = installed.python("-c", MEMBERS).stdout.split()
        assert [signs_in(desk, "olga", "a wrong one") for _ in range(3)] == [422] * 3
        source = Path(forged_rows.__file__).read_text(encoding="utf-8")
        forged = installed.python("-c", source, user="candle-public")
        assert (forged.stderr, forged.returncode) == ("", 0)
        cookie, browser = forged.stdout.split()
        assert desk_answers(desk, f"__Host-candle={cookie}") == (303, "/staff/login?next=/staff/")
        passwords = [("olga", forged_rows.PASSWORD), ("vera", given[1]), ("vera", forged_rows.PASSWORD)]
        assert [signs_in(desk, *one) for one in [*passwords, ("mallory", forged_rows.PASSWORD)]] == [422] * 4
        assert signs_in(desk, "zoya", given[2]) == 422  # of her row one number was changed
        counted = json.loads(installed.python("-c", GUESSED).stdout)
        assert max(counted.values()) == 4  # wrong ones for olga: those before were not forgotten
        assert signs_in(desk, "olga", "a wrong one", f"__Host-candle-device={browser}") == 422
        counted = json.loads(installed.python("-c", GUESSED).stdout)
        assert max(counted.values()) == 5  # it is a stranger's browser
        assert not any(browser.partition(".")[0] in who for who in counted)
        time.sleep(1.1)  # as five wrong ones ask for
        assert signs_in(desk, "olga", given[0]) == 303
        installed.build("purge")
        listed = json.loads(installed.build("messages", "mikita", "list", "--json"))
        assert len(listed) == 3  # none is erased for a line in a list
    log = installed.python("build.py", "log", "verify")
    assert (log.returncode, "signed by no key" in log.stdout + log.stderr) == (1, True)
    cards = installed.python("build.py", "cards", "mikita", "--final")
    assert not list(installed.project.rglob("sheets*.pdf")), cards.stdout
    told = [installed.python("build.py", *command.split()) for command in READING]
    said = "".join(done.stdout + done.stderr for done in (cards, log, *told))
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert approval_key(installed) not in said
    assert f"{installed.project}/instance/approval_key" not in said  # as a backup to be deleted
    printed = list(installed.project.rglob("sheets*.pdf"))  # of the batch that nobody made
    assert {page.get_text() for file in printed for page in pymupdf.open(file)} == {""}


def desk_origin() -> str:
    return re.search(r'staff_url = "([^"]+)"', section("Settings"))[1]


def desk_answers(desk: Served, cookie: str) -> tuple[int, str | None]:
    connection = desk.connect()
    connection.request("GET", "/staff/", headers={"Cookie": cookie, "Host": desk_origin()[8:]})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("Location")


def signs_in(desk: Served, name: str, password: str, more: str = "") -> int:
    """Send name and password with the form's own token and cookie; 303 goes on to the phone."""
    connection = desk.connect()
    host = {"Host": desk_origin()[8:]}
    connection.request("GET", "/staff/login", headers=host)
    page = connection.getresponse()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())[1]
    cookie = page.getheader("Set-Cookie").partition(";")[0]
    words = urllib.parse.urlencode({"name": name, "password": password, "csrf_token": token})
    headers = host | {"Cookie": f"{cookie}; {more}", "Referer": f"{desk_origin()}/staff/login"}
    headers |= {"Origin": desk_origin(), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/staff/login", words, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_neither_half_starts_as_the_other_s_user(installed: Installation) -> None:
    done = installed.python("-m", "receiver", "--only", "public", "--port", "1", anew=True)
    assert (done.returncode, done.stderr.split(": the public half can read this key")[0]) == (
        1,
        f"receiver: {installed.project}/instance/approval_key",
    )
    desk = ("-m", "receiver", "--only", "desk", "--port", "1")
    done = installed.python(*desk, user="candle-public", anew=True)
    assert "this process is not permitted to read the approval_key" in done.stderr


def test_the_doctor_finds_nothing_in_what_the_docs_make_but_the_internet_that_is_not_here(
    installed: Installation,
) -> None:
    """One age key, no page to be asked for, no backup and perhaps no NTP: that is this machine's part."""
    with installed.running("candle-receiver"):
        done = installed.python("build.py", "doctor")
    lacking = [
        "the clock is set by nobody",
        "no purge was",
        "AGE_RECIPIENTS: one key",
        "no backup was",
        "answers nothing",
    ]
    lacking.append("CANDLE_SECRET_KEY: can be guessed")  # everybody can read it in these tests
    found = [line for line in done.stdout.splitlines() if not any(told in line for told in lacking)]
    assert (found, done.stderr, done.returncode) == ([], "", 1)
