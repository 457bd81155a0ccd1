"""Fixtures for the receiver: an app over a real database, a clock to turn, a supporter's good words."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.accounts import staff
from campaign.settings import Settings
from campaign.storage.database import Database
from receiver.app import create_app
from receiver.roles import Half
from receiver.state.tokens import Tokens
from tests.support.english import english_alone
from tests.support.ports import free_ports
from tests.support.review import get

SITE = "https://candle.example.org"
OWN = "https://post.candle.example.org"
GOOD = {
    "message": "A candle burns in our window for you.",
    "first_name": "Anna",
    "last_name": "Kowalska",
    "email": "anna@example.org",
    "country": "PL",
    "consent": "y",
    "language": "en",
}
JSON = {"Accept": "application/json"}


@dataclass
class Clock:
    """A clock that a test advances."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def unlimited(settings: Settings) -> Settings:
    """Settings without rate limits, for tests that ask often."""
    return replace(settings, ratelimit_enabled=False)


@pytest.fixture
def make_app(database: Database, clock: Clock) -> Callable[..., Flask]:
    """Make a receiver, or half of one, over the test's database, its tokens on the test's clock."""

    def make(settings: Settings, only: Half | None = None) -> Flask:
        app = create_app(settings, database, only)
        app.extensions["candle"].tokens = Tokens(settings.secret_keys, clock)
        return app

    return make


@pytest.fixture
def app(make_app: Callable[..., Flask], unlimited: Settings) -> Flask:
    return make_app(unlimited)


class Supporter:
    """A client that behaves like the page, with its script or without."""

    def __init__(self, client: FlaskClient, clock: Clock) -> None:
        self.client = client
        self.clock = clock

    def token(self) -> str:
        """Fetch a token and let it ripen."""
        answer = self.client.get("/mikita/token", headers={"Origin": SITE})
        self.clock.advance(4)
        return str(answer.json["token"])

    def send(self, token: str | None = None, **changes: str | None) -> TestResponse:
        """Post good words with a ripe token; a keyword replaces a field, None leaves it out."""
        headers = {"Origin": SITE} | changes.pop("headers", {})  # type: ignore[operator]
        words = GOOD | {"token": self.token() if token is None else token} | changes
        fields = {name: value for name, value in words.items() if value is not None}
        headers = {name: value for name, value in headers.items() if value is not None}
        return self.client.post("/mikita/messages", data=fields, headers=headers)

    def count(self) -> int:
        """Count the stored messages, as staff see them."""
        from campaign.messages.message_counts import count_by_state

        with self.client.application.extensions["candle"].database.read() as connection:
            found = count_by_state(connection, "mikita")
            return found.waiting + found.approved + found.rejected


@pytest.fixture
def supporter(app: Flask, clock: Clock) -> Supporter:
    return Supporter(app.test_client(), clock)


def token_in(page: TestResponse) -> str:
    """Return the token of the form on a page, or "" when it has none."""
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    return found[1] if found else ""


@pytest.fixture
def reviewer(app: Flask, database: Database) -> FlaskClient:
    """A client that is logged in to the staff desk."""
    keys, today = app.extensions["candle"].settings.approval_keys, date(2026, 11, 22)
    password = database.write(lambda connection: staff.add(connection, "olga", keys, today))
    client = browser(app)
    log_in(client, "olga", password)
    return client


def browser(app: Flask) -> FlaskClient:
    """Return a client whose requests are encrypted, as the desk's cookie asks."""
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    return client


def log_in(client: FlaskClient, name: str, password: str) -> TestResponse:
    page = client.get("/staff/login", base_url=OWN)
    if page.status_code == 303:  # somebody is logged in there
        client.delete_cookie("__Host-candle", domain="post.candle.example.org")
        page = client.get("/staff/login", base_url=OWN)
    fields = {"csrf_token": csrf_in(page), "name": name, "password": password}
    return client.post("/staff/login", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})


def csrf_in(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


@pytest.fixture
def content_dir(tmp_path: Path) -> Path:
    """A copy of content/, in English alone, that a test may edit."""
    from campaign import ROOT

    folder = Path(shutil.copytree(ROOT / "content", tmp_path / "content"))
    english_alone(folder / "mikita")
    return folder


@pytest.fixture
def with_wall(content_dir: Path) -> Path:
    """The same, and the campaign has a wall."""
    facts = content_dir / "mikita" / "campaign.toml"
    facts.write_text(f"{facts.read_text(encoding='utf-8')}\n[page]\nwall = 24\n", encoding="utf-8")
    return content_dir


@pytest.fixture
def redis_clients(monkeypatch):
    """Close what a test's apps opened to Redis: none of them is stopped as a receiver is."""
    from redis import Redis

    opened, connect = [], Redis.from_url.__func__

    def from_url(kind, *arguments, **options):
        opened.append(connect(kind, *arguments, **options))
        return opened[-1]

    monkeypatch.setattr(Redis, "from_url", classmethod(from_url))
    yield
    for client in opened:
        client.close()


@pytest.fixture
def redis_url(tmp_path, redis_clients):
    """A real Redis that keeps everything in memory."""
    server = shutil.which("redis-server")
    if server is None:
        assert not os.environ.get("CI"), "redis-server is missing: make tools"
        pytest.skip("redis-server is missing: make tools")
    (port,) = free_ports(1)
    options = [*f"--port {port} --appendonly no --bind 127.0.0.1 --save".split(), "", "--dir", tmp_path]
    process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture
def desk(reviewer):
    """A member of staff at the desk."""
    from tests.receiver.desk import Desk

    return Desk(reviewer)


@pytest.fixture
def message(database, submit):
    """A message that waits, with a flag."""
    receipt = submit(database, "Stay strong! Write to anna@example.org")
    return get(database, receipt.message)
