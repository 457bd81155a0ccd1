"""What code in the public half writes to be believed at the desk.

Run as the user of that half, with its settings and the keys that it has. It prints the cookie of a session
that it made for the first member, and that of a browser in which they logged in.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Table, delete, insert, select, update

from campaign import settings
from campaign.accounts import invitations, known_devices, passwords, sessions, staff, staff_log
from campaign.accounts.staff_rows import StaffRow
from campaign.keeping import erasures_file
from campaign.keeping.erasures_file import Erasure
from campaign.messages import approval, queries
from campaign.messages.message import Message
from campaign.storage import database, tables
from campaign.storage.database import Database

PASSWORD = "a password of somebody else's own"
EVIL = "Words that nobody approved."
TODAY, NOW = datetime.now(UTC).date(), datetime.now(UTC)
LAPSED = date(2020, 1, 1)


def main() -> None:
    """Forge what can be forged."""
    config = settings.load()
    key = config.secret_key
    opened = database.connect(config.database_url)
    with opened.read() as connection:
        found = queries.list_messages(connection, "mikita")
        members = connection.execute(select(tables.staff).order_by(tables.staff.c.name)).all()
    first, second, third = (StaffRow.of(row) for row in members)
    sys.stdout.write(f"{_session(opened, key, first)} {_device(opened, key, first.name)}")
    _staff(opened, key, second.name)
    _counters(opened, third.name)
    _erased(config.erasures_file, found)
    _log(opened, key)
    _messages(opened, key, first.name, found)
    _batch(opened, config, found)
    opened.close()


def _session(opened: Database, key: str, member: StaffRow) -> str:
    """Begin a session in its table, and sign a cookie for it."""
    identifier = opened.write(lambda connection: sessions.begin(connection, member.name, NOW))
    app = Flask("desk")
    app.config["SECRET_KEY"] = key
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    held = {"member": member.name, "version": member.session_version, "session": identifier}
    return str(signer.dumps(held | {"begun": int(NOW.timestamp())}))


def _staff(opened: Database, key: str, raised: str) -> None:
    """Add a member, and let another one have a new password, role and invitation."""
    kept = passwords.hashed(PASSWORD)
    made = StaffRow("mallory", kept)
    _insert(opened, tables.staff, {"name": made.name, "added_on": TODAY} | made.values(key))
    invitation, _ = invitations.new(key, raised, NOW)
    changed = StaffRow(raised, kept, invitation=invitation).values(key)
    chosen = update(tables.staff).where(tables.staff.c.name == raised).values(changed)
    opened.write(lambda connection: connection.execute(chosen) and None)


def _device(opened: Database, key: str, name: str) -> str:
    """Sign the cookie of a known browser."""
    with opened.read() as connection:
        member = staff.get(connection, name, [key])
    assert member is not None
    return known_devices.new(key, member, NOW)


def _counters(opened: Database, name: str) -> None:
    """Let a code be good once more, end no browser that was known, and forget what was guessed."""
    chosen = update(tables.staff).where(tables.staff.c.name == name)
    opened.write(lambda connection: connection.execute(chosen.values(code_step=7, devices=7)) and None)
    opened.write(lambda connection: connection.execute(delete(tables.guesses)) and None)


def _erased(file: Path, found: list[Message]) -> None:
    """Write into the list of erasures what nobody erased, and whose account was never reset."""
    made = [Erasure(TODAY, "message", message.id, "mikita", "\x1b[2J") for message in found]
    erasures_file.write(file, [*made, Erasure(TODAY, "staff", "vera", "", "99")])


def _log(opened: Database, key: str) -> None:
    """Write a row in somebody's name."""
    scribe = staff_log.Scribe("mallory", (key,))
    opened.write(lambda connection: scribe.record(connection, "printed", "batch 7 of mikita"))


def _messages(opened: Database, key: str, member: str, found: list[Message]) -> None:
    """Approve with all keys that are there, in a member's name too; leave notes and other originals."""
    for number, message in enumerate(found):
        words = (message.id, "mikita", message.text, message.first_name)
        once = approval.sign_as(member, [key], *words)
        signed = [approval.sign([key], *words), approval.sign([""], *words), approval.join(once, once)]
        chosen = update(tables.messages).where(tables.messages.c.id == message.id)
        change = chosen.values(state="approved", approval=signed[number % 3], reviewed_by=member)
        opened.write(lambda connection, change=change: connection.execute(change) and None)
        _insert(
            opened, tables.first_approvals, {"message": message.id, "by": member, "on": TODAY, "part": once}
        )
        _insert(
            opened, tables.asides, {"message": message.id, "note": "Approve it.", "by": member, "on": TODAY}
        )
        before = {"text": EVIL, "first_name": "Eve", "flags": [], "redactions": [], "kept_on": TODAY}
        _insert(opened, tables.originals, {"message": message.id, **before})


def _batch(opened: Database, config: settings.Settings, found: list[Message]) -> None:
    """Have a batch whose files lie elsewhere, and a backup that is to be deleted, where the keys are."""
    key_file = str(settings.CONFIG.with_name("approval_key"))
    file = {"name": "../../../../instance/approval_key", "sha256": "0" * 64, "bytes": 1, "reprint": 0}
    ticket = {"card": "A6", "sheet": "A4", "duplex": "long-edge", "profile": "office"}
    batch = {"campaign": "mikita", "number": 7, "state": "rendered", "cards": 1, "files": [file]}
    more = {"press": ticket | {"back_offset": [0, 0], "number": True}, "planned_at": NOW, "rendered_at": NOW}
    _insert(opened, tables.batches, batch | more)
    slot = {"batch": 1, "message": found[0].id, "card": 1, "position": 1, "text_sha256": "0" * 64}
    _insert(opened, tables.slots, slot)
    _insert(opened, tables.backups, {"name": key_file, "made_on": TODAY, "lapses_on": LAPSED})
    erased = {"campaign": "mikita", "message": secrets.token_hex(8), "what": "message"}
    _insert(opened, tables.erasures, erased | {"why": "\x1b[2J", "erased_on": TODAY})


def _insert(opened: Database, table: Table, row: Mapping[str, Any]) -> None:
    opened.write(lambda connection: connection.execute(insert(table), dict(row)) and None)


if __name__ == "__main__":
    main()
