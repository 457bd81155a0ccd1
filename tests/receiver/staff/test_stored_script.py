"""Script in every field that is stored: no page of the desk runs it, and no file that it gives is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, insert, update

from campaign.accounts.staff_log import Scribe
from campaign.messages import asides, review
from campaign.storage import tables
from campaign.storage.database import Database
from campaign.text.flag import Flag
from receiver.http.headers import for_staff
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit
from tests.receiver.desk import Desk

EVIL = "\"'><script>evil(1)</script><img src=x onerror=evil(2)>"
KEYS = [APPROVAL_KEY]
TICKET = {
    "card": "A6", "sheet": "A4", "duplex": "long-edge", "profile": "office", "back_offset": [0, 0],
    "number": True, "per_sheet": 4,
}  # fmt: skip
NO_TEXT = (".png", ".pdf", ".zip")


@pytest.fixture
def stored(database: Database, submit: Submit) -> list[str]:
    """Messages in each state, of which every field of free words holds script, and a batch."""
    sent = [submit(database, f"{EVIL} {n}", first_name=EVIL).message for n in range(5)]
    database.write(lambda c: _fill(c, sent))
    return sent


def _fill(connection: Connection, sent: list[str]) -> None:
    _, aside, approved, rejected, cut = sent
    asides.put(connection, aside, EVIL, "olga", TODAY)
    review.approve(connection, approved, "olga", KEYS, TODAY)
    review.reject(connection, rejected, "olga", EVIL, TODAY)
    review.redact(connection, cut, [Flag("cut", "message", 0, 1)], "olga", KEYS, TODAY, why=EVIL)
    Scribe("olga", tuple(KEYS)).record(connection, "made a backup", EVIL)
    connection.execute(update(tables.messages).values(translation=EVIL, translated_by=EVIL))
    decided = tables.messages.c.id.in_([approved, rejected])
    connection.execute(update(tables.messages).where(decided).values(reviewed_by=EVIL))
    values = {
        "campaign": "mikita", "number": 1, "state": "void", "press": TICKET, "files": [],
        "cards": 1, "planned_at": NOW, "void_reason": EVIL,
    }  # fmt: skip
    connection.execute(insert(tables.batches).values(values))


def pages(app: Flask, sent: list[str]) -> Iterator[str]:
    """Give the address of every page of the desk, with each message, and with script in what it asks for."""
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<slug>", "mikita")
        if "GET" not in (rule.methods or ()) or not for_staff(path) or "login" in path:
            continue
        for one in sent:
            found = re.sub("<int.*?>", "1", path).replace("<identifier>", one)
            yield re.sub("<[^>]*>", "x", found)
    yield from (f"/staff/mikita/?message={one}" for one in sent)
    yield from (f"/staff/mikita/?message={one}&cut=message" for one in sent)
    for asked in ("words", "reason", "reviewer", "language", "flag", "state", "batch", "card"):
        yield f"/staff/mikita/messages?{asked}={EVIL}"
    for state in ("approved", "rejected", "waiting"):
        yield f"/staff/mikita/messages?state={state}"
    yield from (f"/staff/mikita/groups?kind={kind}" for kind in ("unflagged", "alike"))
    yield from ("/staff/mikita/?aside=1", f"/staff/log?who={EVIL}", f"/staff/mikita/?message={EVIL}")


@pytest.mark.slow
def test_no_page_of_the_desk_runs_what_somebody_stored(app: Flask, desk: Desk, stored: list[str]) -> None:
    shown = 0
    for path in dict.fromkeys(pages(app, stored)):
        answer = desk.get(path)
        assert answer.status_code < 500, path
        if path.endswith(NO_TEXT) or not answer.mimetype.startswith("text/"):
            continue
        for raw in ("<script>evil", "<img src=x"):
            assert raw not in answer.text, path
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"], path
        shown += "evil(1)" in answer.text
    assert shown > 10  # it is there, as words
