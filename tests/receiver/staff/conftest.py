"""Fixtures for the desk: its clock, a password, and somebody else who works there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaign.accounts import staff
from receiver.staff import login
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import log_in
from tests.receiver.desk import Desk


class Moments:
    """The desk's clock."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def moments(monkeypatch) -> Moments:
    found = Moments()
    monkeypatch.setattr(login, "now", found)
    return found


@pytest.fixture
def password(database) -> str:
    """Olga's, who is a member of staff."""
    return database.write(lambda c: staff.add(c, "olga", [APPROVAL_KEY], TODAY))


@pytest.fixture
def other(app, database) -> Desk:
    """Another member of staff at the desk."""
    password = database.write(lambda c: staff.add(c, "petr", [APPROVAL_KEY], TODAY))
    found = Desk(app.test_client())
    log_in(found.client, "petr", password)
    return found
