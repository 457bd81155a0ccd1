"""Exactly the page's scripts may read the answers that are meant for them."""

from itertools import product

import pytest

from tests.receiver.conftest import JSON, OWN, SITE, token_in
from tests.support.table import table

SHARED = ["/mikita/token", "/mikita/count.json", "/mikita/messages"]


@pytest.mark.parametrize("path", SHARED)
def test_the_page_may_read_and_no_credentials_are_allowed(app, path):
    answer = app.test_client().get(path, headers={"Origin": SITE})
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("path", SHARED)
def test_no_other_page_may(app, path):
    for origin in ("https://evil.example", "null", SITE + ".evil.example", "*", SITE.upper()):
        answer = app.test_client().get(path, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers, origin
        assert "Origin" in answer.headers["Vary"], "or a cache would give one origin's answer to another"


def test_nothing_else_is_shared(app):
    for path in ("/mikita/withdraw", "/health", "/staff/login", "/hooks/mikita/petition"):
        answer = app.test_client().get(path, headers={"Origin": SITE})
        assert "Access-Control-Allow-Origin" not in answer.headers, path


def test_a_preflight_is_answered(app):
    asked = {"Origin": SITE, "Access-Control-Request-Method": "POST"}
    answer = app.test_client().options("/mikita/messages", headers=asked)
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Accept" in answer.headers["Access-Control-Allow-Headers"]


def test_a_refusal_tells_the_page_how_long_to_wait(app, supporter):
    answer = supporter.send("", message="")
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


def test_which_origins_may_store(supporter):
    cases = [
        ({"Origin": SITE}, True),
        ({"Origin": OWN}, True),
        ({"Origin": "http://localhost"}, True),  # the test client's own host: the receiver as it was reached
        ({"Origin": None, "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": None, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "none"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, False),  # another name of the same domain
        ({"Origin": None}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://localhost"}, False),
        ({"Origin": SITE + ".evil.example"}, False),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "https://evil.example", "Host": "post.candle.example.org"}, False),
    ]
    for headers, stored in cases:
        assert supporter.send(headers=headers.copy()).status_code == (201 if stored else 200), headers


# What a browser says of itself at first, and then from our own review page.
BROWSERS = {
    "absent": ({"Origin": None}, {"Origin": None}),
    "null": ({"Origin": "null"}, {"Origin": "null"}),
    "null, and says so": ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, {"Origin": OWN}),
    "wrong": ({"Origin": "https://mirror.example"}, {"Origin": OWN}),
    "right": ({"Origin": SITE}, {"Origin": OWN}),
    "right, by a proxy that hides it": ({"Origin": SITE}, {"Origin": None}),
}


@table("browser, script", list(product(BROWSERS, [True, False])))
def test_whatever_the_browser_says_of_its_origin_the_honest_visitor_gets_through(
    supporter, browser, script, figure
):
    (first, then), before = BROWSERS[browser], supporter.count()
    token = supporter.token() if script else ""
    answer = supporter.send(token, headers=first | (JSON if script else {}))
    if script and answer.status_code == 403:  # the page's script posts the form itself then
        assert answer.json["review_url"] == f"{OWN}/mikita/messages"
        answer = supporter.send(token, headers=first)
    if answer.status_code == 200:
        assert "This is your card" in answer.text
        supporter.clock.advance(4)
        answer = supporter.send(token_in(answer), headers=then)
    figure(f"origin {browser}, {'with' if script else 'without'} JavaScript", str(answer.status_code))
    assert answer.status_code == 201
    assert supporter.count() == before + 1
