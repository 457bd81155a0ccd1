"""Messages: stored once, approved as seen, and only in the order of states."""

from __future__ import annotations

import pytest

from campaign import approval, messages
from campaign.database import Database
from tests.conftest import APPROVAL_KEY, TODAY, Submit


def test_a_message_is_stored_and_waits(any_database: Database, submit: Submit) -> None:
    receipt = submit(any_database, "Трымайся!")
    with any_database.read() as connection:
        (found,) = messages.queue(connection, "mikita")
    assert (found.id, found.text, found.state) == (receipt.message, "Трымайся!", "waiting")


def test_the_same_token_and_words_give_the_same_receipt_and_one_row(
    any_database: Database, submit: Submit
) -> None:
    first = submit(any_database, token="t1")
    second = submit(any_database, token="t1")
    assert (second.message, second.code, second.again) == (first.message, first.code, True)
    with any_database.read() as connection:
        assert len(messages.listing(connection, "mikita")) == 1


def test_a_used_token_with_other_words_is_a_conflict(any_database: Database, submit: Submit) -> None:
    submit(any_database, token="t1")
    with pytest.raises(messages.TokenConflict):
        submit(any_database, "Other words", token="t1")


def test_an_approval_signs_exactly_the_words(database: Database, approved_message: messages.Message) -> None:
    message = approved_message
    signed = (message.approval, message.id, message.campaign)
    assert approval.valid([APPROVAL_KEY], *signed, message.text, message.first_name)
    assert not approval.valid([APPROVAL_KEY], *signed, message.text + ".", message.first_name)
    with pytest.raises(messages.MessageError, match="it is approved"):
        database.write(lambda c: messages.approve(c, message.id, "olga", [APPROVAL_KEY], TODAY))
