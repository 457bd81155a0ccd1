"""The wall on the page: what is baked in, from where, and that no word on it is markup."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import pytest

from campaign.content.campaign_toml.page import PageFacts
from campaign.errors import SettingsError
from campaign.messages import review
from campaign.messages.wall import WallMessage
from campaign.pages import walls
from campaign.pages.site import freeze
from campaign.pages.walls import WallError
from tests.conftest import APPROVAL_KEY, TODAY

LIMITS = {"mikita": 24}
HOSTILE = "\"><img src=x onerror=alert(1)></p><script>alert(1)</script>{{ 7 * 7 }}&lt;b&gt;'<!--"


@pytest.fixture
def settings(settings, tmp_path):
    return replace(settings, build_dir=tmp_path / "kept", source_url="https://code.example.org/candle")


@pytest.fixture
def campaigns(campaign):
    return {"mikita": replace(campaign, page=PageFacts(24))}


@pytest.fixture
def frozen(tmp_path, campaigns, settings):
    """Freeze the page with messages on its wall; gives its folder."""

    def frozen(*messages):
        freeze(tmp_path / "site", campaigns, settings, walls={"mikita": messages})
        return tmp_path / "site"

    return frozen


class Notes(HTMLParser):
    """The paragraphs of a page's wall with their attributes, and every tag that stands in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], str]] = []
        self.tags: set[str] = set()
        self.feed(re.search(r'<ul class="notes">.*?</ul>', html, re.DOTALL)[0])

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "p":
            self.found.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.found and data.strip():
            attributes, text = self.found[-1]
            self.found[-1] = attributes, text + data


def text_of(folder, path="mikita/en/index.html"):
    return (folder / path).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_words_stand_there_as_they_were_approved_in_their_language(frozen):
    poem = "  A candle\n\n    burns,\n  and waits."
    both_ways = "شمعة تضيء\nBe strong.\n1 + 1"
    folder = frozen(WallMessage(poem, "Hanna", "en"), WallMessage(both_ways, "مريم", "ar"))
    for path in ("mikita/index.html", "mikita/en/index.html", "mikita/en/wall/index.html"):
        first, name, second, *_ = Notes(text_of(folder, path)).found
        assert first == ({"lang": "en", "dir": "ltr"}, poem)
        assert name[1] == "Hanna"
        assert second == ({"lang": "ar", "dir": "rtl"}, both_ways)
        assert '\u0621&#10;<bdi dir="ltr">Be strong.</bdi>&#10;1 + 1</p>' in text_of(folder, path)


def test_no_word_on_it_is_markup(frozen):
    notes = Notes(text_of(frozen(WallMessage(HOSTILE, HOSTILE, "en"))))
    assert [text for _, text in notes.found] == [HOSTILE, HOSTILE]
    assert notes.tags == {"ul", "li", "p"}


def test_the_campaigns_page_shows_the_beginning_and_leads_to_the_rest(frozen):
    folder = frozen(*(WallMessage(f"{number} " + "word " * 50, "Anna", "en") for number in range(24)))
    assert len(Notes(text_of(folder)).found) == 2 * 1
    assert 'href="/mikita/en/wall/"' in text_of(folder)
    assert len(Notes(text_of(folder, "mikita/en/wall/index.html")).found) == 2 * 24


@pytest.mark.slow
def test_one_message_stands_on_the_page_however_long(frozen):
    folder = frozen(WallMessage("long " * 200, "Anna", "en"))
    assert len(Notes(text_of(folder)).found) == 2
    assert 'href="/mikita/en/wall/"' not in text_of(folder)


@pytest.mark.slow
def test_without_words_nothing_is_shown_and_without_a_wall_nothing_is_asked(
    tmp_path, frozen, campaign, settings
):
    folder = frozen()
    assert 'class="wall"' not in text_of(folder)
    assert 'name="wall"' in text_of(folder)
    freeze(tmp_path / "site", {"mikita": campaign}, settings)
    assert 'name="wall"' not in text_of(folder)
    assert not (folder / "mikita" / "wall").exists()


