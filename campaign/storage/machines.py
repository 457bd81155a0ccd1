"""Which keys the programs on this database run with, so that one on another machine that lags is found.

A key is compared by a few letters of an HMAC under it. Of a strong key they tell nothing, and of one that can
be guessed no more than any signature in the same database does.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from campaign.keys import signing
from campaign.settings import Settings
from campaign.storage.tables import machines

Part = Literal["receiver", "public half", "desk", "backup"]
Key = Literal["secret_key", "approval_key", "age_recipients"]
KEYS: tuple[Key, ...] = ("secret_key", "approval_key", "age_recipients")
DOMAIN = b"candle machine"
LETTERS = 8  # of a fingerprint: two keys of one have the same once in four thousand million
LONGEST_NAME = 64
ALIVE = timedelta(minutes=10)  # a receiver says each minute that it runs
KEPT = timedelta(days=2)  # to whom a backup was sealed is of interest until the next one


@dataclass(frozen=True)
class Machine:
    """A program that runs on this database, or sealed a backup of it; `id` is random."""

    part: Part
    name: str = field(default_factory=lambda: socket.gethostname()[:LONGEST_NAME])
    id: str = field(default_factory=lambda: secrets.token_hex(16))

    def fingerprint(self, key: str) -> str:
        """Tell this key from others, for this machine alone."""
        return signing.subkey(key, signing.framed(DOMAIN, self.id))[:LETTERS]


@dataclass(frozen=True)
class Lagging:
    """A machine with other keys than the settings at hand; `older` are its keys among our fallbacks."""

    machine: Machine
    other: tuple[Key, ...]
    older: tuple[Key, ...]


def note(connection: Connection, machine: Machine, settings: Settings, now: datetime) -> None:
    """Write down what it runs with, and forget those that have not been there for long."""
    gone = (machines.c.seen_at < now - KEPT) | (machines.c.seen_at > now + KEPT)
    if machine.part == "backup":
        gone |= (machines.c.name == machine.name) & (machines.c.part == machine.part)
    connection.execute(delete(machines).where(gone))
    held = {name: machine.fingerprint(key) if key else None for name, (key, *_) in _held(settings).items()}
    values = {"name": machine.name, "part": machine.part, "seen_at": now} | held
    same = machines.c.id == machine.id
    if not connection.execute(update(machines).where(same).values(values)).rowcount:
        connection.execute(insert(machines).values(values | {"id": machine.id}))


def leave(connection: Connection, machine: Machine) -> None:
    """Forget one that ends."""
    connection.execute(delete(machines).where(machines.c.id == machine.id))


def lagging(connection: Connection, settings: Settings, now: datetime) -> Iterator[Lagging]:
    """Find what runs with, or sealed its last backup to, other keys; what one side lacks is no other key."""
    alive = machines.c.seen_at.between(now - ALIVE, now + ALIVE) & (machines.c.part != "backup")
    recent = machines.c.seen_at.between(now - KEPT, now + ALIVE) & (machines.c.part == "backup")
    columns = (machines.c.part, machines.c.name, machines.c.id, *(machines.c[key] for key in KEYS))
    chosen = select(*columns).where(alive | recent).order_by(machines.c.name, machines.c.part)
    here = _held(settings)
    for part, name, identifier, *prints in connection.execute(chosen):
        machine = Machine(part, name, identifier)
        shown = dict(zip(KEYS, prints, strict=True))
        known = [key for key in KEYS if here[key][0] and shown[key]]
        other = [key for key in known if not _is(machine, shown[key], here[key][:1])]
        older = [key for key in other if _is(machine, shown[key], here[key][1:])]
        if other:
            yield Lagging(machine, tuple(other), tuple(older))


def _is(machine: Machine, found: object, keys: Iterable[str]) -> bool:
    return any(found == machine.fingerprint(key) for key in keys)


def _held(settings: Settings) -> dict[Key, tuple[str, ...]]:
    """Give what is compared, the newest first; who seals to nobody is told from who seals to somebody."""
    return {
        "secret_key": settings.secret_keys,
        "approval_key": settings.approval_keys,
        "age_recipients": (" ".join(sorted(set(settings.age_recipients))) or "none",),
    }
