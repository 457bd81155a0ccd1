"""A new campaign: complete, seen at once, and never in the place of another."""

import datetime
import os
import shutil
from pathlib import Path

import pytest

from campaign.content import checks, scaffold
from campaign.content.campaign import load, load_all
from campaign.content.campaign_toml.card import CardFacts
from campaign.content.campaign_toml.form import Form
from campaign.content.campaign_toml.privacy import Privacy
from campaign.content.campaign_toml.recipient import Recipient
from campaign.content.edition import TEXTS
from campaign.content.scaffold import Beginnings
from campaign.errors import CandleError


def test_a_new_campaign_loads_and_is_a_draft(tmp_path: Path):
    folder = scaffold.new(tmp_path, "anna-maria", today=datetime.date(2026, 11, 22))
    campaign = load(folder)
    assert (campaign.slug, campaign.name, campaign.status) == ("anna-maria", "Anna Maria", "open")
    assert campaign.draft
    assert campaign.signatures_as_of == datetime.date(2026, 11, 22)
    assert [path.name for path in tmp_path.iterdir()] == ["anna-maria"]


def test_a_new_campaign_shows_every_key_with_its_default(tmp_path: Path):
    campaign = load(scaffold.new(tmp_path, "anna"))
    assert campaign.form == Form()
    assert campaign.card == CardFacts()
    assert campaign.privacy == Privacy()
    assert campaign.recipient == Recipient(languages=("be", "ru"))


@pytest.mark.slow
def test_what_is_known_at_the_beginning_stands_in_its_place(tmp_path: Path):
    known = Beginnings('Ганна "Ганя"', ("be", "en"), ())
    campaign = load(scaffold.new(tmp_path, "hanna", known))
    assert (campaign.name, campaign.languages) == ('Ганна "Ганя"', ("be", "en"))
    assert campaign.recipient.languages == ()
    for code in ("be", "en"):
        assert {one.path.name for one in checks.findings(tmp_path) if one.path.parent.name == code} == {
            *TEXTS,
            "illustration.md",
            "writing.md",
        }


def test_what_is_commented_out_in_a_new_campaign_works(tmp_path: Path):
    folder = scaffold.new(tmp_path, "anna")
    facts = folder / "campaign.toml"
    text = facts.read_text(encoding="utf-8")
    for line in ("# goal =", "# address_verified_on ="):
        assert line in text
        text = text.replace(line, line[2:])
    facts.write_text(text.replace('address = """\n', 'address = """\nSomewhere\n'), encoding="utf-8")
    campaign = load(folder)
    assert campaign.goal == 15000
    assert campaign.recipient.address == "Somewhere"


def test_a_new_campaign_has_the_modes_of_who_begins_it(tmp_path: Path, monkeypatch):
    """An installation closes its own files to others, or to all who would write them."""
    example = tmp_path / "example"
    shutil.copytree(scaffold.EXAMPLE, example)
    for path in (*example.rglob("*.*"), example / "en", example):
        path.chmod(0o500)
    monkeypatch.setattr(scaffold, "EXAMPLE", example)
    before = os.umask(0o027)
    try:
        folder = scaffold.new(tmp_path, "anna")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "en")} == {0o750}
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*.*")} == {0o640}


def test_an_existing_campaign_is_never_touched(tmp_path: Path):
    folder = scaffold.new(tmp_path, "anna")
    (folder / "en" / "story.md").write_text("# Mine\n\nWords.\n")
    with pytest.raises(CandleError, match="anna: exists already; choose another slug"):
        scaffold.new(tmp_path, "anna")
    assert (folder / "en" / "story.md").read_text() == "# Mine\n\nWords.\n"


@pytest.mark.parametrize("slug", ["Anna", "../anna", "a/b", "", ".", "staff", "анна", "a b"])
def test_a_slug_that_cannot_be_an_address_is_refused_and_nothing_is_written(tmp_path: Path, slug: str):
    with pytest.raises(CandleError, match="address"):
        scaffold.new(tmp_path / "content", slug)
    assert not list(tmp_path.rglob("*"))


def test_what_an_interrupted_run_left_is_cleared_away(tmp_path: Path):
    (tmp_path / ".anna.new").mkdir()
    scaffold.new(tmp_path, "anna")
    assert list(load_all(tmp_path)) == ["anna"]
