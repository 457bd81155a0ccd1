"""News of the case: dated entries on the page, on a page of their own, and as a feed."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from PIL import Image

from campaign.content import checks
from campaign.content.campaign import load
from campaign.pages.site import freeze
from tests.support.editing import TODAY, the_fault, write_campaign
from tests.support.editing import replace as edit

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def settings(settings, tmp_path_factory):
    kept = tmp_path_factory.getbasetemp() / "kept"
    return replace(settings, build_dir=kept, source_url="https://code.example.org/candle")


@pytest.fixture
def folder(tmp_path):
    """A campaign in English and German, with an entry in both, one in English alone, and one to come."""
    folder = write_campaign(tmp_path / "content" / "mikita")
    edit(folder / "campaign.toml", '["en"]', '["en", "de"]')
    shutil.copytree(folder / "en", folder / "de")
    write(
        folder,
        "en",
        "2026-11-01-moved",
        "# He was moved\n\nTo [a place](../privacy.md).\n\n## Why\n\nOf old.",
    )
    write(folder, "de", "2026-11-01-moved", "# Verlegt\n\nAn einen [Ort](privacy.md).\n\n## Warum\n\nVon je.")
    write(folder, "en", "2026-11-20-letters", "# Letters arrive\n\nSince then.\n\n![A card](Card.png)\n")
    write(folder, "en", "2026-12-01-court", "# In court\n\nSoon, behind a door.\n\n![A door](Court.png)\n")
    Image.new("RGB", (40, 30), "white").save(folder / "en" / "news" / "Court.png")
    Image.new("RGB", (40, 30), "white").save(folder / "en" / "news" / "Card.png")
    return folder


def write(folder, language, name, text):
    place = folder / language / "news"
    place.mkdir(exist_ok=True)
    (place / f"{name}.md").write_text(text, encoding="utf-8")


@pytest.fixture
def site(tmp_path, folder, settings):
    freeze(tmp_path / "site", {"mikita": load(folder, today=TODAY).on(date(2026, 11, 29))}, settings)
    return tmp_path / "site" / "mikita"


def text(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_newest_stands_beside_the_story_and_leads_to_all(site):
    section = re.search(r'<section class="news">.*?</section>', text(site / "en" / "index.html"), re.DOTALL)[
        0
    ]
    assert 'href="/mikita/en/news/#2026-11-20-letters">Letters arrive</a>' in section
    assert '<time datetime="2026-11-20">20 November 2026</time>' in section
    assert "moved" not in section
    assert 'href="/mikita/en/news/">All the news</a>' in section


def test_the_beginning_beside_the_story_shows_no_picture(folder):
    write(folder, "en", "2026-11-21-bus", "# At the stop\n\nA bus.\n![A > stop](Card.png)\n\nMore.\n")
    write(folder, "en", "2026-11-22-stop", "# Again\n\n![A stop](Card.png)\n\nMore.\n")
    again, first, *_ = [one for one in load(folder, today=TODAY).edition.news.entries if one.day.day > 20]
    assert ("<img" in first.lead_html, "<img" in again.lead_html) == (True, True)
    assert (first.extract_html.striptags(), again.extract_html) == ("A bus.", "")
    assert "<img" not in first.extract_html


def test_all_stand_on_a_page_of_their_own_the_newest_first(site):
    page = text(site / "en" / "news" / "index.html")
    assert "<title>News of Mikita</title>" in page
    assert re.findall(r'<article class="entry" id="([^"]+)"', page) == [
        "2026-11-20-letters",
        "2026-11-01-moved",
    ]
    assert "<h3>Why</h3>" in page
    assert '<a href="/mikita/en/privacy/">a place</a>' in page
    assert 'src="/mikita/en/news/Card.png"' in page
    assert (site / "en" / "news" / "Card.png").is_file()


@pytest.mark.slow
def test_what_a_language_lacks_is_a_link_that_names_its_own(site):
    page = text(site / "de" / "news" / "index.html")
    assert (
        '<a href="/mikita/en/news/#2026-11-20-letters" lang="en" hreflang="en" dir="ltr">Letters arrive</a>'
    ) in page
    assert '20. November 2026</time> · <span lang="en">English</span></span></p>' in page
    assert "Since then." not in page
    assert "He was moved" not in page
    assert "<h2>Verlegt</h2>" in page
    newest = (
        text(site / "de" / "index.html").partition('<section class="news">')[2].partition("</section>")[0]
    )
    assert 'hreflang="en"' in newest
    assert "20. November 2026" in newest


@pytest.mark.slow
def test_an_entry_to_come_appears_with_its_day(site, tmp_path, folder, settings):
    assert not [path for path in site.rglob("*.*ml") if "In court" in text(path)]
    assert not (site / "en" / "news" / "Court.png").exists()
    freeze(tmp_path / "later", {"mikita": load(folder, today=TODAY).on(date(2026, 12, 1))}, settings)
    assert "In court" in text(tmp_path / "later" / "mikita" / "index.html")
    assert (tmp_path / "later" / "mikita" / "en" / "news" / "Court.png").is_file()


def test_news_without_a_picture_are_built_too(tmp_path, settings):
    folder = write_campaign(tmp_path / "content" / "mikita")
    write(folder, "en", "2026-11-01-moved", "# He was moved\n\nAway.\n")
    freeze(tmp_path / "site", {"mikita": load(folder, today=TODAY)}, settings)
    section = text(tmp_path / "site" / "mikita" / "index.html").partition('<section class="news">')[2]
    assert "Away." in section.partition("</section>")[0]
    assert "All the news" not in section


@pytest.mark.slow
def test_a_feed_holds_every_entry_with_its_language_and_addresses_that_lead_back(site):
    feed = ElementTree.parse(site / "de" / "news" / "feed.xml").getroot()
    assert feed.get(LANG) == "de"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Letters arrive", "Verlegt"]
    assert [entry.get(LANG) for entry in entries] == ["en", "de"]
    origin = "https://candle.example.org"
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert links == [
        f"{origin}/mikita/en/news/#2026-11-20-letters",
        f"{origin}/mikita/de/news/#2026-11-01-moved",
    ]
    assert f'href="{origin}/mikita/de/privacy/"' in entries[1].findtext(f"{ATOM}content")
    assert f'src="{origin}/mikita/en/news/Card.png"' in entries[0].findtext(f"{ATOM}content")
    assert feed.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00+00:00"
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert '"application/atom+xml"' in text(site / "de" / "index.html")


@pytest.mark.slow
def test_search_engines_hear_of_the_page_and_a_campaign_without_news_has_none(
    site, tmp_path, campaign, settings
):
    assert "/mikita/en/news/</loc>" in text(site.parent / "sitemap.xml")
    freeze(tmp_path / "none", {"mikita": campaign}, settings)
    assert not list((tmp_path / "none").rglob("news"))
    assert "news" not in text(tmp_path / "none" / "sitemap.xml")


@pytest.mark.parametrize(
    ("name", "written", "line", "fault", "remedy"),
    [
        ("2026-13-01-moved.md", "# A\n\nB.", 0, "2026-13-01 is no day", "2026-12-01-moved.md"),
        ("moved.md", "# A\n\nB.", 0, "is not named as an entry", "2026-12-01-moved.md"),
        (
            "2026-12-1 Moved on.md",
            "# A\n\nB.",
            0,
            "is not named as an entry",
            "name it 2026-12-01-moved-on.md",
        ),
        ("2026-12-01-moved.MD", "# A\n\nB.", 0, "is not named as an entry", "name it 2026-12-01-moved.md"),
        ("2026-12-01-moved.md", "\n#\n\nB.", 2, "the heading has no words", "what happened"),
        ("2026-12-01-moved.md", "Moved.\n", 1, "no heading", "# The heading"),
        ("2026-12-01-moved.md", "# A\n\n<b>B</b>", 3, "holds HTML: <b>", "Markdown"),
        ("2026-12-01-moved.md", "# A\n\n[B](thnaks.md)", 3, "which is not there", "did you mean thanks.md"),
        ("2026-12-01-moved.md", "", 0, "empty", "take the file away"),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(tmp_path, name, written, line, fault, remedy):
    folder = write_campaign(tmp_path / "content" / "mikita")
    write(folder, "en", "x", "")
    (folder / "en" / "news" / "x.md").rename(folder / "en" / "news" / name)
    (folder / "en" / "news" / name).write_text(written, encoding="utf-8")
    told = the_fault(folder)
    assert told[:2] == (f"en/news/{name}", line)
    assert fault in told[2]
    assert remedy in told[3]


def told_by_check(folder):
    found = checks.findings(folder.parent, today=TODAY)
    return [
        f"{one.path.relative_to(folder)}:{one.line} {one.fault}" for one in found if "news" in str(one.path)
    ]


@pytest.mark.slow
def test_check_reads_entries_as_it_reads_all_texts(folder):
    assert told_by_check(folder) == []
    write(
        folder,
        "de",
        "2026-11-01-moved",
        "# Verlegt\n\nAm 3. an einen [Ort](privacy.md#wo).\n\n## Warum\n\nX **y.",
    )
    write(folder, "de", "2026-12-01-court", text(folder / "en" / "news" / "2026-12-01-court.md"))
    shutil.copy(folder / "en" / "news" / "Court.png", folder / "de" / "news")
    (folder / "en" / "news" / "left.txt").write_text("x")
    told = "\n".join(told_by_check(folder))
    assert "de/news/2026-11-01-moved.md:3 a link to #wo, which is no heading in privacy.md" in told
    assert 'de/news/2026-11-01-moved.md:7 the sign "**" is left over' in told
    assert "de/news/2026-12-01-court.md:1 is the same as en/news/2026-12-01-court.md" in told
    assert "en/news/left.txt:0 nothing uses this file" in told
