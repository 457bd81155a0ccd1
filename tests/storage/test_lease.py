"""Leases: held by one, given back by the dead."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from campaign.storage.database import Database, Unavailable, connect
from campaign.storage.lease import lease
from tests.support.postgresql import administer, as_administrator

HOLDER = """
import sys, time
from campaign.storage.database import connect
from campaign.storage.lease import lease
with lease(connect(sys.argv[1]), "mikita/1") as held:
    print(held, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(any_database: Database):
    """Start another process that holds the lease."""
    started = []

    def start() -> subprocess.Popen[str]:
        url = any_database.engine.url.render_as_string(hide_password=False)
        process = subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "True\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_lease_is_held_by_one_at_a_time(any_database: Database) -> None:
    with (
        lease(any_database, "mikita/1") as first,
        lease(any_database, "mikita/1") as second,
        lease(any_database, "mikita/2") as other,
    ):
        assert (first, second, other) == (True, False, True)
    with lease(any_database, "mikita/1") as again:
        assert again


def test_what_was_done_under_a_lease_stands_though_the_server_ends_its_connection(
    postgresql_database: Database,
) -> None:
    holder = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    with lease(postgresql_database, "mikita/1"):
        administer(as_administrator(postgresql_database), holder)
    with lease(postgresql_database, "mikita/1") as held:
        assert held


def test_a_lease_of_a_server_that_is_not_there_is_refused_in_plain_words(unused_port: int) -> None:
    opened = connect(f"postgresql+psycopg://candle@127.0.0.1:{unused_port}/candle")
    with pytest.raises(Unavailable, match="; start its server"), lease(opened, "mikita/1"):
        pass


@pytest.mark.slow
def test_a_lease_ends_with_the_process_that_held_it(
    any_database: Database, holder: Callable[[], subprocess.Popen[str]]
) -> None:
    process = holder()
    with lease(any_database, "mikita/1") as held:
        assert not held
    process.kill()
    process.wait()
    for _ in range(100):
        with lease(any_database, "mikita/1") as held:
            if held:
                return
    raise AssertionError("the dead process still holds the lease")
