"""The receiver's pages have a campaign's colours, as its own page has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask

from campaign.content.campaign_toml.palettes import PALETTES
from campaign.settings import Settings

FORM = {"message": "Be strong.", "first_name": "Anna", "consent": "y", "language": "en"}


def test_the_review_page_has_the_campaign_s_colours(
    make_app: Callable[..., Flask], unlimited: Settings, content_dir: Path
) -> None:
    facts = content_dir / "mikita" / "campaign.toml"
    facts.write_text(facts.read_text("utf-8") + '\n[page]\npalette = "sea"\n', encoding="utf-8")
    client = make_app(replace(unlimited, content_dir=content_dir)).test_client()
    page = client.post("/mikita/messages", data=FORM)
    assert f'content="{PALETTES["sea"].night}"' in page.text
    address = re.search(r'href="([^"]+mikita\.colours\.css)"', page.text)
    assert address, page.text[:900]
    sheet = client.get(address[1])
    assert (sheet.status_code, sheet.mimetype) == (200, "text/css")
    assert f"--night:{PALETTES['sea'].night}" in sheet.text
    assert "immutable" in sheet.headers["Cache-Control"]
    other = re.sub(r"page/\w+", "page/0123456789", address[1])
    assert client.get(other).headers["Cache-Control"] == "no-store"
    assert client.get(address[1].replace("mikita.", "nobody.")).status_code == 404
    words = facts.read_text("utf-8")
    facts.write_text(f"draft = true\n{words}", encoding="utf-8")
    draft = make_app(replace(unlimited, content_dir=content_dir)).test_client()
    assert draft.get(address[1]).status_code == 404, "nobody learns of a draft by its colours"
    facts.write_text(words.replace('"sea"', '"candle"'), encoding="utf-8")
    usual = (
        make_app(replace(unlimited, content_dir=content_dir))
        .test_client()
        .post("/mikita/messages", data=FORM)
    )
    assert "colours.css" not in usual.text
