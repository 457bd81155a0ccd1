"""The body of a post: read as the standard library reads it, only sooner."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receiver.http.body import LIMIT, MOST_FIELDS, REFUSED, _urlencoded
from tests.receiver.conftest import GOOD, SITE

Fields = list[tuple[str, str]]


def outcome(read: Callable[[], Fields]) -> Fields | str:
    try:
        return read()
    except UnicodeDecodeError:
        return "not UTF-8"


def by_the_library(body: str) -> Fields:
    return parse_qsl(body, keep_blank_values=True, errors="strict")


@pytest.mark.slow
@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=MOST_FIELDS))
def test_what_a_browser_encodes_comes_back(fields: Fields) -> None:
    assert _urlencoded(urlencode(fields).encode()) == fields


@given(st.text("aZ09%=&+;fFdD \u0411\u00e9\U0001f56f", max_size=30))
def test_anything_else_is_read_as_the_library_reads_it(body: str) -> None:
    assert outcome(lambda: _urlencoded(body.encode())) == outcome(lambda: by_the_library(body))


@given(st.binary(max_size=30))
def test_bytes_are_text_or_refused(body: bytes) -> None:
    assert outcome(lambda: _urlencoded(body)) in ("not UTF-8", outcome(lambda: by_the_library(body.decode())))


@pytest.mark.parametrize(("length", "refused"), [(LIMIT, False), (LIMIT + 1, True)])
def test_a_body_may_be_as_long_as_the_limit(app, length, refused):
    form = "application/x-www-form-urlencoded"
    body = b"language=en&message=".ljust(length, b"a")
    answer = app.test_client().post(
        "/mikita/messages", data=body, content_type=form, headers={"Origin": SITE}
    )
    assert (answer.status_code == 413) is refused


@pytest.mark.parametrize("status", [400, 408])
def test_what_did_not_all_come_is_refused_in_plain_words(app, status):
    sent = {"data": GOOD, "environ_overrides": {REFUSED: status}, "headers": {"Origin": SITE}}
    answer = app.test_client().post("/mikita/messages", **sent)
    assert answer.status_code == status
    assert b"could not be read" in answer.data