@pytest.mark.slow
def test_the_record_of_the_build_tells_whose_words_it_holds(frozen):
    told = json.loads(text_of(frozen(WallMessage("Words", "Anna", "en")), "build.json"))
    assert told["walls"] == {"mikita": [{"text": "Words", "first_name": "Anna", "language": "en"}]}


# Where the words come from.


def test_they_come_from_the_database(database, submit, campaigns, settings):
    sent = submit(database, "We think of you.", wall=True)
    database.write(lambda c: review.approve(c, sent.message, "olga", [APPROVAL_KEY], TODAY))
    assert walls.gather(campaigns, settings) == {"mikita": (WallMessage("We think of you.", "Anna", "en"),)}


def test_without_a_database_and_a_file_it_is_said_how(campaigns, settings):
    with pytest.raises(WallError, match=r"build\.py wall FILE.*build\.py site --wall FILE"):
        walls.gather(campaigns, settings)
    assert walls.at_hand(campaigns, settings) == {}


def test_without_the_key_that_tells_what_was_approved_it_is_refused(database, campaigns, settings):
    assert database
    with pytest.raises(SettingsError, match="APPROVAL_KEY"):
        walls.gather(campaigns, replace(settings, approval_key=""))


def test_a_campaign_without_a_wall_needs_neither(campaign, settings):
    assert walls.gather({"mikita": campaign}, settings) == {}


@pytest.fixture
def file(tmp_path):
    walls.write(tmp_path / "wall.json", {"mikita": (WallMessage("Words", "Anna", "en"),)}, TODAY)
    return tmp_path / "wall.json"


def test_a_file_carries_them_and_is_its_owners_alone(file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert walls.read(file, LIMITS, TODAY) == {"mikita": (WallMessage("Words", "Anna", "en"),)}
    walls.write(file, {"mikita": ()}, TODAY)
    assert walls.read(file, LIMITS, TODAY) == {"mikita": ()}
    failed = patch.object(Path, "replace", side_effect=OSError(errno.EIO, "Input/output error"))
    with failed, pytest.raises(OSError, match="Input/output error"):
        walls.write(file, {"mikita": ()}, TODAY)
    assert list(file.parent.glob(".*")) == [], "words in a file that nobody sees"


@pytest.mark.parametrize(("days", "good"), [(-2, False), (-1, True), (7, True), (8, False)])
def test_a_file_is_good_for_seven_days(file, days, good):
    if good:
        assert walls.read(file, LIMITS, TODAY + timedelta(days=days))
    else:
        with pytest.raises(WallError, match="make it anew"):
            walls.read(file, LIMITS, TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"day": "2026-11-22"}',
        '{"day": "yesterday", "walls": {}}',
        '{"day": "2026-11-22", "walls": {"mikita": [{"text": "a", "first_name": "b"}]}}',
        '{"day": "2026-11-22", "walls": {"mikita": [{"text": "a", "first_name": 1, "language": "en"}]}}',
        '{"day": "2026-11-22", "walls": {"mikita": [{"text": "a", "first_name": "b", "language": "\\" x"}]}}',
        '{"day": "2026-11-22", "walls": {"mikita": [{"text":"\\ud800","first_name":"b","language":"en"}]}}',
        '{"day": "2026-11-22", "walls": {"anna": []}}',
        "[" * 100_000,
    ],
)
def test_a_file_that_holds_something_else_is_refused(file, text):
    file.write_text(text)
    with pytest.raises(WallError, match="make it anew"):
        walls.read(file, LIMITS, date(2026, 11, 22))


@pytest.mark.parametrize("make", [os.mkfifo, lambda file: file.write_bytes(b" " * (walls.LONGEST + 1))])
def test_a_file_without_end_is_refused_and_not_waited_for(file, make):
    file.unlink()
    make(file)
    with pytest.raises(WallError, match=r"cannot be read \(it is (no file|too long)\); make it anew"):
        walls.read(file, LIMITS, TODAY)
