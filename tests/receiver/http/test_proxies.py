"""How many proxies stand before the receiver is counted by what arrives, and written down by the day."""

from __future__ import annotations

from datetime import time

import pytest
from werkzeug.test import Client

from campaign.storage import marks
from campaign.storage.database import Database
from receiver.http.proxies import CountProxies


@pytest.fixture
def client(database: Database) -> Client:
    """An app behind the count, which notes at once."""
    return Client(CountProxies(app, database, lambda _, work: work()))


def app(environ, start_response):  # type: ignore[no-untyped-def]
    start_response("204 No Content", [])
    return []


def noted(database: Database) -> int | None:
    with database.read() as connection:
        return marks.number(connection, "proxies")


def ask(client: Client, forwarded: str | None, host: str = "post.candle.example.org") -> None:
    headers = {"Host": host} | ({"X-Forwarded-For": forwarded} if forwarded else {})
    assert client.get("/health", headers=headers).status_code == 204


def test_the_fewest_addresses_count_for_a_client_may_add_some(client: Client, database: Database) -> None:
    for forwarded in ("203.0.113.7, 198.51.100.1, 192.0.2.1", "198.51.100.1", "203.0.113.7, 198.51.100.1"):
        ask(client, forwarded)
    assert noted(database) == 1


def test_whoever_comes_past_the_proxy_is_noticed(client: Client, database: Database) -> None:
    ask(client, "198.51.100.1")
    ask(client, None)
    assert noted(database) == 0


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost:8001", "[::1]:8001"])
def test_a_look_at_its_health_on_this_machine_says_nothing(
    client: Client, database: Database, host: str
) -> None:
    ask(client, None, host)
    assert noted(database) is None


def test_no_moment_is_kept_at_which_somebody_came(client: Client, database: Database) -> None:
    ask(client, "198.51.100.1")
    with database.read() as connection:
        assert marks.last(connection, "proxies").time() == time()


def test_a_name_that_is_none_stops_no_request(client: Client) -> None:
    ask(client, None, "[::1")
