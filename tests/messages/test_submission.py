"""Submission: a token is used once, and is the key by which a post that comes twice is known."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from campaign.messages import queries, receipts
from campaign.messages.submission import Receipt, TokenConflict
from campaign.storage.database import Database
from campaign.storage.tables import details, used_tokens
from campaign.storage.tables import messages as table
from tests.conftest import SECRET_KEY, Submit


def test_the_same_words_again_give_the_same_receipt_and_one_row(
    any_database: Database, submit: Submit
) -> None:
    first, second = submit(any_database, token="t1"), submit(any_database, token="t1")
    assert (second.message, second.code) == (first.message, first.code)
    assert (first.again, second.again) == (False, True)
    with any_database.read() as connection:
        assert len(queries.list_messages(connection, "mikita")) == 1


@pytest.mark.parametrize(
    "other",
    [{"text": "Other words"}, {"first_name": "Eva"}, {"campaign": "another"}],
    ids=lambda o: next(iter(o)),
)
def test_other_words_are_a_conflict(any_database: Database, submit: Submit, other: dict[str, str]) -> None:
    submit(any_database, token="t1")
    with pytest.raises(TokenConflict):
        submit(any_database, token="t1", **other)


def test_words_cannot_move_from_one_field_to_the_next(database: Database, submit: Submit) -> None:
    submit(database, "ab", first_name="c", token="t1")
    with pytest.raises(TokenConflict):
        submit(database, "a", first_name="bc", token="t1")


def test_the_receipt_survives_a_change_of_the_key(database: Database, submit: Submit) -> None:
    first = submit(database, token="t1")
    again = submit(database, token="t1", keys=["a new key, made by the operator", SECRET_KEY])
    assert again.code == first.code


def test_a_used_token_does_not_tell_the_hour(any_database: Database, submit: Submit) -> None:
    submit(any_database)  # at ten in the morning
    with any_database.read() as connection:
        (expires_at,) = connection.scalars(select(used_tokens.c.expires_at))
    assert expires_at.isoformat()[:19] == "2026-11-24T00:00:00"


def test_the_code_itself_is_stored_nowhere(database: Database, submit: Submit) -> None:
    receipt = submit(database)
    with database.read() as connection:
        everything = "".join(
            str(row) for known in (table, used_tokens) for row in connection.execute(select(known))
        )
    assert receipt.code not in everything
    assert receipt.code.replace("-", "") not in everything
    assert receipts.digest(receipt.code) in everything


def test_message_details_and_token_are_stored_together_or_not_at_all(
    any_database: Database, submit: Submit
) -> None:
    with pytest.raises(Exception, match=r"(?i)not.null"):
        submit(any_database, token="t1", sealed=b"sealed", language=None)
    with any_database.read() as connection:
        assert [connection.execute(select(t)).all() for t in (table, details, used_tokens)] == [
            [],
            [],
            [],
        ]


def test_posts_of_one_moment_are_stored_together_also_when_one_came_before(
    any_database: Database, submit: Submit
) -> None:
    earlier = submit(any_database, token="t0")
    answers: dict[int, Receipt] = {}

    def send(number: int) -> None:
        answers[number] = submit(any_database, token=f"t{number}", sealed=b"sealed" if number % 2 else None)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers[0].message, answers[0].again) == (earlier.message, True)
    assert len({answer.message for answer in answers.values()}) == 40
    with any_database.read() as connection:
        assert len(queries.list_messages(connection, "mikita")) == 40
        held = set(connection.scalars(select(details.c.message)))
    assert held == {answers[number].message for number in range(1, 40, 2)}
