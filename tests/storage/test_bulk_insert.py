"""New rows: what is handed to the driver directly is stored as SQLAlchemy would store it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert as by_sqlalchemy
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from campaign.storage import bulk_insert as rows
from campaign.storage.tables import messages, used_tokens

MESSAGE = {
    "campaign": "mikita",
    "state": "waiting",
    "text": "Сустрэнемся! 🕯️",
    "first_name": "Алесь",
    "language": "be",
    "flags": [{"kind": "link", "field": "message", "start": 0, "end": 4}],
    "flood": True,
    "wall": False,
    "updates": True,
    "received_on": date(2026, 11, 22),
    "consent_version": "1",
    "consent_language": "be",
    "likeness": "0" * 32,
    "redactions": [],
}
TOKEN = {
    "token": "t1",
    "message": "m1",
    "words_digest": "d",
    "expires_at": datetime(2026, 11, 23, tzinfo=UTC),
}


def test_a_row_is_as_sqlalchemy_would_have_written_it(any_database):
    any_database.write(lambda c: rows.insert(c, messages, [{"id": "ours"} | MESSAGE]))
    any_database.write(lambda c: c.execute(by_sqlalchemy(messages), {"id": "theirs"} | MESSAGE))
    with any_database.read() as connection:
        ours, theirs = (dict(row) for row in connection.execute(select(messages)).mappings())
        raw = connection.exec_driver_sql("SELECT * FROM messages ORDER BY sequence").fetchall()
    assert {name: ours[name] for name in MESSAGE} == MESSAGE
    assert raw[0][2:] == raw[1][2:]
    own = ("sequence", "id")
    assert {n: v for n, v in ours.items() if n not in own} == {
        n: v for n, v in theirs.items() if n not in own
    }


def test_a_known_key_is_no_new_row(any_database):
    assert any_database.write(lambda c: rows.insert_new(c, used_tokens, [TOKEN]))
    assert not any_database.write(lambda c: rows.insert_new(c, used_tokens, [TOKEN | {"message": "m2"}]))


def test_a_broken_promise_is_an_error_that_quotes_nothing(database):
    database.write(lambda c: rows.insert(c, messages, [{"id": "one"} | MESSAGE]))
    with pytest.raises(IntegrityError) as caught:
        database.write(lambda c: rows.insert(c, messages, [{"id": "one"} | MESSAGE]))
    assert MESSAGE["text"] not in str(caught.value)


def test_a_missing_table_is_an_error_of_the_database(database):
    database.write(lambda c: c.exec_driver_sql("DROP TABLE used_tokens"))
    with pytest.raises(OperationalError):
        database.write(lambda c: rows.insert_new(c, used_tokens, [TOKEN]))


@pytest.mark.parametrize("number", [0, 1, 2, 3, 63, 64, 65, 131])
def test_many_rows_are_stored_in_their_order(any_database, number):
    ids = [f"{n:032}" for n in range(number)]
    any_database.write(lambda c: rows.insert(c, messages, [{"id": i} | MESSAGE for i in ids]))
    with any_database.read() as connection:
        assert list(connection.scalars(select(messages.c.id).order_by(messages.c.sequence))) == ids


def test_one_known_key_among_many_is_told(any_database):
    tokens = [TOKEN | {"token": f"t{n}"} for n in range(70)]
    assert any_database.write(lambda c: rows.insert_new(c, used_tokens, tokens[:40]))
    assert not any_database.write(lambda c: rows.insert_new(c, used_tokens, tokens))
    assert not any_database.write(lambda c: rows.insert_new(c, used_tokens, [TOKEN, TOKEN]))
