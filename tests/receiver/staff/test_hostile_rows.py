"""Rows that somebody wrote over who reaches the database: every page of the desk still answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from campaign.accounts import staff
from campaign.settings import Settings
from campaign.storage.database import Database
from campaign.storage.tables import metadata
from receiver.app import create_app
from tests.conftest import TODAY, Submit
from tests.receiver.conftest import OWN, log_in
from tests.receiver.staff.test_stored_script import pages
from tests.support import hostile_rows
from tests.support.hostile_rows import VALUES, free_for_all, written_over

# Of PostgreSQL: what its columns allow, and nobody would write.
ALLOWED = {
    "received_on": "infinity", "reviewed_on": "-infinity", "language": "xx", "prints": "neither",
    "likeness": "", "flags": '[{"kind": "\\ud800", "field": "message", "start": 1e300, "end": {}}]',
    "reason": "\u202e" * 2000,
    "redactions": '{"by": [1]}', "translated_into": "x-x-x", "reviewed_by": "", "translation": "\u2066",
    "consent_language": "", "text": "", "first_name": "",
}  # fmt: skip
# The numbers of how it goes are reckoned with as they are read; the other columns wait for `make soak`.
IN_EACH_RUN = "arrivals.messages"
COLUMNS = [
    pytest.param(table, column, id=name, marks=pytest.mark.slow if name == IN_EACH_RUN else pytest.mark.soak)
    for table in metadata.sorted_tables
    for column in table.columns
    for name in [f"{table.name}.{column.name}"]
]


@pytest.fixture
def rows(database: Database, submit: Submit, reviewer: FlaskClient) -> list[str]:
    """Rows in every table, as many as there are values to write over them."""
    sent = [submit(database, f"We are with you, {n} of us.").message for n in range(len(VALUES))]
    database.write(lambda connection: hostile_rows.fill(connection, sent))
    return sent


@pytest.fixture
def file(settings: Settings, rows: list[str]) -> Iterator[sqlite3.Connection]:
    with free_for_all(Path(settings.database_url.removeprefix("sqlite:///"))) as opened:
        yield opened


def broken(app: Flask, client: FlaskClient, sent: list[str]) -> list[str]:
    """Name the pages of the desk that do not answer; its session is kept, whatever becomes of its row."""
    kept = client.get_cookie("__Host-candle", domain="post.candle.example.org")
    assert kept
    found = []
    for path in dict.fromkeys(pages(app, sent)):
        other = app.test_client(use_cookies=False)
        answer = other.get(path, base_url=OWN, headers={"Cookie": f"{kept.key}={kept.value}"})
        if answer.status_code >= 500:
            found.append(f"{answer.status_code} {path}")
        answer.close()
    return found


@pytest.mark.slow
def test_every_page_answers_whatever_its_rows_hold(app, reviewer, rows, file) -> None:
    assert hostile_rows.write_over_all(file, but=("staff", "sessions")) > 400
    assert broken(app, reviewer, rows) == []


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_page_answers_whatever_a_column_holds(app, reviewer, rows, file, table, column) -> None:
    with written_over(file, table, column):
        assert broken(app, reviewer, rows) == []


def test_a_page_answers_whatever_a_row_of_postgresql_holds(
    unlimited: Settings, postgresql_database: Database, submit: Submit
) -> None:
    sent = [submit(postgresql_database, f"We are with you, {n} of us.").message for n in range(len(ALLOWED))]
    postgresql_database.write(lambda connection: hostile_rows.fill(connection, sent))
    app = create_app(unlimited, postgresql_database)
    keys, client = unlimited.approval_keys, app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    log_in(client, "vera", postgresql_database.write(lambda c: staff.add(c, "vera", keys, TODAY)))
    with postgresql_database.engine.begin() as connection:
        for one, (column, value) in zip(sent, ALLOWED.items(), strict=True):
            change = text(f"UPDATE messages SET {column} = :value WHERE id = :one")
            connection.execute(change, {"value": value, "one": one})
        for change in (
            "UPDATE batches SET planned_at = 'infinity', printed_at = '4000-01-01 BC'",
            "UPDATE batches SET posted_on = 'infinity'",
            "UPDATE batches SET press = '[]', files = '{}', cards = 2147483647",
            "UPDATE staff_log SET day = '0044-03-15 BC'",
            "UPDATE originals SET kept_on = '9999-12-31', redactions = '5', flags = '\"x\"'",
            "UPDATE arrivals SET day = 'infinity', messages = 2147483647",
            "UPDATE petition_days SET day = 'infinity' WHERE day = (SELECT max(day) FROM petition_days)",
            "UPDATE guesses SET last_at = '-infinity'",
        ):
            connection.execute(text(change))
    assert broken(app, client, sent) == []
