"""Who answers for a campaign stands at the foot of every page of the receiver, and of the frozen page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from campaign.content.campaign import Campaign
from campaign.content.campaign_toml.contact import Contact
from campaign.pages.site import freeze
from campaign.settings import Settings

WHO = Contact("Friends & readers", "friends@example.org")
SAID = 'Who answers for this campaign: <a href="mailto:friends@example.org">Friends &amp; readers</a>'


def test_the_receiver_s_pages_say_who_answers(make_app, unlimited, content_dir: Path, supporter):
    facts = content_dir / "mikita" / "campaign.toml"
    told = f'\n[contact]\nname = "{WHO.name}"\naddress = "{WHO.address}"\n'
    facts.write_text(facts.read_text("utf-8") + told, encoding="utf-8")
    app: Flask = make_app(replace(unlimited, content_dir=content_dir))
    for path in ("/mikita/messages", "/mikita/withdraw"):
        assert app.test_client().get(path).text.count(SAID) == 1
        assert "Who answers" not in supporter.client.get(path).text


@pytest.mark.slow
def test_the_frozen_page_says_it_at_its_foot_and_with_what_is_kept(
    tmp_path: Path, campaign: Campaign, settings: Settings
):
    folder = tmp_path / "site"
    freeze(
        folder, {"mikita": replace(campaign, contact=WHO)}, replace(settings, source_url="https://x.example")
    )
    for page, often in {"": 1, "closed": 1, "privacy": 2}.items():
        html = (folder / "mikita" / "en" / page / "index.html").read_text("utf-8")
        assert html.count(SAID) == often
        foot = re.search("<footer>.*</footer>", html, re.DOTALL)
        assert foot is not None
        assert SAID in foot[0]
