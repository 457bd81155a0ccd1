"""Whatever is sent to whichever route: a plain answer, never a 5xx, and nothing stored without a token."""

from __future__ import annotations

import io
from collections import Counter
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.content import form_fields
from tests.receiver.description import PLACE
from tests.support.table import table

pytestmark = pytest.mark.slow  # hundreds of requests a test

PLACES = {"slug": "mikita", "identifier": "abc", "who": "olga", "token": "x", "version": "0", "number": "1"}
FILES = {"files.shared": "page.css", "files.own": "receiver.css", "desk_files.desk": "staff.css"}
FORMS = ["/mikita/messages", "/mikita/withdraw", "/staff/login"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
KINDS = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=",
    "application/json",
    "",
]
NAMES = [field.name for field in form_fields.fields(400, form_fields.DETAILS, wall=True)] + [
    "details",
    "token",
    "language",
    "homepage",
    "receipt",
]
SENT = ["Origin", "Accept", "Accept-Language", "Cookie", "Host", "Range", "X-Forwarded-For", "Sec-Fetch-Site"]
HOOK = ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"]

latin = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30)
headers = st.dictionaries(st.sampled_from(SENT + HOOK), latin, max_size=5)
typed = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60), max_size=12)
Examples = pytest.mark.parametrize("examples", [150, pytest.param(5_000, marks=pytest.mark.soak)])


def within(examples: int) -> settings:
    """Let hypothesis try so many examples, however long each takes."""
    return settings(max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ask(app, method, path, query="", kind="", body=b"", sent=None) -> int:
    """Call the app as a server does, with whatever bytes a client may send; returns the status."""
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        "HTTP_HOST": "localhost",
    }  # fmt: skip
    for name, value in (sent or {}).items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    statuses: list[int] = []
    answer = app(environ, lambda status, _headers, *_error: statuses.append(int(status[:3])))
    b"".join(answer)
    getattr(answer, "close", lambda: None)()
    return statuses[0]


def addresses(app) -> list[str]:
    """An address of each route: a new one is tried without being named here."""
    found = set()
    for rule in app.url_map.iter_rules():
        places = PLACES | {"name": FILES.get(rule.endpoint)}
        found.add(PLACE.sub(lambda place, places=places: places[place[1]], rule.rule))
    return sorted(found)


@pytest.mark.parametrize("examples", [8, pytest.param(300, marks=pytest.mark.soak)])
def test_any_bytes_get_a_plain_answer(app, examples, figure):
    asked = Counter()
    paths = addresses(app)
    for path in paths:

        @within(examples)
        @given(
            st.just(path),
            st.sampled_from(METHODS),
            latin,
            st.sampled_from(KINDS),
            st.binary(max_size=300),
            headers,
        )
        def fuzz(path, method, query, kind, body, sent):
            asked[path] += 1
            assert ask(app, method, path, query, kind, body, sent) < 500

        fuzz()
    figure("any bytes to every route", f"{asked.total()} requests, {fewest(asked)} or more a route, no 5xx")
    assert asked.keys() == set(paths)


@Examples
def test_any_path_gets_a_plain_answer(app, examples, figure):
    asked = Counter()

    @within(examples)
    @given(st.sampled_from(["GET", "POST"]), latin)
    def fuzz(method, path):
        asked[path] += 1
        assert ask(app, method, f"/{path}") < 500

    fuzz()
    figure("any path", f"{asked.total()} requests to {len(asked)} paths, no 5xx")


@Examples
def test_any_words_get_a_plain_answer_and_nothing_is_stored_without_a_token(app, supporter, examples, figure):
    asked = Counter()

    @within(examples)
    @given(typed, st.sampled_from(FORMS), headers)
    def fuzz(fields, path, sent):
        asked[path] += 1
        body = urlencode(fields, errors="surrogatepass").encode()
        assert ask(app, "POST", path, "", KINDS[0], body, sent) < 500
        assert supporter.count() == 0

    fuzz()
    figure("any words to every form", f"{asked.total()} posts, {fewest(asked)} or more a form, none stored")
    assert asked.keys() == set(FORMS)


@Examples
def test_any_words_with_a_token_are_stored_or_refused(supporter, examples, figure):
    asked = Counter()

    @within(examples)
    @given(st.text(min_size=1, max_size=120), st.text(min_size=1, max_size=30))
    def fuzz(message, first_name):
        before = supporter.count()
        status = supporter.send(
            message=message, first_name=first_name, headers={"Accept": "application/json"}
        ).status_code
        asked[status] += 1
        assert status in (201, 400, 422)
        assert supporter.count() == before + (status == 201)

    fuzz()
    figure("any words with a token", f"{asked[201]} stored of {asked.total()} posts, the others refused")
    assert asked[201]


def fewest(asked: Counter[str]) -> int:
    """Say how often the least asked of them was asked."""
    return min(asked.values())


@table("host", ["", "a b", "evil.example", "\xff", "localhost:99999", "[::1", "a" * 5000])
def test_any_host_gets_a_plain_answer(app, host):
    for path in addresses(app):
        assert ask(app, "GET", path, sent={"Host": host}) < 500
