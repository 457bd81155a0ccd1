"""All checks on all places, in the order in which they cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from playwright.sync_api import Browser, Page

from campaign.language.locales import direction
from campaign.pages import parts_file
from tests.audit import looks
from tests.audit.places import Place, on_the_story, places, refused, shared_places, thanked
from tests.audit.stage import Stage, opened
from tests.browser.axe import faults

SCHEMES = ("light", "dark")
HIGHEST = 60  # CSS pixels from the screen's top at which thanks and errors may begin
ARRIVED = """(wanted) => {
  const part = document.querySelector(wanted), { top } = part.getBoundingClientRect();
  return { focus: document.activeElement === part, top, title: document.title };
}"""
ANNOUNCED = """() => {
  window.announced = [];
  const watch = new MutationObserver((all) => all.forEach(({ target }) => {
    const status = (target.closest ? target : target.parentElement)?.closest("[role=status], [role=alert]");
    if (status) announced.push(status.textContent);
  }));
  watch.observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


def found(
    stage: Stage, browser: Browser, languages: Iterable[str], schemes: Iterable[str] = SCHEMES
) -> Iterator[str]:
    """Yield every fault as `place, language, scheme: fault`."""
    schemes = tuple(schemes)
    for language in languages:
        for place in chain(places(stage, language), shared_places(stage)):
            for scheme in schemes:
                with opened(browser, color_scheme=scheme) as page:
                    place.show(page)
                    yield from (
                        f"{place.name}, {place.language}, {scheme}: {fault}" for fault in at(place, page)
                    )
        yield from titles(stage, browser, language)
        yield from journeys(stage, browser, language)


def at(place: Place, page: Page) -> Iterator[str]:
    """Yield the faults of one page in one state."""
    yield from looks.markup(page, place.language, direction(place.language))
    yield from looks.by_eye(page)
    yield from looks.by_keyboard(page)
    yield from looks.at_every_size(page)
    yield from faults(page)


def titles(stage: Stage, browser: Browser, language: str) -> Iterator[str]:
    """Yield pages that share a title with another."""
    seen: dict[str, str] = {}
    with opened(browser, java_script_enabled=False) as page:
        for path in ("", "thanks/", "closed/", "privacy/"):
            page.goto(f"{stage.url}/mikita/{language}/{path}")
            other = seen.setdefault(page.title(), path)
            if other != path or not page.title().strip():
                yield f"{path}, {language}: the title is that of another page: {page.title()!r}"


def journeys(stage: Stage, browser: Browser, language: str) -> Iterator[str]:
    """Yield what is wrong where somebody arrives after pressing the button: seen, focused, said aloud."""
    ends: tuple[tuple[Callable[[Page], None], str], ...] = (
        (refused, ".errors"),
        (thanked, ".thanked > :first-child"),
    )
    for act, wanted in ends:
        with opened(browser) as page:
            on_the_story(stage, language, lambda page, act=act: (page.evaluate(ANNOUNCED), act(page)), page)
            arrived = page.evaluate(ARRIVED, wanted)
            heard = "".join(page.evaluate("announced"))
            where = f"{act.__name__}, {language}"
            if not arrived["focus"]:
                yield f"{where}: {wanted} has no focus"
            if not 0 <= arrived["top"] <= HIGHEST:
                yield f"{where}: {wanted} begins at {arrived['top']:.0f} px"
            if (
                act is thanked and _sending(stage, language) not in heard
            ):  # what is lacking is said without sending
                yield f"{where}: nobody hears that it is sending"


def _sending(stage: Stage, language: str) -> str:
    """Return what the button says meanwhile; once the thanks stand there, the page holds it no more."""
    parts = (stage.folder / "mikita" / language / parts_file.NAME).read_text(encoding="utf-8")
    said = re.search(r'data-of="sending">([^<]+)<', parts)
    assert said is not None
    return said[1]
