"""Two browsers of which a test uses the keys alone, their scripts off: Debian's Firefox and Chromium."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from playwright.sync_api import Page, expect

from tests.browser.firefox import Firefox

# https://www.w3.org/TR/webdriver2/#keyboard-actions
TAB, ENTER, SPACE = "\ue004", "\ue007", " "
MOST_TABS = 60
PATIENCE = 30.0  # seconds


class Keyboard(Protocol):
    """What both can do."""

    def open(self, url: str) -> None: ...
    def back(self) -> None: ...
    def press(self, keys: str) -> None: ...
    def tab_to(self, selector: str) -> None: ...
    def text(self, selector: str) -> str: ...
    def property_of(self, selector: str, name: str = "value") -> str: ...
    def see(self, words: str) -> None: ...
    def arrive(self, selector: str) -> None: ...
    def title(self) -> str: ...


class InFirefox:
    """Firefox, through Marionette."""

    def __init__(self, browser: Firefox) -> None:
        self._browser = browser

    def open(self, url: str) -> None:
        self._browser.open(url)

    def back(self) -> None:
        self._browser.ask("WebDriver:Back", {})

    def press(self, keys: str) -> None:
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": strokes}]
        self._browser.ask("WebDriver:PerformActions", {"actions": actions})

    def tab_to(self, selector: str) -> None:
        wanted = self._found(selector)
        for _ in range(MOST_TABS):
            self.press(TAB)
            if self._browser.ask("WebDriver:GetActiveElement", {}) == wanted:
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    def text(self, selector: str) -> str:
        return str(self._ask_of(selector, "WebDriver:GetElementText"))

    def property_of(self, selector: str, name: str = "value") -> str:
        return str(self._ask_of(selector, "WebDriver:GetElementProperty", name=name))

    def see(self, words: str) -> None:
        self._wait(lambda: words in self.text("body"), words)

    def arrive(self, selector: str) -> None:
        """Wait for the page that has this element: words may stand on the one before as well."""
        self._wait(lambda: bool(self._found(selector)), selector)

    def title(self) -> str:
        return str(self._browser.ask("WebDriver:GetTitle", {}))

    def _wait(self, arrived: Callable[[], bool], wanted: str) -> None:
        ends = time.monotonic() + PATIENCE
        while not self._tried(arrived):
            assert time.monotonic() < ends, f"not on the page: {wanted!r}, but {self.text('body')!r}"
            time.sleep(0.1)

    def _tried(self, arrived: Callable[[], bool]) -> bool:
        try:
            return arrived()
        except AssertionError:  # between two pages
            return False

    def _ask_of(self, selector: str, command: str, **told: str) -> Any:
        (element,) = self._found(selector).values()
        return self._browser.ask(command, {"id": element, **told})

    def _found(self, selector: str) -> dict[str, str]:
        told = {"using": "css selector", "value": selector}
        found: dict[str, str] = self._browser.ask("WebDriver:FindElement", told)
        return found


class InChromium:
    """Chromium, through Playwright."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, url: str) -> None:
        self._page.goto(url)

    def back(self) -> None:
        self._page.go_back()

    def press(self, keys: str) -> None:
        for key in keys:
            self._page.keyboard.press("Enter") if key == ENTER else self._page.keyboard.type(key)

    def tab_to(self, selector: str) -> None:
        for _ in range(MOST_TABS):
            self._page.keyboard.press("Tab")
            if self._page.locator(f":is({selector}):focus").count():
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    def text(self, selector: str) -> str:
        return self._page.locator(selector).first.inner_text()

    def property_of(self, selector: str, name: str = "value") -> str:
        return str(self._page.locator(selector).first.evaluate("(node, name) => node[name]", name))

    def see(self, words: str) -> None:
        expect(self._page.locator("body")).to_contain_text(words, timeout=PATIENCE * 1000)

    def arrive(self, selector: str) -> None:
        self._page.wait_for_selector(selector, state="attached", timeout=PATIENCE * 1000)

    def title(self) -> str:
        return self._page.title()
