"""deploy/ as it is committed: a real nginx before receiver and page, units that systemd accepts."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
from contextlib import ExitStack

import pytest

from campaign import ROOT
from campaign.accounts import second_factor, staff
from campaign.content.campaign import load_all
from campaign.pages.headers import page_headers
from campaign.pages.local_server import header_rules
from campaign.pages.site import freeze
from campaign.settings import Settings
from campaign.storage import database as databases
from receiver.http import body
from tests.conftest import TODAY
from tests.receiver.http.test_headers import HEADERS, POLICY
from tests.receiver.serving import APPROVAL_KEY, GOOD, RIPE, served_apart
from tests.support import nginx
from tests.support.commands import starting
from tests.support.nginx import DESK, PAGE, POST
from tests.support.ports import free_ports

DEPLOY = ROOT / "deploy"
ORIGIN = f"https://{PAGE}"
DESK_SHOWN = f"{DESK}:8443"  # as a reviewer's browser shows it
AT_DESK = {"listener": "127.0.0.1:8443", "name": DESK}
ONION = "candle" * 9 + "ab.onion"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN, "Accept": "application/json"}
VISITOR = "127.66.77.88"  # another address of this machine, by which a visitor is recognised
MARKS = {
    "message": "Markedmessagezq",
    "first_name": "Markednamezq",
    "last_name": "Markedsurnamezq",
    "email": "markedmailzq@example.org",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """The page as `build.py site` writes it, for the names that the configuration has."""
    folder = tmp_path_factory.mktemp("page")
    settings = Settings(site_url=(ORIGIN,), receiver_url=f"https://{POST}", build_dir=folder / "_build")
    freeze(folder / "site", load_all(settings.content_dir), settings)
    return folder / "site"


@pytest.fixture(scope="module")
def halves(tmp_path_factory, age_keys):
    """The receiver's halves behind one proxy, as the units start them, with the limits switched on."""
    variables = {
        "CANDLE_SITE_URL": ORIGIN,
        "CANDLE_RECEIVER_URL": f"https://{POST}",
        "CANDLE_STAFF_URL": f"https://{DESK_SHOWN}",
        "CANDLE_PROXY_HOPS": "1",
        "CANDLE_RATELIMIT_ENABLED": "true",
        "CANDLE_FLOOD": "off",
        "CANDLE_AGE_RECIPIENTS": age_keys[0],
    }
    with served_apart(tmp_path_factory.mktemp("receiver"), **variables) as running:
        yield running


@pytest.fixture(scope="module")
def receiver(halves):
    """The public half; the desk writes into the same log."""
    return halves[0]


@pytest.fixture(scope="module")
def front(tmp_path_factory, frozen, halves):
    """nginx before the receiver's halves and the page."""
    with started(tmp_path_factory.mktemp("nginx"), frozen, *(half.port for half in halves)) as running:
        yield running


def started(folder, page, port, desk_port):
    if nginx.missing() and not os.environ.get("CI"):
        pytest.skip(nginx.missing())
    return nginx.server(folder, page, port, desk_port=desk_port)


def token(front, **where) -> str:
    return json.loads(front.ask(POST, "/mikita/token", **where).body)["token"]


def send(front, ripe: str, headers=FORM, where=None, **changes):
    words = urllib.parse.urlencode(GOOD | {"token": ripe} | changes)
    return front.ask(POST, "/mikita/messages", "POST", words, headers, **(where or {}))


def assert_guarded(answer, *, policy: str | None = None) -> None:
    """Hold an answer of nginx itself to what the frozen page's headers promise, each said once."""
    expected = page_headers(Settings()) | {"X-Frame-Options": "DENY"}
    expected["Content-Security-Policy"] = policy or (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    for name, value in expected.items():
        assert answer.headers.get_all(name) == [value], name
    assert answer.headers["Server"] == "nginx"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/mikita/", "/mikita/en/", "/mikita/en/privacy/", "/robots.txt", "static"]
)
def test_the_page_has_the_headers_of_its_own_file(front, frozen, path):
    if path == "static":
        path = "/" + str(next((frozen / "static").rglob("*.css")).relative_to(frozen))
    answer = front.ask(PAGE, path)
    assert answer.status == 200
    for name, value in header_rules(frozen, path):
        assert answer.headers.get_all(name) == [value], name


@pytest.mark.parametrize(("part", "status"), [("bytes=0-9", 206), ("bytes=99999999-", 416)])
def test_who_asks_for_a_part_of_a_file_keeps_nothing(front, frozen, part, status):
    path = next((frozen / "static").rglob("*.css")).relative_to(frozen)
    answer = front.ask(PAGE, f"/{path}", headers={"Range": part})
    assert (answer.status, answer.headers["Cache-Control"]) == (status, "no-store")


