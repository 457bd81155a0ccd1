"""Every answer of every route, errors included, carries the security headers, directive by directive."""

from __future__ import annotations

from dataclasses import replace

import pytest

from campaign.pages.headers import page_headers
from campaign.settings import Settings
from receiver.http import static_files
from receiver.http.headers import for_staff
from tests.receiver.conftest import GOOD, JSON, SITE
from tests.support.table import table

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": page_headers(Settings())["Permissions-Policy"],
}
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

# The desk runs its own script, which asks the desk itself for the next message.
DESK = {"script-src": "'self'", "connect-src": "'self'"}


def directives(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def assert_protected(answer, *, staff: bool = False) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.getlist(name) == [value], name
    (transport,) = answer.headers.getlist("Strict-Transport-Security")
    assert int(transport.removeprefix("max-age=")) >= 31_536_000
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1
    assert directives(answer) == POLICY | (DESK if staff else {})
    assert answer.headers["X-Request-Id"]
    assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"]


def test_a_campaign_whose_name_begins_like_the_desk_is_none_of_it(app) -> None:
    for path in ("/staffan/token", "/staff-room/messages", "/staffa"):
        assert_protected(app.test_client().get(path))
        assert not for_staff(path)
    assert all(map(for_staff, ("/staff", "/staff/", "/staff/mikita/")))


PAGES = [
    ("GET", "/mikita/token", 200),
    ("GET", "/mikita/messages", 200),
    ("GET", "/mikita/withdraw", 200),
    ("GET", "/health", 200),
    ("POST", "/mikita/messages", 400),
    ("POST", "/mikita/withdraw", 400),
    ("POST", "/hooks/mikita/petition", 401),
    ("OPTIONS", "/mikita/messages", 200),
    ("DELETE", "/mikita/messages", 405),
    ("GET", "/nothing/here", 404),
    ("GET", "/nobody/token", 404),
    ("GET", "/static/page/0/nothing.css", 404),
]


@table("method, path, status", PAGES)
def test_every_public_route_is_protected_and_stored_nowhere(app, method, path, status):
    answer = app.test_client().open(path, method=method)
    assert answer.status_code == status
    assert_protected(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_every_outcome_of_a_post_is_protected_and_sets_no_cookie(supporter):
    outcomes = [
        supporter.send(),
        supporter.send(headers=JSON),
        supporter.send(""),
        supporter.send(message=""),
        supporter.send("", message="a" * 20_000),
    ]
    assert [answer.status_code for answer in outcomes] == [201, 201, 200, 422, 413]
    for answer in outcomes:
        assert_protected(answer)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_the_count_and_the_files_may_be_kept(app):
    client = app.test_client()
    assert_protected(client.get("/mikita/count.json"))
    page = client.get("/mikita/messages").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    sheet = client.get(address)
    assert sheet.status_code == 200
    assert "immutable" in sheet.headers["Cache-Control"]
    assert_protected(sheet)
    sheet.close()


@pytest.mark.parametrize(
    ("folder", "name"), [("page", "page.css"), ("receiver", "receiver.css"), ("desk", "staff.css")]
)
def test_a_file_is_kept_under_the_address_of_its_content_alone(app, folder, name):
    """An older receiver behind the same name would put its own file under the new address for a year."""
    address = static_files.address(folder, name)
    other = f"/static/{folder}/0123456789/{name}"
    said = [app.test_client().get(path) for path in (address, other)]
    said.append(app.test_client().get(address, headers={"If-Match": '"another"'}))
    told = [(answer.status_code, answer.headers["Cache-Control"]) for answer in said]
    assert told == [(200, static_files.FOR_LONG), (200, "no-store"), (412, "no-store")]
    for answer in said:
        answer.close()


@pytest.mark.parametrize("way", ["letters/../", "nothing/../", "letters/../letters/../"])
def test_a_way_about_is_no_version_of_its_own(app, way):
    """Anybody could fill the memory with ways to one file, each remembered for ever."""
    static_files.address("page", "page.css")
    known = static_files._version_of.cache_info().currsize
    answer = app.test_client().get(f"/static/page/0/{way}page.css")
    answer.close()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert static_files._version_of.cache_info().currsize == known


YEARS = ("9" * 5, "9" * 11, "9" * 400, "0", "-1")


@pytest.mark.parametrize(
    "path", ["/static/page/0/page.css", "/static/receiver/0/receiver.css", "/static/desk/0/staff.css"]
)
def test_a_condition_that_no_calendar_holds_is_none(app, path):
    """Seen: a year of eleven digits was answered by 500."""
    dates = [f"Thu, 01 Jan {year} 00:00:00 {zone}" for year in YEARS for zone in ("GMT", "+" + "9" * 12)]
    client = app.test_client()
    for date in dates:
        for sent in (
            {"If-Modified-Since": date},
            {"If-Unmodified-Since": date},
            {"If-Range": date, "Range": "bytes=0-9"},
        ):
            with client.get(path, headers=sent) as answer:
                assert answer.status_code == 200, sent
                assert_protected(answer)


def test_the_staff_desk_may_run_its_own_script_and_nothing_else(app, reviewer):
    for path in ("/staff/", "/staff/login", "/staff/mikita/", "/staff/mikita/messages", "/staff/nobody/"):
        answer = reviewer.get(path, base_url="https://post.candle.example.org")
        assert_protected(answer, staff=True)
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_unexpected_error_is_a_protected_page_without_a_traceback(app, monkeypatch):
    monkeypatch.setattr(app.extensions["candle"].tokens, "issue", lambda *_: 1 / 0)
    answer = app.test_client().get("/mikita/withdraw")
    assert answer.status_code == 500
    assert "our fault, not yours" in answer.text
    assert_protected(answer)
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_database_that_is_gone_is_503(app, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def gone():
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(app.extensions["candle"].database, "read", gone)
    answer = app.test_client().get("/mikita/count.json")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert_protected(answer)


@pytest.mark.parametrize("url", ["", "https://git.example.org/candle"])
def test_each_page_links_to_its_source(make_app, unlimited, url):
    client = make_app(replace(unlimited, source_url=url)).test_client()
    for path in ("/mikita/messages", "/mikita/withdraw", "/staff/login", "/nothing/here"):
        source = url or f"{unlimited.site_url[0]}/candle-source.tar.gz"
        assert f'href="{source}"' in client.get(path).text, path


def test_a_page_asks_nothing_of_anybody_else(app):
    import re

    client = app.test_client()
    posted = client.post("/mikita/messages", data=GOOD, headers={"Origin": SITE})
    for page in (client.get("/mikita/messages"), client.get("/mikita/withdraw"), posted):
        assert "<script" not in page.text
        loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page.text)
        assert loaded
        assert all(address.startswith("/static/") for address in loaded)
