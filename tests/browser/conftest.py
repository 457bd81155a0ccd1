"""Fixtures for every browser test: a real Chromium, and the frozen page behind a real web server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from campaign import ROOT
from campaign.content.campaign import Campaign, load_all
from campaign.keys import sealing
from campaign.pages import compressing
from campaign.pages.local_server import hosting
from campaign.pages.site import freeze
from campaign.settings import Settings
from tests.support.ports import free_ports

CHROMIUM = Path("/usr/bin/chromium")
# The same engine, of the same source package, that opens no windows: a page costs a third of the processor.
HEADLESS = Path("/usr/lib/chromium/chromium-headless-shell")
# Debian's own browser, told to speak to nobody but this machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
# As long as Playwright waits for all else: in five seconds a machine that others use may come to nothing.
expect.set_options(timeout=30_000)
# A page that scrolls smoothly is drawn sixty times a second: most of what its test would cost.
STILL: dict[str, Any] = {"reduced_motion": "reduce"}
USUAL = {**STILL, "viewport": {"width": 390, "height": 844}}


def executable() -> Path:
    """Give the lighter of the two programs that are here."""
    return HEADLESS if HEADLESS.exists() else CHROMIUM


@dataclass(frozen=True)
class FrozenSite:
    """The frozen page while it is served; at `receiver_url` nothing listens until a test starts something."""

    url: str
    receiver_url: str
    folder: Path
    settings: Settings


@dataclass
class Watched:
    """One page and what it did: every request, everything it complained of."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium reports every answer that is no success, and every host that does not listen.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser for the whole session; each test opens contexts of its own."""
    path = executable()
    if not path.exists():
        if os.environ.get("CI"):
            raise FileNotFoundError(f"{path}: install Debian's chromium, or run: make tools")
        pytest.skip("no chromium here; install it with: make tools")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def in_english(campaign: Campaign) -> Campaign:
    """Leave out the other languages, each of which would be frozen for each test."""
    return replace(campaign, languages=("en",), names={}, editions={"en": campaign.edition})


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AbstractContextManager[FrozenSite]]:
    """Freeze the content, changed by a function if given, and serve it on a free port with its headers."""
    build_dir = tmp_path_factory.mktemp("build")

    @contextmanager
    def serve(
        change: Callable[[Campaign], Campaign] = lambda campaign: campaign, **settings: Any
    ) -> Iterator[FrozenSite]:
        page_port, receiver_port = free_ports(2)
        config = Settings(
            site_url=(f"http://127.0.0.1:{page_port}",),
            receiver_url=f"http://127.0.0.1:{receiver_port}",
            source_url="https://code.example.org/candle",
            age_recipients=(sealing.new_key()[0],),
            build_dir=build_dir,
        )
        config = replace(config, **settings)
        folder = tmp_path_factory.mktemp("frozen") / "site"
        english = {slug: in_english(one) for slug, one in load_all(ROOT / "content").items()}
        with mock.patch.object(compressing, "compress"):  # this host sends nothing packed
            freeze(folder, {slug: change(campaign) for slug, campaign in english.items()}, config)
        with hosting(folder, page_port) as url:
            yield FrozenSite(url, config.receiver_url, folder, config)

    return serve


@pytest.fixture(scope="session")
def frozen_site(serve: Callable[..., AbstractContextManager[FrozenSite]]) -> Iterator[FrozenSite]:
    """The content as it is, frozen and served while the session lasts."""
    with serve() as site:
        yield site


@pytest.fixture
def visit(chromium: Browser, frozen_site: FrozenSite) -> Iterator[Callable[..., Watched]]:
    """Open a path of the frozen page; `prepare` sees the page before it loads, keywords are its context's."""
    contexts = []

    def visit(
        path: str = "/mikita/en/",
        site: FrozenSite = frozen_site,
        prepare: Callable[[Page], Any] = lambda page: None,
        **options: Any,
    ) -> Watched:
        context = chromium.new_context(**{**USUAL, **options})
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.listen()
        prepare(watched.page)
        watched.page.goto(site.url + path)
        return watched

    yield visit
    for context in contexts:
        context.close()
