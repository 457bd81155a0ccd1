"""Every page and state in which a supporter can be, and how to get there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page, Route, expect
from werkzeug.test import TestResponse

from tests.audit.stage import STATES, Stage

WORDS = ("thanks", "closed", "privacy", "news", "wall")
UNREAD = ("404", "413")  # the receiver answers before it knows the language
RISKY = "Freedom, dear Mikita! " * 30  # risky words, foreign letters, too long


@dataclass(frozen=True)
class Place:
    """One page in one state; `show` leads a fresh page there."""

    name: str
    language: str
    show: Callable[[Page], None]


def places(stage: Stage, language: str) -> Iterator[Place]:
    """Every place in one language: the frozen pages, what their script shows, the receiver's answers."""
    paths = {"story": f"/mikita/{language}/"}
    paths |= {f"{word} page": f"/mikita/{language}/{word}/" for word in WORDS}
    paths |= {f"{state} story": f"/{state}/{language}/" for state in STATES}
    for name, path in paths.items():
        yield Place(name, language, partial(go, stage, path))
    for name, act in {"writing": writing, "refused": refused, "thanked": thanked}.items():
        yield Place(name, language, partial(on_the_story, stage, language, act))
    for name, answer in stage.answers(language).items():
        spoken = "en" if name in UNREAD else language
        yield Place(f"receiver {name}", spoken, partial(answered, stage, answer))


def shared_places(stage: Stage) -> Iterator[Place]:
    """The pages of no campaign."""
    for name, path in {"front page": "/", "missing page": "/404.html"}.items():
        yield Place(name, "en", partial(go, stage, path))


def go(stage: Stage, path: str, page: Page) -> None:
    stage.attach(page)
    page.goto(stage.url + path)


def on_the_story(stage: Stage, language: str, act: Callable[[Page], None], page: Page) -> None:
    page.clock.install()
    go(stage, f"/mikita/{language}/", page)
    act(page)


def answered(stage: Stage, answer: TestResponse, page: Page) -> None:
    stage.attach(page)
    address = f"{stage.receiver}/mikita/messages"

    def show(route: Route) -> None:
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.data)

    page.route(address, show)
    page.goto(address)


def writing(page: Page) -> None:
    """Everything that the form says while somebody writes, unfolded."""
    page.locator(".suggestions button").first.click()
    page.locator("#message").fill(RISKY)
    page.locator("#first_name").fill("Anna")
    expect(page.locator(".counter")).to_be_visible()
    page.locator(".suggestions button").first.click()
    for fold in page.locator("summary").all():
        fold.click()
    page.evaluate("scrollTo(0, 0)")


def refused(page: Page) -> None:
    """The form with every fault that it can have."""
    page.locator("#message").fill(RISKY)
    page.locator(".details > summary").click()
    page.locator("#email").fill("anna")
    press_send(page)
    expect(page.locator(".errors")).to_be_visible()


def thanked(page: Page) -> None:
    """The thanks in the place of the form."""
    page.locator("#message").fill("We are with you.")
    page.locator("#first_name").fill("Anna")
    page.locator("#consent").check()
    press_send(page)
    expect(page.locator(".thanked")).to_be_visible()
    expect(page.locator(".copied button").first).to_be_visible()


def press_send(page: Page) -> None:
    expect(page.locator(".counter")).to_be_visible()  # the script is there
    page.locator("[type=submit]").click()
    page.wait_for_timeout(100)  # for the token, from which on it ripens
    page.clock.run_for(4_100)
