"""Wrong guesses in the database: counted whoever else counts at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta

from campaign.accounts import failed_logins
from campaign.accounts.failed_logins import Tried
from tests.conftest import NOW


def test_the_first_of_many_that_come_at_once_stop_none_of_the_others(any_database):
    faults = []

    def keep(number: int) -> None:
        try:
            any_database.write(lambda c: failed_logins.keep(c, f"name {number % 5}", Tried(1, NOW)))
        except Exception as error:  # whatever comes would be a 500
            faults.append(error)

    threads = [threading.Thread(target=keep, args=[number]) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with any_database.read() as connection:
        assert failed_logins.read(connection, "name 3") == Tried(1, NOW)


def test_those_that_are_old_go(any_database):
    any_database.write(lambda c: failed_logins.keep(c, "old", Tried(3, NOW)))
    later = NOW + failed_logins.FORGOTTEN_AFTER + timedelta(seconds=1)
    any_database.write(lambda c: failed_logins.keep(c, "new", Tried(1, later)))
    with any_database.read() as connection:
        assert failed_logins.read(connection, "old") is None
