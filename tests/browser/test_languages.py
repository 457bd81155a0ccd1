"""The page in several languages: which is offered, what can be borrowed, where the warning stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, Route, expect

from campaign import ROOT
from campaign.content.campaign import Campaign, load
from tests.browser.conftest import FrozenSite, Watched
from tests.browser.writing import Receiver
from tests.support.lanes import few

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODES = ("en", "be", "ru", "uk", "pl", "de")
PHONE = {"width": 390, "height": 664}
SHIFTED = """() => new Promise((done) => {
  let all = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { all += value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(all), 300);
})"""
Visit = Callable[..., Watched]


@pytest.fixture(scope="module")
def site(serve: Callable[..., AbstractContextManager[FrozenSite]]) -> Iterator[FrozenSite]:
    """The first campaign in all its languages."""
    whole: Campaign = load(ROOT / "content" / "mikita")
    with serve(lambda _: whole) as site:
        yield site


def test_the_browser_s_language_is_offered_by_a_line_that_moves_nothing(
    visit: Visit, site: FrozenSite
) -> None:
    page = visit(site=site, locale="be-BY", viewport=PHONE).page
    offer = page.locator(".offer")
    expect(offer).to_have_text("Гэтая старонка ёсць і на вашай мове: Беларуская")
    expect(offer).to_have_attribute("lang", "be")
    assert page.evaluate(SHIFTED) == 0
    assert page.url == f"{site.url}/mikita/en/"
    offer.get_by_role("link").click()
    page.wait_for_url(f"{site.url}/mikita/be/")
    page.wait_for_load_state("networkidle")
    expect(offer).to_have_count(0)
    page.locator("nav.languages").get_by_text("English").click()  # whoever chooses is not asked again
    page.wait_for_url(f"{site.url}/mikita/en/")
    page.wait_for_load_state("networkidle")
    expect(offer).to_have_count(0)


def test_on_paper_no_language_is_offered_over_the_title(visit: Visit, site: FrozenSite) -> None:
    page = visit(site=site, viewport={"width": 794, "height": 1123}).page  # A4
    page.emulate_media(media="print")
    expect(page.locator(".languages:visible")).to_have_count(0)


NEVER_IDLE = """const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  for (const begun = performance.now(); performance.now() - begun < 20;);
  port2.postMessage(0);
};
addEventListener("load", () => port2.postMessage(0));"""


def test_a_busy_phone_offers_it_too(visit: Visit, site: FrozenSite) -> None:
    page = visit(site=site, locale="be-BY", prepare=lambda page: page.add_init_script(NEVER_IDLE)).page
    expect(page.locator(".offer")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), few(2, [(704, 460), (1280, 460), (900, 460), (1280, 800)]))
def test_the_offer_lies_over_no_heading(width: int, height: int, visit: Visit, site: FrozenSite) -> None:
    page = visit("/mikita/uk/", site, locale="be-BY", viewport={"width": width, "height": height}).page
    offer = page.locator(".offer")
    expect(offer).to_be_visible()
    line, heading = offer.bounding_box(), page.locator("h1").bounding_box()
    assert line is not None
    assert heading is not None
    assert line["y"] + line["height"] <= heading["y"]
    assert page.evaluate(SHIFTED) == 0


def test_a_low_wide_screen_shows_the_whole_ask(visit: Visit, site: FrozenSite) -> None:
    page = visit("/mikita/uk/", site, viewport={"width": 1280, "height": 460}).page
    expect(page.locator(".hero .button")).to_be_in_viewport(ratio=1)


def test_twice_as_large_a_long_word_beside_a_box_is_broken(visit: Visit, site: FrozenSite) -> None:
    page = visit("/mikita/ru/", site, viewport={"width": 390, "height": 664}).page
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# Shown twice as large, the screen is said to be half as wide; 320 x 256 is 1280 x 1024 at 400 %.
@pytest.mark.parametrize(("width", "height"), [(160, 320), (320, 256)])
def test_twice_as_large_on_the_smallest_phone_nothing_covers_the_ask_or_breaks_the_title(
    width: int, height: int, visit: Visit, site: FrozenSite
) -> None:
    page = visit("/mikita/uk/", site, locale="be-BY", viewport={"width": width, "height": height}).page
    expect(page.locator(".offer")).to_be_visible()
    expect(page.locator(".privacy a").first).to_have_css("hyphens", "manual")  # it may be an address
    page.locator(".hero .button").click(trial=True)
    offer, title, ask = (page.locator(part).bounding_box() for part in (".offer", "h1", ".hero .button"))
    assert offer is not None
    assert title is not None
    assert ask is not None
    assert ask["y"] >= (0.8 if width > 160 else 0.5) * height
    assert (offer["y"] + offer["height"] <= title["y"]) is (width > 160)
    assert title["y"] < height  # no list of languages fills the first screen
    broken = """(all) => all.flatMap((one) => {
      const text = one.firstChild, range = document.createRange();
      return [...text.data.matchAll(/\\S+/g)].filter((word) => {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return range.getClientRects().length > 1;
      }).map(String);
    })"""
    assert page.locator("h1, .write h2, .count strong").evaluate_all(broken) == []


@pytest.mark.parametrize("locale", ["en-US", "fr-FR"])
def test_no_language_is_offered_where_the_page_has_no_better_one(
    locale: str, visit: Visit, site: FrozenSite
) -> None:
    watched = visit(site=site, locale=locale)
    watched.page.wait_for_load_state("networkidle")
    expect(watched.page.locator(".offer")).to_have_count(0)
    assert not [request.url for request in watched.requests if request.url.endswith("parts.txt")]


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("pt, en", "pt"),  # as it is called
        ("es-MX, en", "es-ES"),  # the only one of its kind, and before what comes later
    ],
)
def test_of_a_language_s_kinds_the_one_that_is_asked_for_is_offered(
    asked: str, offered: str, visit: Visit, site: FrozenSite
) -> None:
    renamed = {"be": "pt-PT", "ru": "pt-BR", "uk": "pt", "pl": "es-ES"}

    def rename(route: Route) -> None:
        html = route.fetch().text()
        for code, other in renamed.items():
            html = html.replace(f'hreflang="{code}">', f'hreflang="{other}">')
        route.fulfill(body=html, content_type="text/html")

    def prepare(page: Page) -> None:
        languages = json.dumps(asked.split(", "))
        page.add_init_script(f"Object.defineProperty(navigator, 'languages', {{ value: {languages} }})")
        page.route("**/mikita/en/", rename)

    page = visit(site=site, prepare=prepare).page
    expect(page.locator(".offer a")).to_have_attribute("hreflang", offered)


def test_the_warning_stands_before_every_field_on_a_phone(visit: Visit, site: FrozenSite) -> None:
    page = visit("/mikita/en/", site, viewport=PHONE, java_script_enabled=False).page
    for code in CODES:
        page.goto(f"{site.url}/mikita/{code}/#write")
        danger = page.locator(".write .danger")
        expect(danger).to_be_in_viewport(ratio=1)
        warned, first_field = (danger.bounding_box(), page.locator("#message").bounding_box())
        assert warned is not None
        assert first_field is not None
        assert warned["y"] + warned["height"] < first_field["y"], code
        # Who reads the person's languages may live where writing is dangerous: there it is at the top, too.
        assert page.locator(".hero .danger").count() == (code in {"be", "ru"}), code


def test_words_can_be_borrowed_in_a_language_that_he_reads(visit: Visit, site: FrozenSite) -> None:
    page = visit("/mikita/de/", site, locale="de", prepare=Receiver().attach).page
    same = page.get_by_role("button", name="Dasselbe in einer Sprache, die Mikita lesen kann: Belarussisch")
    same.first.click()
    expect(page.locator("#message")).to_have_value(site_words("be")[0])
    page.locator(".suggestions summary").click()
    same.nth(3).click()  # words that were only borrowed give way to others
    expect(page.locator("#message")).to_have_value(site_words("be")[3])


def site_words(code: str) -> list[str]:
    lines = (ROOT / "content" / "mikita" / code / "suggestions.md").read_text("utf-8").splitlines()
    return [line.removeprefix("- ") for line in lines]


def test_the_buttons_of_borrowed_words_do_not_run_into_each_other(visit: Visit, site: FrozenSite) -> None:
    page = visit(site=site).page
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        use, same = (button.bounding_box() for button in page.locator(".suggestions button").all()[:2])
        assert use is not None
        assert same is not None
        beside = same["x"] - (use["x"] + use["width"])
        assert beside >= 16 or same["y"] >= use["y"] + use["height"], width


def test_a_page_that_he_reads_offers_no_other_words(visit: Visit, site: FrozenSite) -> None:
    page = visit("/mikita/be/", site, locale="be").page
    expect(page.locator(".suggestions button")).to_have_count(len(site_words("be")))


@pytest.mark.parametrize("scripted", [True, False])
def test_what_opens_beside_the_form_leads_to_no_second_form(
    scripted: bool, visit: Visit, site: FrozenSite
) -> None:
    page = visit("/mikita/en/", site, java_script_enabled=scripted).page
    with page.context.expect_page() as opened:
        page.locator(".write .danger a").click()
    beside = opened.value
    expect(beside.get_by_text("waits in the other tab")).to_be_in_viewport()
    expect(beside.locator(".back")).to_be_hidden()
    page.locator("footer").get_by_role("link", name="What is kept about you").click()
    expect(page.get_by_text("waits in the other tab")).to_be_hidden()
    expect(page.locator(".back")).to_be_visible()
