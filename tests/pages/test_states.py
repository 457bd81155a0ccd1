"""Open, paused, closed, won: hero, form's place and front page say what is true."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from campaign.content.campaign import load
from campaign.content.campaign_folder import slug_faults
from campaign.content.campaign_toml.facts import STATUSES
from campaign.content.proofreading import proofreader
from campaign.pages import build_record, index_page
from campaign.pages.site import freeze
from tests.support.editing import TODAY, write_campaign
from tests.support.editing import replace as edit
from tests.support.lanes import first

LEAD = "a few words from you can reach him there"


@pytest.fixture
def settings(settings, tmp_path_factory):
    kept = tmp_path_factory.getbasetemp() / "kept"
    return replace(settings, build_dir=kept, source_url="https://code.example.org/candle")


@pytest.fixture
def won(tmp_path):
    """A campaign that has won, as an editor writes it."""
    folder = write_campaign(tmp_path / "content" / "mikita")
    edit(folder / "campaign.toml", '"open"', '"won"')
    (folder / "en" / "won.md").write_text("# Mikita is free\n\nHe is at home.\n\nHe thanks [you](won.md).\n")
    return folder


def body(path):
    """Return the words of a page's body as they are read."""
    html = path.read_text(encoding="utf-8").partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def hero(path):
    return re.search(r'<header class="hero">.*?</header>', path.read_text("utf-8"), re.DOTALL)[0]


@pytest.mark.parametrize("status", first(1, STATUSES))
def test_the_hero_offers_the_form_only_where_there_is_one(tmp_path, campaign, settings, status):
    freeze(tmp_path / "site", {"mikita": replace(campaign, status=status)}, settings)
    page = tmp_path / "site" / "mikita" / "index.html"
    open_ = status == "open"
    assert (">Write to Mikita</a>" in hero(page)) == open_
    assert ("<form" in page.read_text("utf-8")) == open_
    assert campaign.edition.story.body_html[:80] in page.read_text("utf-8")
    assert (LEAD in hero(page)) == (status in {"open", "paused"})
    assert ("Writing rests for a while" in hero(page)) == (status == "paused")
    assert ("takes no more messages" in hero(page)) == (status in {"closed", "won"})
    assert ("/withdraw?language=en" in page.read_text("utf-8")) == (status in {"closed", "won"})


def test_whoever_is_free_is_not_written_to(tmp_path, won, settings):
    free = replace(load(won), goal=15000, petition_url="https://petition.example/mikita")
    freeze(tmp_path / "site", {"mikita": free}, settings)
    page = tmp_path / "site" / "mikita" / "index.html"
    assert "Mikita is free" in hero(page)
    assert "He is at home." in hero(page)
    head = page.read_text("utf-8").partition("<body>")[0]
    assert head.count("Mikita is free") == 2
    assert "He waits" not in head
    shown, _, folded = body(page).partition("What stood here while messages were taken")
    assert "He thanks you" in shown
    assert "The lead." not in shown
    assert "The lead." in folded
    assert "How it works" not in body(page)
    assert "12,000" in shown
    assert "15,000" not in shown
    assert "Sign the petition" not in shown
    alone = body(tmp_path / "site" / "mikita" / "en" / "won" / "index.html")
    assert alone.count("Mikita is free") == 2
    assert "Take a message back" in alone


@pytest.mark.slow
def test_until_won_md_is_written_check_warns_and_closed_md_stands(tmp_path, won, settings):
    assert not list(proofreader.warnings(load(won), TODAY))
    (won / "en" / "won.md").unlink()
    (told,) = proofreader.warnings(load(won), TODAY)
    assert "campaign.toml:3: warning: status: en/won.md is missing, and closed.md stands there; " in str(told)
    freeze(tmp_path / "site", {"mikita": load(won)}, settings)
    assert "<h1>Closed</h1>" in hero(tmp_path / "site" / "mikita" / "index.html")
    assert not (tmp_path / "site" / "mikita" / "won").exists()


@pytest.mark.parametrize("status", ["open", "paused", "closed"])
def test_an_unwritten_won_md_is_nobodys_matter_before(won, status):
    (won / "en" / "won.md").unlink()
    edit(won / "campaign.toml", '"won"', f'"{status}"')
    assert not list(proofreader.warnings(load(won), TODAY))


# A missing page.


def in_arabic_too(campaign):
    story = replace(campaign.edition.story, title="مرحبا")
    arabic = replace(campaign.edition, language="ar", direction="rtl", language_name="العربية", story=story)
    return replace(campaign, languages=("en", "ar"), editions={**campaign.editions, "ar": arabic})


@pytest.mark.slow
def test_a_missing_page_names_each_campaign_by_its_person(tmp_path, won, settings):
    closed = write_campaign(tmp_path / "content" / "anna")
    edit(closed / "campaign.toml", '"open"', '"closed"')
    freeze(tmp_path / "site", {"mikita": load(won), "anna": load(closed)}, settings)
    words = body(tmp_path / "site" / "404.html")
    assert "Mikita is free" in words
    assert load(closed).edition.story.title in words
    assert "Closed" not in words


