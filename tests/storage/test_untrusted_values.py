"""What SQLite holds where it must hold something, once somebody wrote to its file, and it is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from campaign.settings import Settings
from campaign.storage.database import Database
from campaign.storage.tables import messages
from tests.conftest import Submit
from tests.support.hostile_rows import free_for_all


@pytest.fixture
def emptied(database: Database, submit: Submit, settings: Settings) -> Iterator[Connection]:
    submit(database, "We are with you.")
    with free_for_all(Path(settings.database_url.removeprefix("sqlite:///"))) as file:
        file.execute("UPDATE messages SET text = NULL, received_on = NULL, reviewed_on = NULL")
        file.commit()
        with database.read() as connection:
            yield connection


def test_nothing_reads_as_what_is_nearest(emptied: Connection) -> None:
    day = messages.c.received_on.label("day")
    row = emptied.execute(select(messages.c.text, messages.c.reviewed_on, day)).one()
    assert (row.text, row.reviewed_on, row.day) == ("", None, date(1970, 1, 1))
    assert emptied.execute(select(messages)).one().text == ""


def test_what_is_made_of_columns_may_be_nothing(emptied: Connection) -> None:
    assert emptied.scalar(select(func.max(messages.c.received_on))) is None
