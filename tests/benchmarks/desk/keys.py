"""How long a reviewer in a browser waits, from a key to the next message on the screen."""

from __future__ import annotations

import time

from flask import Flask
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, executable
from tests.support.answering import answering

BETWEEN = 0.9  # seconds that somebody looks at a message, at least
WARM = 3

# From the key's own moment to the second frame after another message stands there: then it is painted.
WATCH = """() => {
  window.taken = [];
  const another = (id) => document.querySelector(".desk").dataset.id !== id;
  addEventListener("keydown", (event) => {
    const id = document.querySelector(".desk").dataset.id, pressed = event.timeStamp;
    const look = () => another(id)
      ? requestAnimationFrame(() => requestAnimationFrame(() => taken.push(performance.now() - pressed)))
      : setTimeout(look, 1);
    setTimeout(look, 0);
  }, true);
}"""


def time_keys(app: Flask, origin: str, port: int, password: str, rounds: int) -> list[float]:
    """Approve so many messages by key, one after the other; returns the milliseconds that each took."""
    with answering(app, port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = browser.new_page()
        _log_in(page, origin, password)
        page.evaluate(WATCH)
        for number in range(1, WARM + rounds + 1):
            time.sleep(BETWEEN)
            page.keyboard.press("a")
            page.wait_for_function("number => window.taken.length === number", arg=number)
        taken: list[float] = page.evaluate("window.taken")
        page.wait_for_load_state("networkidle")
        browser.close()
    return taken[WARM:]


def _log_in(page: Page, origin: str, password: str) -> None:
    page.goto(f"{origin}/staff/login")
    page.get_by_label("Name").fill("olga")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{origin}/staff/mikita/")
