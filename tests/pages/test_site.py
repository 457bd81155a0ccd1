"""The frozen page: its addresses, its head, its headers, and what each status shows."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

import pytest
from flask import Flask, render_template_string
from jinja2 import StrictUndefined, UndefinedError
from PIL import Image

from campaign.content import form_fields
from campaign.content.campaign import Campaign, load
from campaign.content.editors_file import PAGES
from campaign.keys import sealing
from campaign.language.catalogue import read_catalogue
from campaign.language.locales import rounded
from campaign.pages import assets, headers, source_archive
from campaign.pages.assets import STATIC
from campaign.pages.folder_swap import PagesError
from campaign.pages.local_server import header_rules
from campaign.pages.site import ROOT, freeze
from campaign.settings import Settings
from tests.support.lanes import first
from tests.support.table import table

MOST_OF_A_PAGE = 14_000  # bytes, gzip: what a server sends before the first acknowledgement
MOST_OF_A_SCRIPT = 5 * 512  # bytes, gzip
CONTROLS = {"input", "textarea", "select"}
SERVERS_OWN = 200  # bytes of headers that a web server adds to each answer


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for t, a in self.found if t == tag and wanted.items() <= a.items()]


@pytest.fixture(scope="module")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests of this module, so that the pictures are made once."""
    return tmp_path_factory.mktemp("_build")


@pytest.fixture
def settings(settings: Settings, build_dir: Path) -> Settings:
    return replace(settings, build_dir=build_dir, source_url="https://code.example.org/candle")


@pytest.fixture
def bilingual(campaign: Campaign) -> Campaign:
    """The campaign with a second, right-to-left edition."""
    arabic = replace(campaign.edition, language="ar", direction="rtl", language_name="العربية")
    return replace(campaign, languages=("en", "ar"), editions={**campaign.editions, "ar": arabic})


def frozen(output: Path, campaign: Campaign, settings: Settings) -> Path:
    freeze(output, {campaign.slug: campaign}, settings)
    return output


def story(folder: Path, path: str = "mikita/en") -> Elements:
    return Elements((folder / path / "index.html").read_text(encoding="utf-8"))


