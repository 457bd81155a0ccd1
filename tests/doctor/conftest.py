"""A right installation, as docs/operators.md makes it, and the internet around it on this machine alone."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from campaign import ROOT
from campaign import settings as operator
from campaign.content.campaign import load_all
from campaign.doctor import examination, machine
from campaign.doctor.installation import Installation as Examined
from campaign.keeping.backup import backup
from campaign.keys import sealing
from campaign.pages.local_server import header_rules
from campaign.pages.site import freeze
from campaign.settings import Settings
from campaign.storage import marks
from campaign.storage.database import Database, connect
from receiver.app import create_app
from tests.receiver.conftest import redis_clients, redis_url
from tests.support.answering import answering
from tests.support.nginx import DESK, PAGE, POST, make_certificate
from tests.support.ports import free_ports

__all__ = ["redis_clients", "redis_url"]

MOMENT = datetime.now(UTC)


@dataclass
class Web:
    """The page's host and the receiver's public half behind one address, chosen by name as nginx does."""

    folder: Path
    port: int
    recipients: tuple[str, ...]
    certificate: Path
    receiver: Callable[..., Any] | None = None
    headers: dict[str, str | None] = field(default_factory=dict)  # in place of those of _headers
    change: Callable[[bytes], bytes] = bytes

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer one request."""
        if environ["HTTP_HOST"].startswith(POST) and self.receiver:
            return self.receiver(environ, start_response)
        file = self.folder / environ["PATH_INFO"].strip("/")
        file = file / "index.html" if file.is_dir() else file
        if not environ["HTTP_HOST"].startswith(PAGE) or not file.is_file():
            start_response("404 Not Found", [])
            return [b""]
        sent = dict(header_rules(self.folder, environ["PATH_INFO"])) | self.headers
        start_response("200 OK", [(name, value) for name, value in sent.items() if value is not None])
        return [self.change(file.read_bytes())]


@pytest.fixture(scope="session", autouse=True)
def fonts_are_summed_once() -> Iterator[None]:
    """Look at this checkout's fonts once for all tests, none of which spoils them: 0.15 s for each look."""
    look, kept = machine._is_whole, cache(machine._is_whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "_is_whole", lambda path: (kept if path.is_relative_to(ROOT) else look)(path))
        yield


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The frozen page by https, with a certificate of 90 days."""
    folder = tmp_path_factory.mktemp("web")
    make_certificate(folder, days=90)
    (port,) = free_ports(1)
    web = Web(
        folder / "site",
        port,
        tuple(sealing.new_key()[0] for _ in range(2)),
        folder / "certificate.pem",
    )
    page = Settings(
        site_url=(f"https://{PAGE}:{port}",),
        receiver_url=f"https://{POST}:{port}",
        source_url="https://git.example.org/candle",
        age_recipients=web.recipients,
        build_dir=folder / "_build",
    )
    mikita = load_all(page.content_dir)["mikita"]
    in_english = replace(mikita, languages=("en",), names={}, editions={"en": mikita.edition})  # faster
    freeze(web.folder, {"mikita": in_english}, page)
    with serving(web):
        yield web


@contextmanager
def serving(web: Web) -> Iterator[None]:
    """Let it answer by TLS while the block runs."""
    with answering(web, web.port, (str(web.certificate), str(web.certificate.with_name("key.pem")))):
        yield


@dataclass
class Installation:
    """One installation that a test may spoil before the doctor comes."""

    folder: Path
    web: Web
    written: dict[str, Any]
    database: Database
    monkeypatch: pytest.MonkeyPatch
    environ: dict[str, str] = field(default_factory=dict)
    looked_at: dict[str, Any] = field(default_factory=dict)  # of the installation, in place of this machine's

    @property
    def config(self) -> Path:
        """The file of its settings."""
        return self.folder / "config.toml"

    @property
    def key(self) -> Path:
        """The file of its approval key."""
        return self.folder / "approval_key"

    def write(self, **changes: Any) -> None:
        """Write the settings, with some of them changed; None takes one away."""
        self.written |= changes
        values = {name: value for name, value in self.written.items() if value is not None}
        tables = {name: values.pop(name) for name in [*values] if isinstance(values[name], dict)}
        lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        for name, table in tables.items():
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
        self.config.write_text("\n".join(lines), encoding="utf-8")
        self.config.chmod(0o640)

    def settings(self) -> Settings:
        """Read them as every command does."""
        return operator.load(self.environ, self.config)

    def examine(self) -> list[str]:
        """Let the doctor look."""
        examined = Examined(self.settings(), self.config, MOMENT, clock=lambda: True)
        return list(examination.examine(replace(examined, **self.looked_at)))


def install_units(folder: Path) -> Path:
    """Copy the units as docs/operators.md does, and enable the timers."""
    units = folder / "system"
    wanted = units / "timers.target.wants"
    wanted.mkdir(parents=True)
    for unit in (ROOT / "deploy").glob("candle-*.*"):
        shutil.copy(unit, units)
        if unit.suffix == ".timer":
            (wanted / unit.name).symlink_to(units / unit.name)
    return units


@pytest.fixture
def installation(
    served: Web, tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    """An installation with nothing to mend."""
    monkeypatch.setenv("SSL_CERT_FILE", str(served.certificate))
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **options: resolve(
            "127.0.0.1" if str(host).endswith("example.org") else host, *more, **options
        ),
    )
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.copy(migrated_file, data / "candle.sqlite")
    (data / "candle.sqlite").chmod(0o600)
    database = connect(f"sqlite:///{data}/candle.sqlite")
    made = Installation(tmp_path, served, {}, database, monkeypatch)
    made.key.write_text(secrets.token_urlsafe(48))
    made.key.chmod(0o600)
    made.write(
        database_url=f"sqlite:///{data}/candle.sqlite",
        secret_key=secrets.token_urlsafe(48),
        approval_key_file=str(made.key),
        site_url=[f"https://{PAGE}:{served.port}"],
        receiver_url=f"https://{POST}:{served.port}",
        staff_url=f"https://{DESK}:{served.port}",
        source_url="https://git.example.org/candle",
        proxy_hops=1,
        age_recipients=list(served.recipients),
        build_dir=str(tmp_path / "_build"),
        webhook_secrets={"mikita": ["whsec_" + "c2VjcmV0" * 4]},
    )
    database.write(lambda c: marks.note(c, "purge", MOMENT))
    made.looked_at["units"] = install_units(tmp_path)
    made.looked_at["tell"] = tmp_path / "candle-tell"
    made.looked_at["tell"].write_text("PUSH=https://push.example.org/candle\nMAIL= # you@example.org\n")
    backup(database, tmp_path / "backups" / "newest.sqlite", MOMENT.date(), 30)
    served.headers, served.change = {}, bytes
    served.receiver = create_app(made.settings(), database, only="public")
    yield made
    database.close()
