"""Migrations: forwards, on both databases, with data in every table, of which nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, select
from werkzeug.security import generate_password_hash

from campaign import ROOT
from campaign.accounts import staff
from campaign.content.campaign import Campaign
from campaign.keeping import retention
from campaign.messages import approval, queries
from campaign.storage.database import Database, connect, migrate
from campaign.storage.upgrade import MIGRATIONS
from tests.conftest import APPROVAL_KEY, NOW, TODAY

PASSWORD = "a password of before the rows were signed"
WORDS = "Трымайся, Мікіта! \U0001f525"

# One row and more in every table of the first revision, as the receiver and the commands of then wrote them.
FIRST: dict[str, list[dict[str, Any]]] = {
    "messages": [
        {
            "id": f"message{n}", "campaign": "mikita", "state": state, "text": WORDS, "first_name": "Anna",
            "language": "be", "flags": [{"kind": "link", "field": "message", "start": 0, "end": 3}],
            "flood": n == 1, "wall": True, "updates": False, "received_on": TODAY, "consent_version": "1",
            "consent_language": "be", "likeness": f"{n}" * 32, "receipt_digest": f"{n}" * 64,
            "approval": approval.sign([APPROVAL_KEY], f"message{n}", "mikita", WORDS, "Anna"),
            "reviewed_by": "olga", "reviewed_on": TODAY, "reason": None, "translation": "Hold on!",
            "redactions": [{"by": "olga", "on": "2026-11-22", "field": "message"}], "erased_on": None,
        }
        for n, state in enumerate(("approved", "waiting", "rejected"))
    ],
    "details": [{"message": "message0", "sealed": bytes(range(256))}],
    "used_tokens": [{"token": "t", "message": "message0", "words_digest": "d", "expires_at": NOW}],
    "staff": [
        {
            "name": "olga", "password_hash": generate_password_hash(PASSWORD, "scrypt:128:8:1"),
            "disabled": False, "session_version": 3, "added_on": TODAY,
        }
    ],
    "batches": [
        {
            "campaign": "mikita", "number": 1, "state": "posted", "press": {"per_sheet": 4}, "files": [],
            "cards": 1, "reprints": 0, "planned_at": NOW, "rendered_at": NOW, "printed_at": NOW,
            "posted_on": date(2020, 1, 1), "void_reason": None,
        }
    ],
    "slots": [
        {
            "batch": 1, "message": "message0", "card": 1, "position": 1, "text_sha256": "0" * 64, "live": True
        }
    ],
    "petition_events": [
        {
            "campaign": "mikita", "webhook_id": "w", "type": "petition.signed", "happened_at": NOW,
            "signatures": None, "received_at": NOW,
        }
    ],
    "petition_counts": [
        {"campaign": "mikita", "signatures": 5, "counted_at": NOW, "signed": 2, "until": NOW}
    ],
    "erasures": [
        {
            "campaign": "mikita", "message": "gone", "what": "message", "why": "withdrawn", "erased_on": TODAY
        }
    ],
    "backups": [{"name": "/backups/one", "made_on": TODAY, "lapses_on": TODAY}],
    "keepsakes": [{"campaign": "mikita", "made_on": TODAY}],
    "health": [{"id": 1, "proved_at": NOW}],
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the first revision with something in every table."""
    url = f"sqlite:///{tmp_path}/old.sqlite"
    opened = connect(url if request.param == "sqlite" else request.getfixturevalue("empty_postgresql"))
    migrate(opened, "0001")
    tables = reflected(opened)
    assert FIRST.keys() == tables.keys() - {"alembic_version"}
    opened.write(lambda c: [c.execute(insert(tables[name]), rows) for name, rows in FIRST.items()])
    yield opened
    opened.close()


def reflected(database: Database) -> dict[str, Any]:
    """Return the tables as they are in the database, whatever the code says."""
    found = MetaData()
    found.reflect(database.engine)
    return dict(found.tables)


def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.read() as connection:
        return {
            name: [
                {column: _comparable(value) for column, value in row.items()}
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for name, table in reflected(database).items()
            if name != "alembic_version"
        }


def _comparable(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def test_everything_is_there_after_the_migration(old_database: Database) -> None:
    before = everything(old_database)
    migrate(old_database)
    after = everything(old_database)
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name]]
        assert kept == rows, name


def test_what_was_approved_before_is_still_believed(old_database: Database) -> None:
    migrate(old_database)
    with old_database.read() as connection:
        message = queries.get(connection, "message0")
    words = (message.id, message.campaign, message.text, message.first_name)
    assert approval.valid([APPROVAL_KEY], message.approval, *words)


def test_a_row_of_staff_from_before_lets_nobody_in_until_it_is_reset(old_database: Database) -> None:
    migrate(old_database)
    keys = [APPROVAL_KEY]
    with old_database.read() as connection:
        assert staff.verify(connection, "olga", PASSWORD, keys) is None
        assert [member.signed for member in staff.list_members(connection, keys)] == [False]
    password = old_database.write(lambda c: staff.reset(c, "olga", keys))
    with old_database.read() as connection:
        assert staff.verify(connection, "olga", password, keys) is not None


def test_an_old_keepsake_lets_nothing_be_erased(
    old_database: Database, campaign: Campaign, tmp_path: Path
) -> None:
    """Only its day is known: a batch may have been marked posted afterwards."""
    migrate(old_database)
    purged = retention.purge(old_database, campaign, NOW.replace(year=2030), tmp_path)
    assert purged.waiting == 1
    with old_database.read() as connection:
        assert queries.get(connection, "message0").text == WORDS


@pytest.mark.slow  # it starts a process
def test_a_database_in_its_newest_shape_needs_no_alembic(migrated_file: Path) -> None:
    program = (
        "import sys; from campaign.storage.database import connect, migrate; migrate(connect(sys.argv[1]))"
    )
    command = [
        sys.executable,
        "-c",
        f"{program}; print('alembic' in sys.modules)",
        f"sqlite:///{migrated_file}",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_newest_step_is_the_one_that_its_file_says() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert [scripts.get_current_head()] == scripts.get_heads()
    assert all(Path(step.path).name.startswith(f"{step.revision}_") for step in scripts.walk_revisions())
    assert scripts.get_current_head() == max(step.revision for step in scripts.walk_revisions())
