"""Writing on the frozen page in a real browser, and a receiver that answers as a test says."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Page, Request, Route, expect

RIPE = 4_100  # milliseconds until a token may be posted
WORDS = "We are with you."


class Receiver:
    """Stands in for the receiver: gives tokens, answers each post with the next of `answers`.

    A word in the place of an answer is how the connection fails; "silence" never answers.
    """

    def __init__(self, *answers: tuple[int, dict[str, Any]] | str) -> None:
        self.answers = list(answers)
        self.tokens = 0
        self.posts: list[Request] = []
        self.count: dict[str, Any] = {}

    def attach(self, page: Page) -> None:
        page.clock.install()
        page.route("**/mikita/token", self._token)
        page.route("**/mikita/messages", self._message)
        page.route(
            "**/mikita/count.json", lambda route: self._answer(route, 200 if self.count else 503, self.count)
        )

    def _token(self, route: Route) -> None:
        self.tokens += 1
        self._answer(route, 200, {"token": f"token-{self.tokens}"})

    def _message(self, route: Route) -> None:
        self.posts.append(route.request)
        answer = self.answers.pop(0)
        if answer == "silence":
            return
        if isinstance(answer, str):
            route.abort(answer)
        elif "application/json" in route.request.headers["accept"]:
            self._answer(route, *answer)
        else:
            route.fulfill(status=200, content_type="text/html", body="<h1>This is your card</h1>")

    def _answer(self, route: Route, status: int, body: dict[str, Any]) -> None:
        headers = {"Access-Control-Allow-Origin": route.request.headers.get("origin", "")}
        route.fulfill(status=status, content_type="application/json", headers=headers, body=json.dumps(body))

    def posted(self, number: int = -1) -> dict[str, str]:
        body = self.posts[number].post_data or ""
        return {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}


THANKED = (201, {"state": "waiting", "receipt": "candle-wax-42", "errors": {}, "review_url": None})


def refused(status: int, errors: dict[str, list[str]] | None = None) -> tuple[int, dict[str, Any]]:
    return status, {"state": "refused", "receipt": None, "errors": errors or {}, "review_url": None}


def write(page: Page, words: str = WORDS) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_label("Your first name").fill("Anna")
    if not page.get_by_label("Surname").is_visible():
        page.locator(".details summary").click()
    page.get_by_label("Surname").fill("Ivanova")
    page.get_by_label("E-mail address").fill("anna@example.org")
    page.get_by_label("Country").select_option("PL")
    page.get_by_label(re.compile("Print my words")).check()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my message").click()
    page.clock.run_for(RIPE)


def settled(page: Page) -> None:
    """Wait until the button is free again: the answer has been dealt with."""
    expect(page.locator("[type=submit]")).not_to_have_attribute("aria-disabled", "true")


def complaint(page: Page) -> str:
    expect(page.locator(".errors")).to_be_visible()
    return page.locator(".errors").inner_text()
