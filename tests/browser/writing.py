"""Writing on the frozen page in a real browser, and a receiver that answers as a test says."""

from __future__ import annotations

import json
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


# What `fill`, `select_option` and `check` do, by the browser's own editing, with no frame drawn in between.
WRITE = """(told) => {
  for (const [id, value] of Object.entries(told)) {
    const field = document.getElementById(id), fold = field.closest("details:not([open])");
    fold?.querySelector("summary").click();
    if (!field.checkVisibility({ visibilityProperty: true })) throw new Error(`${id} is not seen`);
    field.focus();
    if (value === true) {
      if (!field.checked) field.click();
    } else if (field.tagName === "SELECT") {
      field.value = value;
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    } else {
      field.select();
      document.execCommand(value ? "insertText" : "delete", false, value);
    }
    if (value !== true && field.value !== value || value === true && !field.checked)
      throw new Error(`${id} does not take ${value}`);
  }
}"""


def write(page: Page, words: str = WORDS) -> None:
    """Fill the form in, once the script listens: nobody writes it all in the moment in which that comes."""
    page.locator("#message").focus()
    page.wait_for_selector(".counter", state="attached")
    fill_in(page, words)


def fill_in(page: Page, words: str = WORDS) -> None:
    """Fill it in where no script comes; all at once, for one by one its fields cost a third of a second."""
    told = {"message": words, "first_name": "Anna", "last_name": "Ivanova", "email": "anna@example.org"}
    page.evaluate(WRITE, {**told, "country": "PL", "consent": True})


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my message").click()
    page.clock.run_for(RIPE)


def settled(page: Page) -> None:
    """Wait until the button is free again: the answer has been dealt with."""
    expect(page.locator("[type=submit]")).not_to_have_attribute("aria-disabled", "true")


def complaint(page: Page) -> str:
    expect(page.locator(".errors")).to_be_visible()
    return page.locator(".errors").inner_text()