def test_the_page_is_sent_as_it_was_packed(front, frozen):
    answer = front.ask(PAGE, "/mikita/en/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.body == (frozen / "mikita" / "en" / "index.html.gz").read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/nowhere/", "GET", 404),
        ("/static/", "GET", 404),
        ("/_headers", "GET", 404),
        ("/../../etc/passwd", "GET", 400),
        ("/mikita/", "POST", 405),
        ("/mikita", "GET", 301),
        ("/" + "a" * 9000, "GET", 414),
    ],
)
def test_what_the_page_refuses_is_guarded_too(front, frozen, path, method, status):
    answer = front.ask(PAGE, path, method)
    assert answer.status == status
    policy = dict(header_rules(frozen, "/"))["Content-Security-Policy"]
    assert_guarded(answer, policy=policy)
    assert answer.headers["Cache-Control"] == ("public, max-age=300" if status == 301 else "no-store")
    if status == 404:
        assert answer.body == (frozen / "404.html").read_bytes()


def test_the_onion_mirror_is_the_same_page(front):
    where = {"listener": "127.0.0.1:8090"}
    assert front.ask(ONION, "/mikita/en/", **where).body == front.ask(PAGE, "/mikita/en/").body
    assert front.ask(POST, "/mikita/token", **where).status == 404
    assert front.ask(DESK, "/staff/login", **where).status == 404


def test_plain_http_leads_to_https_for_our_names_only(front):
    answer = front.ask(PAGE, "/mikita/?a=1", listener="80")
    assert (answer.status, answer.headers["Location"]) == (301, f"{ORIGIN}/mikita/?a=1")
    assert front.ask("other.example.org", "/mikita/", listener="80").status == 421
    with pytest.raises(ssl.SSLError):
        front.connect("other.example.org")


@pytest.mark.parametrize(
    "path", ["/health", "/mikita/messages", "/mikita/withdraw", "/nothing/here", "/mikita/count.json"]
)
def test_the_receiver_s_answers_keep_its_own_headers(front, path):
    answer = front.ask(POST, path)
    for name, value in HEADERS.items():
        assert answer.headers.get_all(name) == [value], name
    (policy,) = answer.headers.get_all("Content-Security-Policy")
    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == POLICY
    for name in ("Strict-Transport-Security", "Cache-Control", "Permissions-Policy", "X-Request-Id"):
        assert len(answer.headers.get_all(name)) == 1, name
    assert answer.headers["Server"] == "nginx"


def test_a_message_goes_through_and_is_thanked(front):
    ripe = token(front)
    time.sleep(RIPE)
    answer = send(front, ripe)
    assert answer.status == 201
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [ORIGIN]
    assert json.loads(answer.body)["receipt"]


def test_a_browser_is_thanked_by_a_page_under_https(front):
    page = send(front, "", headers=FORM | {"Accept": "text/html", "Origin": f"https://{POST}"})
    assert page.status == 200
    assert b"This is your card" in page.body


def chunks(size: int):
    while size > 0:
        yield b"a" * min(size, 4096)
        size -= 4096


@pytest.mark.parametrize("body_of", [lambda size: b"a" * size, chunks], ids=["of a length", "in chunks"])
def test_a_body_over_16_kib_is_413_before_the_receiver_hears_of_it(front, body_of):
    answer = front.ask(POST, "/mikita/messages", "POST", body_of(body.LIMIT + 1), FORM)
    assert answer.status == 413
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [ORIGIN]  # the page's script says it
    assert b"shorten them" in answer.body
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert_guarded(answer)
    assert "X-Request-Id" not in answer.headers  # which the receiver gives to every request


@pytest.mark.parametrize("body_of", [lambda size: b"a" * size, chunks], ids=["of a length", "in chunks"])
def test_a_body_of_16_kib_lies_in_no_file_on_its_way(front, body_of):
    """Where nginx may not write, it would answer 500."""
    shutil.rmtree(front.folder / "client_body")
    try:
        answer = front.ask(POST, "/mikita/messages", "POST", body_of(body.LIMIT), FORM)
    finally:
        (front.folder / "client_body").mkdir()
    assert answer.status in (400, 422)


