"""The press from claim to sheet: whatever happens on the way, nothing is lost and nothing printed twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from campaign import batches, press
from campaign.cards import manifest
from campaign.content import Campaign
from campaign.database import Database
from campaign.press import Run
from campaign.settings import Settings
from tests.conftest import NOW
from tests.pdf import text_of
from tests.press import approve


@pytest.fixture
def run(database: Database, campaign: Campaign, settings: Settings):
    """Run the press once."""

    def run(**changes: object) -> Run:
        return press.next_batch(database, campaign, settings, NOW, **changes)

    return run


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where batches appear."""
    return settings.build_dir / "cards" / "mikita"


TEXTS = [("Трымайся, Мікіта!", "Алесь"), ("Ми з тобою, друже: їжак, ґанок, є.", "Ніна"), ("We are with you 🕯️", "Zoë")]


def test_a_batch_holds_its_sheets_its_cover_and_its_manifest(run, database, folder):
    ids = approve(database, TEXTS)
    (rendered,) = run(final=True).rendered
    assert rendered.folder == folder / "batch-0001"
    assert sorted(path.name for path in rendered.folder.iterdir()) == ["cover.pdf", "manifest.csv", "sheets.pdf"]
    assert (rendered.messages, rendered.sheets, rendered.batch.state) == (3, 1, "rendered")
    assert [entry.message for entry in manifest.read(rendered.folder / "manifest.csv")] == ids
    text = text_of(rendered.folder / "sheets.pdf")
    for words, name in TEXTS:
        assert "".join(words.split()) in text
        assert name in text
