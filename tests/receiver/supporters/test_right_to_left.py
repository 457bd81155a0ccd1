"""The receiver's pages in scripts that run from right to left."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from receiver.supporters import answers
from tests.receiver.conftest import Supporter

LATIN_FIRST = "Minecraft وKGB هي لعبتي freedom المفضّلة أيضًا!"


@pytest.fixture
def arabic(app: Flask, supporter: Supporter, monkeypatch: pytest.MonkeyPatch) -> Supporter:
    """Write on the page in what is called Arabic here."""
    contents = app.extensions["candle"].contents
    campaign = contents.get("mikita")
    edition = replace(campaign.edition, language="ar", direction="rtl", language_name="العربية")
    facts = replace(campaign.recipient, risky_words=("KGB", "freedom", "لعبة"))
    mirrored = replace(campaign, languages=("ar",), editions={"ar": edition}, recipient=facts)
    monkeypatch.setattr(contents, "get", lambda _slug: mirrored)
    return supporter


def test_words_to_look_at_once_more_run_as_on_the_card(arabic: Supporter, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(answers, "draw_card", lambda _form: None)
    for message, direction in ((LATIN_FIRST, "rtl"), ("سلام, dear Mikita", "ltr")):
        page = arabic.send("", language="ar", message=message, first_name="Salma").text
        assert re.search(r"<textarea [^>]*dir=\"(\w+)\"", page)[1] == direction
        assert re.search(r'<div class="card-own" dir="(\w+)"', page)[1] == direction
        assert '<p class="card-name"><bdi>Salma</bdi></p>' in page


def test_an_empty_field_waits_for_either_direction(arabic: Supporter):
    page = arabic.send("", language="ar", message="").text
    assert re.search(r"<textarea [^>]*dir=\"(\w+)\"", page)[1] == "auto"


def test_words_for_which_a_card_may_be_stopped_are_listed_as_the_language_does(arabic: Supporter):
    page = arabic.send("", language="ar", message="freedom KGB").text
    assert re.search(r'<p class="risk">[^<]*?(“.*?”)\.', page)[1] == "“KGB” و“freedom”"


def test_addresses_and_codes_run_from_the_left(arabic: Supporter):
    page = arabic.send("", language="ar", message="").text
    assert re.search(r'<input type="email"[^>]* dir="ltr">', page)
    page = arabic.client.get("/mikita/withdraw?language=ar").text
    assert re.search(r'<input type="text" id="receipt"[^>]* dir="ltr"', page)