def test_a_receiver_that_is_away_is_503_in_plain_words(tmp_path, frozen, halves):
    (nobody,) = free_ports(1)
    with started(tmp_path, frozen, nobody, halves[1].port) as front:
        answer = send(front, "")
        assert front.ask(PAGE, "/mikita/en/").status == 200
        assert front.ask(DESK_SHOWN, "/staff/login", **AT_DESK).status == 200
    assert answer.status == 503
    assert b"cannot tell whether" in answer.body  # it may be on the disk already
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert_guarded(answer)


def test_a_desk_that_is_away_is_noticed_by_staff_alone(tmp_path, frozen, receiver):
    (nobody,) = free_ports(1)
    with started(tmp_path, frozen, receiver.port, nobody) as front:
        away = front.ask(DESK_SHOWN, "/staff/login", **AT_DESK)
        assert send(front, "", FORM | {"Accept": "text/html"}).status == 200
    assert away.status == 502
    assert_guarded(away)


def unfinished(front, **where):
    """Connect and begin a post whose body does not come."""
    connection = front.connect(POST, **where)
    connection.sendall(
        b"POST /mikita/messages HTTP/1.1\r\nHost: %b\r\nContent-Length: 9000\r\n\r\n" % POST.encode()
    )
    return connection


def test_one_address_may_hold_many_connections_and_not_all(front):
    with ExitStack() as stack:
        # On a slow machine the first ones may be cut before the last one has come: more follow.
        for more in (256, *[32] * 20):
            for _ in range(more):
                stack.enter_context(unfinished(front, source=VISITOR))
            if (refused := front.ask(POST, "/mikita/token", source=VISITOR)).status != 200:
                break
            time.sleep(0.05)
        assert front.ask(POST, "/mikita/token").status == 200
    assert refused.status == 503
    assert_guarded(refused)


@pytest.mark.parametrize(
    "path", ["/staff/login", "/staff", "/%73taff/login", "//staff/login", "/x/../staff/login"]
)
@pytest.mark.parametrize("host", [POST, PAGE, DESK, DESK_SHOWN])
def test_the_desk_cannot_be_reached_by_a_public_address(front, host, path):
    """By no name; and under the receiver's own it looks as if there were none."""
    answer = front.ask(host, path, name=POST)
    assert answer.status == (421 if DESK in host else 404)
    assert b"password" not in answer.body
    if DESK in host:
        assert_guarded(answer)
    never = front.ask(host, path.replace("taff", "tuff"), name=POST)
    assert (answer.body, unmarked(answer.headers)) == (never.body, unmarked(never.headers))


def unmarked(headers) -> list[tuple[str, str]]:
    """Leave out what each answer has of its own."""
    return [(name, value) for name, value in headers.items() if name.lower() not in ("date", "x-request-id")]


def test_the_desk_lets_staff_in_on_its_own_address(front, receiver):
    opened = databases.connect(receiver.database_url)
    password = opened.write(lambda connection: staff.add(connection, "olga", [APPROVAL_KEY], TODAY))
    secret = second_factor.new_secret()
    factor, _ = second_factor.enrol([APPROVAL_KEY], "olga", secret)
    opened.write(lambda connection: staff.enrol(connection, "olga", [APPROVAL_KEY], factor))
    opened.close()
    code, session = second_factor.code_at(secret, int(time.time()) // second_factor.STEP), ""
    for path, given in (("login", {"name": "olga", "password": password}), ("code", {"code": code})):
        page = front.ask(DESK_SHOWN, f"/staff/{path}", headers={"Cookie": session}, **AT_DESK)
        session = (page.headers["Set-Cookie"] or session).partition(";")[0]
        assert "__Host-candle=" in session
        guard = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.body)[1].decode()
        words = urllib.parse.urlencode(given | {"csrf_token": guard})
        headers = FORM | {"Cookie": session, "Referer": f"https://{DESK_SHOWN}/"}
        answer = front.ask(DESK_SHOWN, f"/staff/{path}", "POST", words, headers, **AT_DESK)
        assert answer.status == 303
        cookies = answer.headers.get_all("Set-Cookie")
        session = "; ".join(cookie.partition(";")[0] for cookie in cookies)
    desk = front.ask(DESK_SHOWN, "/staff/mikita/", headers={"Cookie": session}, **AT_DESK)
    assert desk.status == 200
    (policy,) = desk.headers.get_all("Content-Security-Policy")
    assert "script-src 'self'" in policy


def test_the_desk_s_address_leads_to_the_desk(front):
    assert_guarded(front.ask(DESK_SHOWN, "/mikita/messages", **AT_DESK))
    assert front.ask(DESK_SHOWN, "/", **AT_DESK).headers["Location"] == "/staff/"