@pytest.mark.slow
def test_a_missing_page_leads_back_in_each_language(tmp_path, campaign, settings):
    both = in_arabic_too(campaign)
    freeze(tmp_path / "site", {"mikita": both, "anna": replace(campaign, slug="anna")}, settings)
    page = (tmp_path / "site" / "404.html").read_text("utf-8")
    parts = dict(re.findall(r'<div lang="(en|ar)" dir="(?:ltr|rtl)">(.*?)</div>', page, re.DOTALL))
    links = {code: re.findall(r'<a href="([^"]+)">', part) for code, part in parts.items()}
    assert links == {"en": ["/mikita/en/", "/anna/en/"], "ar": ["/mikita/ar/"]}
    assert '<a href="/mikita/ar/">مرحبا</a>' in parts["ar"]
    assert page.count("<h1>") == 1


# The front page.


def in_every_state(campaign, *statuses):
    named = {status: replace(campaign, slug=status, status=status) for status in statuses}
    return {
        slug: replace(
            one,
            editions={"en": replace(one.edition, story=replace(one.edition.story, title=f"The {slug} one"))},
        )
        for slug, one in named.items()
    }


@pytest.mark.slow
def test_who_can_be_written_to_stands_first_and_each_state_is_said(tmp_path, campaign, settings):
    freeze(tmp_path / "site", in_every_state(campaign, "closed", "won", "paused", "open"), settings)
    words = body(tmp_path / "site" / "index.html")
    order = [
        "People who wait for your words",
        "The open one",
        "Writing rests for a while",
        "The paused one",
        "Won",
        "No more messages are taken",
    ]
    places = [words.index(said) for said in order]
    assert places == sorted(places)


def test_where_nobody_can_be_written_to_nobody_waits(tmp_path, campaign, settings):
    freeze(tmp_path / "site", in_every_state(campaign, "won"), settings)
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "wait for your words" not in page
    assert "Words for people in prison" in page


@pytest.mark.slow
def test_the_front_page_is_there_in_each_language(tmp_path, campaign, settings):
    both = in_arabic_too(campaign)
    other = replace(campaign, slug="anna")
    campaigns = {"mikita": both, "anna": other}
    assert list(index_page.languages(campaigns)) == ["en", "ar"]
    freeze(tmp_path / "site", campaigns, settings)
    page = (tmp_path / "site" / "ar" / "index.html").read_text("utf-8")
    assert '<html lang="ar" dir="rtl">' in page
    assert '<a href="/mikita/ar/">مرحبا</a>' in page
    assert f'<a href="/anna/">{other.edition.story.title}</a>' in page
    assert '<div lang="en" dir="ltr">' in page  # its picture stands on the page's own side
    assert 'hreflang="ar" href="https://candle.example.org/ar/"' in page


@pytest.mark.parametrize("slug", ["be", "en", "ann"])
def test_no_campaign_has_a_languages_code_for_its_name(tmp_path, slug):
    (fault,) = slug_faults(tmp_path / slug, slug)
    assert "is the code of a language" in str(fault)


@pytest.mark.slow
def test_before_its_first_day_the_page_says_when_it_begins_and_until_when_one_can_write(
    tmp_path, campaign, settings
):
    dated = replace(campaign, opens=date(2026, 12, 1), closes=date(2026, 12, 31))
    early, page = {"mikita": dated.on(date(2026, 11, 30))}, "mikita/index.html"
    freeze(tmp_path / "early", early, settings)
    assert body(tmp_path / "early" / page).count("You can write from 1 December 2026 on") == 2
    assert "<form" not in (tmp_path / "early" / page).read_text("utf-8")
    assert "Writing begins soon" in body(tmp_path / "early" / "index.html")
    freeze(tmp_path / "open", {"mikita": dated.on(date(2026, 12, 1))}, settings)
    assert "You can write until 31\u00a0December 2026." in (tmp_path / "open" / page).read_text("utf-8")
    freeze(tmp_path / "late", {"mikita": dated.on(date(2027, 1, 1))}, settings)
    assert "takes no more messages" in hero(tmp_path / "late" / page)


def test_a_build_says_of_which_day_each_campaign_tells(tmp_path, campaign, settings):
    freeze(tmp_path / "site", {"mikita": campaign.on(date(2026, 12, 1))}, settings)
    record = build_record.read((tmp_path / "site" / "build.json").read_bytes())
    assert record.days == {"mikita": date(2026, 12, 1)}


@pytest.mark.parametrize("shown", first(1, ["both", "original", "translation"]))
def test_the_card_promises_what_it_will_hold(tmp_path, campaign, settings, shown):
    campaign = replace(campaign, card=replace(campaign.card, print=shown))
    freeze(tmp_path / "site", {campaign.slug: campaign}, settings)
    page = body(tmp_path / "site" / "mikita" / "en" / "index.html")
    assert ("as Mikita will hold it" in page) == (shown == "original")
    assert ("it will hold a translation" in page) == (shown != "original")