def files(folder: Path) -> set[str]:
    """Name every file but the packed copies."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".br", ".gz"})
    return {str(path.relative_to(folder)) for path in found}


def test_every_address_is_a_file(tmp_path: Path, bilingual: Campaign, settings: Settings) -> None:
    found = {name for name in files(frozen(tmp_path / "site", bilingual, settings)) if "static/" not in name}
    branches = ["mikita", "mikita/en", "mikita/ar"]
    short = [f"{branch}/{page}" for branch in branches for page in PAGES]
    expected = {f"{path}/index.html" for path in [*branches, *short, "en", "ar"]}
    expected |= {f"{path}/parts.txt" for path in branches}
    assert found == expected | {
        "index.html",
        "404.html",
        "robots.txt",
        "sitemap.xml",
        "build.json",
        "_headers",
    }


@pytest.mark.slow
def test_without_an_address_of_its_own_the_source_lies_beside_the_page(
    tmp_path: Path, campaign: Campaign, settings: Settings
) -> None:
    folder = frozen(tmp_path / "site", campaign, replace(settings, source_url=""))
    for page in folder.rglob("*.html"):
        link = rf'<a href="/{source_archive.NAME}">[^<]+ \(\d+ MB\)</a>'  # its size on no line of its own
        assert re.search(link, page.read_text(encoding="utf-8")), page
    assert (folder / source_archive.NAME).stat().st_size > 1_000_000


def test_every_link_leads_to_a_file(tmp_path: Path, bilingual: Campaign, settings: Settings) -> None:
    folder = frozen(tmp_path / "site", bilingual, settings)
    links = {
        value.partition("#")[0]
        for page in (*folder.rglob("*.html"), *folder.rglob("parts.txt"))
        for _, attributes in Elements(page.read_text(encoding="utf-8")).found
        for name, value in attributes.items()
        if name in {"href", "src"} and not value.startswith("#")
    }
    links |= set(
        re.findall(r"/static/\S+", " ".join(a.get("srcset", "") for a in story(folder).all("source")))
    )
    local = {link for link in links if link.startswith("/")}
    assert len(local) > 10
    missing = [
        link
        for link in local
        if not (folder / f"{link}{'index.html' if link.endswith('/') else ''}"[1:]).is_file()
    ]
    assert not missing
    outside = {urlsplit(link).netloc for link in links - local if not link.startswith("mailto:")}
    ours = {"candle.example.org", "post.candle.example.org", "code.example.org"}
    assert outside == ours | {"wa.me", "t.me", "www.facebook.com", "x.com", "bsky.app"}


def test_the_head_names_the_page_in_every_language(
    tmp_path: Path, bilingual: Campaign, settings: Settings
) -> None:
    settings = replace(settings, site_url=(*settings.site_url, "http://candle.onion"))
    folder = frozen(tmp_path / "site", bilingual, settings)
    page = story(folder, "mikita/ar")
    assert page.all("html") == [{"lang": "ar", "dir": "rtl"}]
    assert page.all("link", rel="canonical", href="https://candle.example.org/mikita/ar/")
    shared = page.all("meta", property="og:image")[0]["content"]
    assert shared.startswith("https://candle.example.org/static/mikita-1200.")
    assert (folder / urlsplit(shared).path[1:]).is_file()
    assert page.all("meta", **{"http-equiv": "onion-location"}) == [
        {"http-equiv": "onion-location", "content": "http://candle.onion/mikita/ar/"}
    ]
    assert story(folder, "mikita").all("link", rel="canonical", href="https://candle.example.org/mikita/en/")


def test_the_picture_has_words_and_a_size(tmp_path: Path, campaign: Campaign, settings: Settings) -> None:
    picture = story(frozen(tmp_path / "site", campaign, settings)).all("img")[0]
    assert picture["alt"] == campaign.edition.illustration_alt
    assert int(picture["height"]) / int(picture["width"]) == pytest.approx(134 / 91, rel=0.01)


def test_the_form_asks_what_the_campaign_asks(tmp_path: Path, campaign: Campaign, settings: Settings) -> None:
    page = story(frozen(tmp_path / "site", campaign, settings))
    assert page.all("form", method="post", action="https://post.candle.example.org/mikita/messages")
    controls = [a["name"] for tag, a in page.found if tag in CONTROLS]
    assert controls == [
        *("message", "first_name", "last_name", "country", "email", "updates", "consent"),
        *("homepage", "language"),
    ]
    assert len(page.all("option")) > 240


def drawn(fields: tuple[form_fields.Field, ...], campaign: Campaign) -> Elements:
    app = Flask(__name__, root_path=str(ROOT / "site"))
    app.jinja_options = {"undefined": StrictUndefined}
    with app.test_request_context():
        page = render_template_string(
            '{% from "_form.html" import message_form %}'
            "{{ message_form(words, '/', fields, campaign, campaign.edition, '/') }}",
            **{"words": read_catalogue("en"), "fields": fields, "campaign": campaign},
        )
    return Elements(page)


def test_every_field_there_is_is_drawn_once_and_in_order(campaign: Campaign) -> None:
    fields = form_fields.fields(400, form_fields.DETAILS)
    page = drawn(fields, campaign)
    names = [field.name for field in fields]
    assert [a["id"] for tag, a in page.found if tag in CONTROLS and "id" in a] == names
    assert [a["for"] for a in page.all("label") if "for" in a] == names


def test_the_script_seals_every_detail_and_holds_it_to_its_limit() -> None:
    """What it did not know would go out unsealed."""
    details = [
        field for field in form_fields.fields(0, form_fields.DETAILS) if field.name in form_fields.DETAILS
    ]
    (sealed,) = re.findall(r"const DETAILS = \[(.*?)\];", (STATIC / "writing.js").read_text("utf-8"))
    assert set(sealed.split(", ")) == {f'"{field.name}"' for field in details}
    (limits,) = re.findall(r"const LONGEST = \{ (.*?) \};", (STATIC / "sealing.js").read_text("utf-8"))
    typed = (field for field in details if field.kind != "country")
    assert set(limits.split(", ")) == {f"{field.name}: {field.limit}" for field in typed}


@pytest.mark.parametrize("group", get_args(get_type_hints(form_fields.Field)["group"]))
def test_a_field_that_is_added_needs_words_of_its_own(group: Any, campaign: Campaign) -> None:
    with pytest.raises(UndefinedError, match="town"):
        drawn((form_fields.Field("town", "text", group),), campaign)


def test_without_a_key_no_details_are_asked(tmp_path: Path, campaign: Campaign, settings: Settings) -> None:
    site = frozen(tmp_path / "site", campaign, replace(settings, age_recipients=()))
    page = story(site)
    controls = [a["name"] for tag, a in page.found if tag in CONTROLS]
    assert controls == ["message", "first_name", "consent", "homepage", "language"]
    said = (site / "mikita/parts.txt").read_text("utf-8")
    assert "leave those three empty" in said  # to who still has the form open that asked for them


@table(("signatures", "shown"), [(12000, 12000), (12345, 12300), (999, 990), (87, 80), (9, 0), (0, 0)])
def test_over_so_many_is_rounded_down(signatures: int, shown: int) -> None:
    assert rounded(signatures) == shown


@pytest.mark.slow
def test_the_count_comes_with_its_date_or_not_at_all(
    tmp_path: Path, campaign: Campaign, settings: Settings
) -> None:
    html = (frozen(tmp_path / "a", campaign, settings) / "mikita/index.html").read_text(encoding="utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
    assert "Over 12,000 people have signed the petition for Mikita. The goal: 15,000. " in text
    assert "Counted on 22 November 2026." in text
    assert "Sign the petition" not in text
    elsewhere = replace(campaign, petition_url="https://petition.example/mikita")
    page = story(frozen(tmp_path / "b", elsewhere, settings))
    assert page.all("a", href="https://petition.example/mikita", rel="noopener")
    none = frozen(tmp_path / "b", replace(campaign, signatures=3), settings)
    assert "people have signed" not in (none / "mikita/index.html").read_text(encoding="utf-8")


def test_what_editors_write_cannot_become_markup(
    tmp_path: Path, campaign: Campaign, settings: Settings
) -> None:
    marked = replace(campaign.edition.story, title='<b>"&')
    edition = replace(campaign.edition, story=marked, illustration_alt='"><script>', suggestions=("<i>",))
    folder = frozen(tmp_path / "site", replace(campaign, editions={"en": edition}), settings)
    page = story(folder)
    assert not page.all("b")
    assert not page.all("i")
    assert page.all("script") == [{"type": "module", "src": page.all("script")[0]["src"]}]


def test_nothing_is_inline_and_nothing_foreign(
    tmp_path: Path, campaign: Campaign, settings: Settings
) -> None:
    for page in frozen(tmp_path / "site", campaign, settings).rglob("*.html"):
        elements = Elements(page.read_text(encoding="utf-8"))
        assert not elements.all("style")
        assert all(a.get("src", "").startswith("/static/page.") for a in elements.all("script"))
        assert not [
            a for _, a in elements.found if any(name == "style" or name.startswith("on") for name in a)
        ]


@pytest.fixture(scope="module")
def every_language(tmp_path_factory: pytest.TempPathFactory, build_dir: Path) -> Path:
    """The first campaign frozen in all its languages."""
    settings = Settings(
        site_url=("https://candle.example.org",),
        receiver_url="https://post.candle.example.org",
        source_url="https://code.example.org/candle",
        age_recipients=(sealing.new_key()[0],),
        build_dir=build_dir,
    )
    return frozen(tmp_path_factory.mktemp("every") / "site", load(ROOT / "content" / "mikita"), settings)


LANGUAGES = ("en", "be", "ru", "uk", "pl", "de")
NAMES = ("Mikita", "Мікіт", "Никит", "Микит", "Mikit", "Mikita")


@pytest.mark.parametrize("code", first(2, LANGUAGES))
def test_each_page_names_and_links_every_language(every_language: Path, code: str) -> None:
    page = story(every_language, f"mikita/{code}")
    assert page.all("html")[0]["lang"] == code
    linked = {a["hreflang"]: a["href"] for a in page.all("link", rel="alternate")}
    assert linked == {
        **{one: f"https://candle.example.org/mikita/{one}/" for one in LANGUAGES},
        "x-default": "https://candle.example.org/mikita/",
    }
    shown = {a["hreflang"]: a for a in page.all("a") if "hreflang" in a}
    assert [(one, shown[one]["lang"]) for one in shown] == [(one, one) for one in LANGUAGES]
    assert [one for one in shown if "aria-current" in shown[one]] == [code]


@pytest.mark.parametrize(("code", "name"), [*zip(LANGUAGES, NAMES, strict=True)])
def test_each_page_and_its_words_call_the_person_as_their_language_does(
    every_language: Path, code: str, name: str
) -> None:
    for file in ("index.html", "parts.txt", "thanks/index.html", "privacy/index.html"):
        words = (every_language / "mikita" / code / file).read_text(encoding="utf-8")
        assert "%(" not in words.replace("%(words)s", "").replace("%(title)s", "")
        if code in {"be", "ru", "uk"}:
            assert not re.search(r"\bMikit\w*", re.sub(r"(?s)<[^>]*>", "", words)), (file, code)
    assert name in (every_language / "mikita" / code / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", LANGUAGES)
def test_html_css_and_headers_are_small_and_so_is_the_script(
    every_language: Path, settings: Settings, code: str
) -> None:
    folder = every_language
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.page_headers(settings).items())
    sizes = {
        path.suffix: len(gzip.compress(path.read_bytes(), 9))
        for path in [folder / f"mikita/{code}/index.html", *folder.glob("static/page.*")]
    }
    page = sizes[".html"] + sizes[".css"] + 2 * (len(fields) + SERVERS_OWN)
    print(sizes, page)  # noqa: T201 # the figure is the point
    assert page <= MOST_OF_A_PAGE
    assert sizes[".js"] <= MOST_OF_A_SCRIPT


def test_a_text_that_runs_over_lines_is_sent_as_the_script_has_it() -> None:
    sent = assets.site_files()
    for path in STATIC.glob("*.js"):
        texts = [text for text in re.findall(rb"`[^`]*`", path.read_bytes()) if b"\n" in text]
        assert all(text in sent[path.name].body for text in texts), path.name


def test_the_licences_stand_beside_the_card_s_letters() -> None:
    for name in ("OFL-Alegreya.txt", "OFL-Noto.txt"):
        assert (STATIC / "letters" / name).read_bytes() == (ROOT / "campaign/cards/fonts" / name).read_bytes()


def policy(settings: Settings) -> Mapping[str, list[str]]:
    parts = (directive.split() for directive in headers.content_security_policy(settings).split(";"))
    return {name: values for name, *values in parts}


def test_the_policy_allows_the_page_and_the_receiver_and_nothing_else(settings: Settings) -> None:
    settings = replace(settings, site_url=("https://candle.example.org", "http://candle.onion"))
    assert policy(settings) == {
        "default-src": ["'none'"],
        "img-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'", "https://post.candle.example.org"],
        "form-action": [
            "https://candle.example.org",
            "http://candle.onion",
            "https://post.candle.example.org",
        ],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


@pytest.mark.parametrize(
    ("path", "seconds"),
    first(2, [("/mikita/en/", 300), ("/static/page.css", 31_536_000), ("/", 300), ("/404.html", 300)]),
)
def test_every_path_gets_the_headers_and_one_age(
    path: str, seconds: int, tmp_path: Path, campaign: Campaign, settings: Settings
) -> None:
    folder = frozen(tmp_path / "site", campaign, settings)
    found = dict(header_rules(folder, path))
    assert found["Referrer-Policy"] == "strict-origin"
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Cross-Origin-Opener-Policy"] == found["Cross-Origin-Resource-Policy"] == "same-origin"
    assert found["Strict-Transport-Security"].startswith("max-age=")
    assert "geolocation=()" in found["Permissions-Policy"]
    assert f"max-age={seconds}" in found["Cache-Control"]
    # Hosts join what two rules say of one header, so no path may be named twice with an age.
    text = (folder / "_headers").read_text(encoding="utf-8")
    aged = [rule.split("\n")[0] for rule in text.split("\n\n") if "Cache-Control" in rule]
    assert sum(path == rule or (rule.endswith("*") and path.startswith(rule[:-1])) for rule in aged) == 1


def test_a_changed_file_gets_another_name(
    tmp_path: Path, campaign: Campaign, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    static = tmp_path / "static"
    static.mkdir()
    for asset in STATIC.rglob("*.*"):
        (static / asset.name).write_text("a{}")
    monkeypatch.setattr("campaign.pages.assets.STATIC", static)
    first = files(frozen(tmp_path / "site", campaign, settings))
    (static / "page.css").write_text("b{}")
    second = files(frozen(tmp_path / "site", campaign, settings))
    assert len(first - second) == len(second - first) == 1


def test_a_fault_leaves_the_earlier_build_whole(
    tmp_path: Path, campaign: Campaign, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = frozen(tmp_path / "site", campaign, settings)
    before = {name: (output / name).read_bytes() for name in files(output)}
    monkeypatch.setattr("campaign.pages.headers.headers_file", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        frozen(output, replace(campaign, name="Another"), settings)
    assert {name: (output / name).read_bytes() for name in files(output)} == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.slow
def test_what_is_gone_from_the_content_is_gone_from_the_build(
    tmp_path: Path, bilingual: Campaign, campaign: Campaign, settings: Settings
) -> None:
    output = frozen(tmp_path / "site", bilingual, settings)
    assert (output / "mikita/ar").is_dir()
    frozen(output, campaign, settings)
    assert not (output / "mikita/ar").exists()


def test_a_folder_with_other_things_is_never_replaced(
    tmp_path: Path, campaign: Campaign, settings: Settings
) -> None:
    (tmp_path / "letters.txt").write_text("keep me")
    with pytest.raises(PagesError, match="holds something other than an earlier build"):
        frozen(tmp_path, campaign, settings)
    assert (tmp_path / "letters.txt").read_text() == "keep me"


def test_pictures_beside_the_texts_are_frozen_with_them(
    tmp_path: Path, campaign: Campaign, settings: Settings
) -> None:
    photo = tmp_path / "bus-stop.jpg"
    Image.new("RGB", (30, 20), "red").save(photo)
    edition = replace(campaign.edition, pictures={"bus-stop.jpg": photo})
    folder = frozen(tmp_path / "site", replace(campaign, editions={"en": edition}), settings)
    with Image.open(folder / "mikita/en/bus-stop.jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", (30, 20))