def test_no_log_holds_what_somebody_wrote_or_where_they_were(front, receiver, tmp_path, frozen):
    ripe = token(front, source=VISITOR)
    time.sleep(RIPE)
    here = {"source": VISITOR}
    headers = FORM | {"User-Agent": "Markedagentzq", "Referer": "https://Markedrefererzq.example/"}
    statuses = [
        send(front, ripe, headers, here, **MARKS).status,
        send(front, ripe, headers, here, **MARKS | {"message": "Markedmessagezq" * 2000}).status,
        front.ask(POST, "/Markedpathzq?Markedqueryzq", "GET", None, headers, **here).status,
        front.ask(PAGE, "/mikita/Markedpathzq?Markedqueryzq", "GET", None, headers, **here).status,
        front.ask("Markedhostzq.example", "/", name=POST, **here).status,
        front.ask(POST, "/mikita/messages", "MARKEDMETHODZQ", **here).status,
        front.ask(POST, "/" + "Markedpathzq" * 900, **here).status,
        front.ask(POST, "/hooks/mikita/petition", "POST", "Markedbodyzq", headers, **here).status,
    ]
    assert statuses == [201, 413, 404, 404, 421, 405, 414, 401]
    fail_below_http(front)
    (nobody,) = free_ports(1)
    with started(tmp_path, frozen, nobody, nobody) as alone:
        assert send(alone, "", headers, here, **MARKS).status == 503
        fail_below_http(alone)
    said = [receiver.log, *(written(running.folder) for running in (front, alone))]
    assert '"event": "listening"' in said[0]  # it is the right file; what is refused follows by the hour
    for text in said:
        assert "zq" not in text.lower()
        assert VISITOR not in text
    logs = re.findall(r"^ *(?:access|error)_log [^;]+;", nginx.CONFIGURATION.read_text("utf-8"), re.M)
    assert [one.split() for one in logs] == [["error_log", "stderr", "emerg;"], ["access_log", "off;"]]


def fail_below_http(front) -> None:
    """Break off handshakes, requests and bodies, which nginx would each remark upon."""
    for host, words in [
        (POST, b"Markedgarbagezq\r\n\r\n"),
        (POST, b"GET /Markedpathzq HTTP/1.1\r\nHost: Marked hostzq\r\n\r\n"),
        (
            POST,
            b"POST /mikita/messages HTTP/1.1\r\nHost: %b\r\nContent-Length: 99\r\n\r\nMarkedzq"
            % POST.encode(),
        ),
    ]:
        with front.connect(host, source=VISITOR) as connection:
            connection.sendall(words)
    with socket.create_connection(("127.0.0.1", front.ports["443"]), 5, (VISITOR, 0)) as plain:
        plain.sendall(b"GET /Markedpathzq HTTP/1.0\r\n\r\n")
        plain.recv(1000)
    with pytest.raises(ssl.SSLError):
        front.connect("Markedhostzq.example", source=VISITOR)


def written(folder) -> str:
    """Everything that nginx wrote anywhere; its configuration and keys are the test's."""
    ours = {"nginx.conf", "certificate.pem", "key.pem"}
    files = [file for file in folder.rglob("*") if file.is_file() and file.name not in ours]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def test_the_nightly_commands_do_what_they_say(tmp_path, receiver, build_dir):
    """As systemd would run them, but with the backups in the test's folder."""
    backups = tmp_path / "backups"
    backups.mkdir()
    old = backups / "old.sqlite"
    old.touch()
    os.utime(old, (time.time() - 31 * 24 * 3600,) * 2)
    environ = os.environ | {"CANDLE_DATABASE_URL": receiver.database_url, "CANDLE_BUILD_DIR": str(build_dir)}
    page, python = tmp_path / "page", sys.executable
    for name in ("candle-backup.service", "candle-purge.service", "candle-page.service"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        text = text.replace("/srv/candle-page", str(page)).replace("/srv/candle", str(ROOT))
        text = text.replace("/var/backups/candle", str(backups)).replace("%%", "%")
        for command in re.findall(r"(?m)^ExecStart=(.*)$", text):
            command = command.replace(f"{ROOT}/.venv/bin/python", python).replace(".venv/bin/python", python)
            python = str(starting().shell / "python")  # the first one is started as the unit does
            subprocess.run(["sh", "-c", command], cwd=ROOT, env=environ, check=True, capture_output=True)
    (backup,) = backups.glob("*.sqlite")
    assert backup != old
    assert backup.stat().st_size > 4096
    assert (page / "site" / "index.html").stat().st_mode & 0o004, "nginx reads it as another user"
