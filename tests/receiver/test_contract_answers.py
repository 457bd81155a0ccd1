"""The tables of answers in docs/contract.md, row by row, as a page and in JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import pytest

from campaign.storage.database import NotStored
from receiver.state.contents import Contents
from tests.receiver.conftest import GOOD, JSON, OWN, SITE, Supporter, token_in
from tests.support.contract import rows
from tests.support.lanes import first
from tests.support.sealed import TO_ONE
from tests.support.table import table


@dataclass(frozen=True)
class Sent:
    """A post as it goes out; `more` are bytes behind its fields, `before` runs first."""

    fields: dict[str, str]
    headers: dict[str, str] = field(default_factory=lambda: {"Origin": SITE})
    slug: str = "mikita"
    kind: str = "application/x-www-form-urlencoded"
    more: bytes = b""
    before: tuple[Callable[[], object], ...] = ()


class Receiver:
    """What a case may do to the receiver before it posts."""

    def __init__(self, app, clock, content_dir, monkeypatch) -> None:
        self.app, self.clock, self.monkeypatch = app, clock, monkeypatch
        self.supporter = Supporter(app.test_client(), clock)
        self.facts = content_dir / "mikita" / "campaign.toml"

    def good(self) -> Sent:
        return Sent(GOOD | {"token": self.supporter.token()})

    def other(self) -> str:
        """Return a ripe token of another campaign."""
        token = self.app.extensions["candle"].tokens.issue("another")
        self.clock.advance(4)
        return token

    def young(self) -> str:
        return self.app.extensions["candle"].tokens.issue("mikita")

    def issued(self, kind: str, words: str = "") -> str:
        """Return a ripe token of one kind."""
        token = self.app.extensions["candle"].tokens.issue("mikita", kind, words)
        self.clock.advance(4)
        return token

    def ahead(self) -> str:
        token = self.young()
        self.clock.advance(-3600)
        return token

    def expired(self) -> str:
        token = self.young()
        self.clock.advance(24 * 3600 + 1)
        return token

    def used(self) -> str:
        """Return a token with which good words were stored."""
        token = self.supporter.token()
        assert self.supporter.send(token).status_code == 201
        return token

    def set_status(self, status: str) -> None:
        written = re.sub('status = "[a-z]+"', f'status = "{status}"', self.facts.read_text())
        self.facts.write_text(written)
        self.app.extensions["candle"].contents = Contents(self.facts.parent.parent, SITE)

    def set_day(self, line: str) -> None:
        written = self.facts.read_text().removeprefix(f"{line}\n")
        self.facts.write_text(f"{line}\n{written}")
        self.app.extensions["candle"].contents = Contents(self.facts.parent.parent, SITE)

    def fail(self) -> None:
        def refuse(*_args, **_more):
            raise NotStored("the disk is full")

        self.monkeypatch.setattr(self.app.extensions["candle"].database, "write_together", refuse)

    def exhaust(self) -> None:
        """Post as often as one network may."""
        for _ in range(120):
            self.app.test_client().post("/mikita/messages", data={"message": ""}, headers=JSON)

    def send(self, sent: Sent, headers: dict[str, str]):
        for step in sent.before:
            step()
        body = urlencode(sent.fields).encode() + sent.more
        headers = sent.headers | headers
        return self.app.test_client().post(
            f"/{sent.slug}/messages", data=body, content_type=sent.kind, headers=headers
        )


@pytest.fixture
def receiver(make_app, settings, clock, content_dir, monkeypatch) -> Receiver:
    return Receiver(make_app(replace(settings, content_dir=content_dir)), clock, content_dir, monkeypatch)


def fields(sent: Sent, **changes: str) -> Sent:
    return replace(sent, fields=sent.fields | changes)


def after(sent: Sent, step: Callable[[], object]) -> Sent:
    return replace(sent, before=(*sent.before, step))


# What each row of the table says of a post, done to one that stands lower in the table.
CASES: dict[str, Callable[[Receiver, Sent], Sent]] = {
    "is over 16 KiB": lambda r, s: replace(s, more=s.more + b"&x=" + b"a" * 16 * 1024),
    "is one too many from its network": lambda r, s: after(s, r.exhaust),
    "goes to a campaign that is not there, or is a draft": lambda r, s: replace(s, slug="nobody"),
    "is of another content type": lambda r, s: replace(s, kind="text/plain"),
    "is not UTF-8": lambda r, s: replace(s, more=s.more + b"&x=%ff"),
    "holds a NUL": lambda r, s: replace(s, more=s.more + b"&y=%00"),
    "has a field twice": lambda r, s: replace(s, more=s.more + b"&message=b"),
    "has details both sealed and plain": lambda r, s: fields(s, details=TO_ONE, last_name="Kowalska"),
    "goes to a paused campaign": lambda r, s: after(s, lambda: r.set_status("paused")),
    "goes to a closed campaign, or to one after its last day": (
        lambda r, s: after(s, lambda: r.set_status("closed"))
    ),
    "goes to a won campaign": lambda r, s: after(s, lambda: r.set_status("won")),
    "goes to a campaign that opens on a day to come": (
        lambda r, s: after(s, lambda: r.set_day("opens = 9999-01-01"))
    ),
    "has sealed details that are no age file of the size and number of keys of the page": (
        lambda r, s: fields(s, details="YWdl", last_name="", email="", country="")
    ),
    "has a fault in a field": lambda r, s: fields(s, country="Poland"),
    "has no token": lambda r, s: fields(s, token=""),
    "has a forged token": lambda r, s: fields(s, token="WyJmb3JnZWQiXQ.c2lnbmF0dXJl"),
    "has a token of another campaign": lambda r, s: fields(s, token=r.other()),
    "has a token of the withdraw page": lambda r, s: fields(s, token=r.issued("withdraw")),
    "has an expired token": lambda r, s: fields(s, token=r.expired()),
    "has a token younger than 3 seconds": lambda r, s: fields(s, token=r.young()),
    "has a token of a time to come, as after a clock was set back": lambda r, s: fields(s, token=r.ahead()),
    "has a review page's token and other words than it showed": (
        lambda r, s: fields(s, token=r.issued("review", "the digest of others"))
    ),
    "has the honeypot filled": lambda r, s: fields(s, homepage="https://spam.example"),
    "comes from a foreign origin": lambda r, s: replace(s, headers={"Origin": "https://evil.example"}),
    "names no origin": lambda r, s: replace(s, headers={}),
    "cannot be stored now, or waits behind too many whose words take long to set": lambda r, s: after(
        s, r.fail
    ),
    "has a used token and other words": lambda r, s: fields(s, token=r.used(), message="Others."),
    "has a used token and the same words": lambda r, s: fields(s, token=r.used()),
    "has a good token and good fields": lambda r, s: s,
}
ANSWERS = {words: told for words, *told in rows("Sending a message", "the post")}


def test_the_table_of_answers_has_a_case_for_each_row():
    assert list(ANSWERS) == list(CASES)


@pytest.mark.parametrize("row", first(8, CASES))
def test_a_post_is_answered_as_its_row_says(receiver, row):
    page, as_json = ANSWERS[row]
    sent = CASES[row](receiver, receiver.good())
    before = receiver.supporter.count()
    answer = receiver.send(sent, {"Accept": "text/html"})
    told = receiver.send(sent, JSON) if row != "has a good token and good fields" else None
    assert f"{answer.status_code}" == page.partition(",")[0]
    assert answer.mimetype == "text/html"
    kept = [words for words in ("the words kept", "everything kept", "the review page") if words in page]
    assert not kept or sent.fields["message"] in answer.text
    assert bool(token_in(answer)) >= ("the review page" in page)
    told = told or receiver.send(receiver.good(), JSON)
    assert f"{told.status_code} `{told.json['state']}`" == as_json
    assert (told.json["review_url"] == f"{OWN}/mikita/messages") == (told.status_code == 403)
    assert (told.json["receipt"] is not None) == (told.status_code == 201)
    assert told.json["errors"] or told.status_code not in (409, 422, 503)
    assert told.json["errors"] == {} or told.status_code != 201
    assert ("Retry-After" in answer.headers) == (answer.status_code in (429, 503))
    assert receiver.supporter.count() == before + 2 * (row == "has a good token and good fields")


@pytest.mark.slow
def test_the_first_row_that_applies_is_the_answer(receiver):
    sent = receiver.good()
    for row in reversed(CASES):
        sent = CASES[row](receiver, sent)
        answer = receiver.send(sent, JSON)
        assert f"{answer.status_code}" == ANSWERS[row][1].partition(" ")[0], row


WITHDRAWALS = {
    "has no code": lambda s, code: {"receipt": "", "token": s.token()},
    "has no good token, or comes from a foreign origin": lambda s, code: {"receipt": code, "token": ""},
    "has a code that belongs to nothing": lambda s, code: {"receipt": "aaaa-bbbb", "token": s.token()},
    "has a good code": lambda s, code: {"receipt": code, "token": s.token()},
}


@table("row, asked", [(row, asked) for row in WITHDRAWALS for asked in ({}, JSON)])
def test_a_withdrawal_is_answered_as_its_row_says(supporter, row, asked):
    told = {words: answers for words, *answers in rows("Taking a message back", "the post")}
    assert list(told) == list(WITHDRAWALS)
    posted = WITHDRAWALS[row](supporter, supporter.send(headers=JSON).json["receipt"])
    answer = supporter.client.post("/mikita/withdraw", data=posted, headers={"Origin": OWN} | asked)
    said = f"{answer.status_code} `{answer.json['state']}`" if asked else f"{answer.status_code}"
    if asked:
        assert (answer.json["review_url"] == f"{OWN}/mikita/withdraw") == (answer.status_code == 403)
    assert said == (told[row][1] if asked else told[row][0].partition(",")[0])
