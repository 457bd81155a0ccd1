"""How the page travels: packed beside itself, pictures as wide as asked, what links show."""

from __future__ import annotations

import gzip
import io
import re
from dataclasses import replace
from itertools import groupby
from xml.etree import ElementTree

import brotli
import pytest
from PIL import Image

from campaign.pages import compressing, share_image
from campaign.pages.site import freeze

SITE = "https://candle.example.org"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def folder(tmp_path, campaign, settings, kept):
    settings = replace(settings, build_dir=kept, source_url="https://code.example.org/candle")
    freeze(tmp_path / "site", {"mikita": campaign}, settings)
    return tmp_path / "site"


@pytest.mark.slow
def test_beside_each_text_lie_the_same_bytes_packed(folder):
    packed = list(folder.rglob("*.br"))
    assert {path.with_suffix("").suffix for path in packed} >= {".html", ".css", ".js"}
    for path in packed:
        plain = path.with_suffix("").read_bytes()
        assert brotli.decompress(path.read_bytes()) == plain
        assert gzip.decompress(path.with_suffix(".gz").read_bytes()) == plain
        assert len(path.read_bytes()) < len(plain)


def test_the_same_text_is_packed_to_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text("warm words " * 100)
        compressing.compress(tmp_path / name)
    for suffix in (".br", ".gz"):
        one, other = ((tmp_path / name / f"page.html{suffix}").read_bytes() for name in ("one", "other"))
        assert one == other


def test_what_would_not_be_smaller_or_is_packed_already_is_left_alone(tmp_path):
    (tmp_path / "robots.txt").write_text("short")
    (tmp_path / "picture.webp").write_bytes(bytes(1000))
    compressing.compress(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.slow
def test_each_picture_is_offered_as_avif_first_and_as_wide_as_phones_ask(folder):
    page = (folder / "mikita" / "index.html").read_text("utf-8")
    sources = re.findall(r'<source type="image/(\w+)"[^>]*srcset="([^"]*)"', page)
    assert [kind for kind, _ in sources] == ["avif", "webp"]
    for kind, srcset in sources:
        offered = dict(reversed(one.split()) for one in srcset.split(", "))
        assert list(offered) == ["360w", "540w", "800w", "1080w"]
        for width, url in offered.items():
            with Image.open(folder / url[1:]) as picture:
                assert (picture.format, f"{picture.width}w") == (kind.upper(), width)


@pytest.mark.slow
def test_search_engines_are_told_each_page_in_each_language(folder):
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    places = ElementTree.parse(folder / "sitemap.xml").iterfind("s:url/s:loc", names)
    assert {place.text for place in places} == {f"{SITE}/en/", f"{SITE}/mikita/en/"}
    assert f"Sitemap: {SITE}/sitemap.xml" in (folder / "robots.txt").read_text()


def ink(image, box):
    """Count the dots that are as light as the words."""
    return sum(min(dot) > 180 for dot in image.crop(box).get_flattened_data())


@pytest.mark.slow
@pytest.mark.parametrize(("direction", "words"), [("ltr", (0, 0, 720, 630)), ("rtl", (480, 0, 1200, 630))])
def test_beside_a_link_stands_the_title_in_its_language(direction, words):
    night = Image.new("RGB", (910, 1340), (20, 20, 47))
    said = {
        title: share_image.draw(night, share_image.Words(title, "Write to Mikita", "be", direction))
        for title in ("Мікіта чакаў сябра", "Мікіта дома")
    }
    first, second = said.values()
    assert first.size == second.size == (1200, 630)
    assert first.tobytes() != second.tobytes()
    assert ink(first, words) > 5000
    assert ink(first, words) == ink(first, (0, 0, 1200, 630))


def test_what_the_picture_asks_for_stands_in_one_line():
    drawn = share_image.draw(
        Image.new("RGB", (910, 1340), (20, 20, 47)), share_image.Words("Дома", "Написати Микиті", "uk", "ltr")
    )
    rows = [ink(drawn, (0, y, 720, y + 1)) > 0 for y in range(drawn.height)]
    assert [shown for shown, _ in groupby(rows)].count(True) == 2


def test_a_title_that_no_font_draws_is_left_away():
    night = Image.new("RGB", (910, 1340), (20, 20, 47))
    assert not ink(
        share_image.draw(night, share_image.Words("\U000e0001\ue000", "Mikita", "en", "ltr")),
        (0, 0, 1200, 630),
    )


@pytest.mark.slow
def test_each_language_has_a_picture_of_its_own_for_links(folder, tmp_path, campaign, settings, kept):
    other = replace(
        campaign.edition, language="be", story=replace(campaign.edition.story, title="Мікіта чакаў сябра")
    )
    both = replace(campaign, languages=("en", "be"), editions={**campaign.editions, "be": other})
    settings = replace(settings, build_dir=kept, source_url="https://code.example.org/candle")
    freeze(tmp_path / "both", {"mikita": both}, settings)
    shown = [
        re.search(
            r'og:image" content="([^"]*)"', (tmp_path / "both" / "mikita" / code / "index.html").read_text()
        )[1]
        for code in ("en", "be")
    ]
    assert len(set(shown)) == 2
    for url in shown:
        body = (tmp_path / "both" / url.removeprefix(SITE)[1:]).read_bytes()
        with Image.open(io.BytesIO(body)) as picture:
            assert picture.size == (1200, 630)
