from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from campaign.content.campaign import Campaign
from campaign.press import rendering
from campaign.press.next_batch import next_batch
from campaign.settings import Settings
from campaign.storage.database import Database
from tests.conftest import NOW
from tests.press.runs import TEXTS, Runs, Stopped, fail
from tests.support.press import approve, picture


@pytest.fixture
def database(request: pytest.FixtureRequest, database: Database) -> Database:
    """SQLite, and PostgreSQL too where the test says `on_both`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return database
    other: Database = request.getfixturevalue("postgresql_database")
    return other


@pytest.fixture
def campaign(campaign: Campaign, tmp_path: Path) -> Campaign:
    """Mikita's campaign with a plain picture."""
    return replace(campaign, card_picture=picture(tmp_path))


@pytest.fixture
def run(database: Database, campaign: Campaign, settings: Settings) -> Runs:
    """Run the press once."""
    return lambda **changes: next_batch(database, changes.pop("campaign", campaign), settings, NOW, **changes)


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where batches appear."""
    return settings.build_dir / "cards" / "mikita"


@pytest.fixture
def planned(run: Runs, database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The messages of a batch that was claimed, and nothing more."""
    ids = approve(database, TEXTS)
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "write_file", fail)
        with pytest.raises(Stopped):
            run(final=True)
    return ids
