"""Wrong guesses in the database: counted whoever else counts at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta

from campaign.accounts import login_attempts
from campaign.accounts.login_attempts import Tried
from tests.conftest import NOW


def test_the_first_of_many_that_come_at_once_stop_none_of_the_others(any_database):
    faults = []

    def keep(number: int) -> None:
        try:
            any_database.write(lambda c: login_attempts.keep(c, f"name {number % 5}", Tried(1, NOW)))
        except Exception as error:  # whatever comes would be a 500
            faults.append(error)

    threads = [threading.Thread(target=keep, args=[number]) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with any_database.read() as connection:
        assert login_attempts.read(connection, "name 3") == Tried(1, NOW)


def test_those_that_are_old_go(any_database):
    any_database.write(lambda c: login_attempts.keep(c, "old", Tried(3, NOW)))
    later = NOW + login_attempts.FORGOTTEN_AFTER + timedelta(seconds=1)
    any_database.write(lambda c: login_attempts.keep(c, "new", Tried(1, later)))
    with any_database.read() as connection:
        assert login_attempts.read(connection, "old") is None


def test_a_moment_far_ahead_holds_nobody_up():
    """As one that was counted while the clock was wrong."""
    far, near = (Tried(99, NOW + ahead) for ahead in (timedelta(days=300), timedelta(minutes=30)))
    assert (far.counts_at(NOW), near.counts_at(NOW)) == (False, True)
