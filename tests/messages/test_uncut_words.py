"""Originals: a cut can be undone until the message is on a card, rejected, erased or 30 days old."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaign.content.campaign import Campaign
from campaign.keeping import erasure, retention
from campaign.ledger import claims
from campaign.ledger.claims import Place, Places
from campaign.messages import approval, message_json, queries, review, uncut_words
from campaign.messages.message import Message, MessageError, text_digest
from campaign.storage.database import Database, checkpoint
from campaign.text.flag import Flag
from tests.conftest import NOW, TODAY, Submit
from tests.support.review import KEYS, approve, get, reject

WORDS = "Hold on! Call Zenobia Quillfeather or Bartholomew soon."
SECRET = ("Zenobia Quillfeather", "Bartholomew")


def cut(database: Database, identifier: str, *words: str) -> Message:
    text = get(database, identifier).text
    spans = [Flag("removed", "message", text.index(w), text.index(w) + len(w)) for w in words]
    return database.write(
        lambda c: review.redact(c, identifier, spans, "olga", KEYS, TODAY, why="names a third person")
    )


def kept(database: Database, identifier: str) -> uncut_words.Original | None:
    with database.read() as connection:
        return uncut_words.get_original(connection, identifier)


@pytest.fixture
def cut_message(any_database: Database, submit: Submit) -> Message:
    identifier = submit(any_database, WORDS).message
    any_database.write(lambda c: review.translate(c, identifier, "Трымайся! Zenobia", "ola"))
    return cut(any_database, identifier, "Zenobia", "Quillfeather", "Bartholomew")


def test_words_that_follow_each_other_are_cut_as_one(any_database: Database, cut_message: Message) -> None:
    assert cut_message.text == "Hold on! Call or soon."
    assert cut_message.translation is None
    assert cut_message.redactions == (
        {"by": "olga", "on": "2026-11-22", "field": "message", "why": "names a third person"},
    )


def test_a_cut_is_undone_whole_also_after_a_second_one(any_database: Database, cut_message: Message) -> None:
    cut(any_database, cut_message.id, "soon")
    restored = any_database.write(lambda c: review.restore(c, cut_message.id))
    assert (restored.text, restored.translation, restored.redactions) == (WORDS, "Трымайся! Zenobia", ())
    assert kept(any_database, cut_message.id) is None
    with pytest.raises(MessageError, match="not kept any more"):
        any_database.write(lambda c: review.restore(c, cut_message.id))


def test_what_is_put_back_after_an_approval_waits_and_is_not_signed(
    any_database: Database, cut_message: Message
) -> None:
    approved = approve(any_database, cut_message.id)
    assert approval.valid(KEYS, approved.approval, approved.id, "mikita", "Hold on! Call or soon.", "Anna")
    restored = any_database.write(lambda c: review.restore(c, cut_message.id))
    assert (restored.state, restored.approval, restored.reviewed_by) == ("waiting", None, None)


def test_an_original_is_in_no_list_and_no_export(any_database: Database, cut_message: Message) -> None:
    with any_database.read() as connection:
        listed = json.dumps([message_json.as_dict(m) for m in queries.list_messages(connection, "mikita")])
    assert not any(word in listed for word in SECRET)
    original = kept(any_database, cut_message.id)
    assert original is not None
    assert (original.text, original.until) == (WORDS, TODAY + timedelta(days=30))


def claim(database: Database, message: Message) -> None:
    approved = approve(database, message.id)
    places = Places([Place(1, 1, approved.order, text_digest(approved.text))])
    database.write(lambda c: claims.claim(c, "mikita", places, {}, NOW))


ENDS = {
    "on a card": claim,
    "rejected": lambda database, message: reject(database, message.id),
    "erased": lambda database, message: database.write(
        lambda c: erasure.erase(c, message.id, "asked by letter", TODAY)
    ),
    "cut when rejected": lambda database, message: (
        reject(database, message.id),
        cut(database, message.id, "soon"),
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_original_goes_when_its_message_is(any_database: Database, cut_message: Message, end: str) -> None:
    ENDS[end](any_database, cut_message)
    assert kept(any_database, cut_message.id) is None


@pytest.mark.parametrize(("days", "left"), [(30, True), (31, False)])
def test_the_purge_erases_what_is_older_than_thirty_days(
    any_database: Database, cut_message: Message, campaign: Campaign, tmp_path: Path, days: int, left: bool
) -> None:
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) + timedelta(days=days)
    purged = retention.purge(any_database, campaign, now, tmp_path)
    assert (kept(any_database, cut_message.id) is not None) is left
    assert purged.originals == (0 if left else 1)


@pytest.mark.parametrize("end", ENDS)
def test_no_byte_of_what_was_cut_is_on_a_stolen_disk(database: Database, submit: Submit, end: str) -> None:
    identifier = submit(database, WORDS).message
    for other in range(50):
        submit(database, f"Another message, number {other}")
    message = cut(database, identifier, *SECRET)
    assert all(word.encode() in lying_there(database) for word in SECRET)
    ENDS[end](database, message)
    checkpoint(database)
    assert not [word for word in SECRET if word.encode() in lying_there(database)]


def lying_there(database: Database) -> bytes:
    path = Path(str(database.engine.url.database))
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))
