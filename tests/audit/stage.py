"""What is audited: the campaign in all its languages and from right to left, and a real receiver."""

from __future__ import annotations

import io
import json
import logging
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route
from werkzeug.test import TestResponse

from campaign import ROOT
from campaign.content.campaign import Campaign, load_all
from campaign.keys import sealing
from campaign.messages.wall import WallMessage
from campaign.pages import compressing
from campaign.pages.site import freeze
from campaign.settings import Settings
from campaign.storage import database as databases
from campaign.storage.database import Database, NotStored
from receiver.app import create_app
from receiver.state.tokens import Tokens
from tests.audit.weight import packed
from tests.receiver.conftest import Clock
from tests.support.answering import answering
from tests.support.ports import free_ports

RIGHT_TO_LEFT = "ar"  # the first language's words, mirrored
STATES = ("paused", "closed", "won")
AS_IT_IS = "as-it-is"  # the first campaign with nothing added: what is weighed
WALL = 24
NEWS = (
    "# Letters arrive\n\nThe first cards have reached him. His mother [wrote](https://example.org/) to us.\n"
)
A_LINK = "\n\nMore: [what others wrote](https://example.org/letters).\n"  # something to tab to in the story
GOOD = {
    "message": "Freedom, Mikita! A candle burns in our window for you.",
    "first_name": "Anna",
    "last_name": "Kowalska",
    "email": "anna@example.org",
    "country": "PL",
    "consent": "y",
}


def write_content(folder: Path, sparing: Collection[str] | None = None) -> Path:
    """Copy the first campaign, mirrored into one language more, and once for each state that it can be in.

    `sparing` leaves the first language, the mirrored one, and those that it names.
    """
    open_one = folder / "mikita"
    shutil.copytree(ROOT / "content" / "mikita", open_one)
    if sparing is None:
        shutil.copytree(open_one, folder / AS_IT_IS)
    facts = open_one / "campaign.toml"
    text = facts.read_text(encoding="utf-8")
    listed = re.search(r"^languages = \[(.+)\]$", text, re.MULTILINE)
    assert listed is not None
    first, *others = re.findall(r'"([^"]+)"', listed[1])
    shutil.copytree(open_one / first, open_one / RIGHT_TO_LEFT)
    left = [code for code in others if sparing is None or code in sparing]
    for code in set(others) - set(left):
        shutil.rmtree(open_one / code)
    spoken = [first, RIGHT_TO_LEFT, *left]
    wall = f"\n[page]\nwall = {WALL}\n"
    text = text.replace(listed[0], f"languages = {json.dumps(spoken)}") + wall
    for code in set(others) - set(spoken):
        text = re.sub(rf"^\[names\.{code}\]\n[^\[]*", "", text, flags=re.MULTILINE)
    facts.write_text(text, encoding="utf-8")
    for language in spoken:
        news = open_one / language / "news" / "2026-11-20-letters.md"
        news.parent.mkdir()
        news.write_text(NEWS, encoding="utf-8")
    for story in open_one.glob("*/story.md"):
        story.write_text(story.read_text(encoding="utf-8").rstrip() + A_LINK, encoding="utf-8")
    for state in STATES:
        shutil.copytree(open_one, folder / state)
        facts = folder / state / "campaign.toml"
        changed = re.sub(r'^status = "\w+"', f'status = "{state}"', facts.read_text("utf-8"), flags=re.M)
        facts.write_text(changed, encoding="utf-8")
    return folder


def _wall() -> Iterator[WallMessage]:
    """Yield messages for the wall, a long one and one from right to left among them."""
    for number in range(WALL - 2):
        yield WallMessage("We think of you.\nA song for you today.", f"Anna {number}", "en")
    yield WallMessage("Freedom, dear Mikita! " * 18, "Jan", "pl")
    yield WallMessage("نفكر فيك كل يوم.", "ليلى", "ar")


@dataclass(frozen=True)
class Stage:
    """The frozen page at `url`; what a browser asks of `receiver` is handed to the app."""

    url: str
    receiver: str
    folder: Path
    campaigns: Mapping[str, Campaign]
    client: FlaskClient
    crowded: FlaskClient
    clock: Clock
    database: Database

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.campaigns["mikita"].editions)

    def post(self, path: str, fields: Mapping[str, str], client: FlaskClient | None = None) -> TestResponse:
        """Post as the page's form does, a few seconds after what came before."""
        self.clock.advance(4)
        return (client or self.client).post(path, data=fields, headers={"Origin": self.url})

    def token(self) -> str:
        return str(self.client.get("/mikita/token", headers={"Origin": self.url}).json["token"])

    def attach(self, page: Page) -> None:
        """Hand what the page asks of the receiver to it."""
        page.route(f"{self.receiver}/**", lambda route: self._hand_over(route))

    def _hand_over(self, route: Route) -> None:
        asked = route.request
        address = urlsplit(asked.url)
        wanted = {name: asked.headers[name] for name in ("accept", "content-type") if name in asked.headers}
        self.clock.advance(4)
        answer = self.client.open(
            f"{address.path}?{address.query}",
            method=asked.method,
            data=asked.post_data_buffer,
            headers={"Origin": self.url, **wanted},
            buffered=True,
        )
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)

    def answers(self, language: str) -> Mapping[str, TestResponse]:
        """Every page with which the receiver answers a supporter, by its status and name."""
        good = GOOD | {"language": language}
        used, spare = self.token(), self.token()
        refused = {"language": language, "first_name": " ", "email": "anna", "updates": "y", "country": "??"}
        found = {
            "empty form": self.client.get(f"/mikita/messages?language={language}"),
            "200 review": self.post("/mikita/messages", good),
            "201 thanks": self.post("/mikita/messages", good | {"token": used}),
            "409": self.post("/mikita/messages", good | {"token": used, "message": "Other words."}),
            "410 paused": self.post("/paused/messages", good),
            "410 closed": self.post("/closed/messages", good),
            "413": self.post("/mikita/messages", good | {"message": "x" * 20_000}),
            "422": self.post("/mikita/messages", refused),
            "429": self._turned_away(good),
            "404": self.client.get("/mikita/nothing"),
        }
        with mock.patch.object(self.database, "write_together", side_effect=NotStored("the disk is full")):
            found["503"] = self.post("/mikita/messages", good | {"token": spare})
        return found | self._withdrawals(language, found["201 thanks"])

    def _turned_away(self, good: Mapping[str, str]) -> TestResponse:
        while (answer := self.crowded.post("/mikita/messages", data=good)).status_code != 429:
            pass
        return answer

    def _withdrawals(self, language: str, thanks: TestResponse) -> Mapping[str, TestResponse]:
        path = "/mikita/withdraw"
        page = self.client.get(f"{path}?language={language}")
        token = re.search(r'name="token" value="([^"]+)"', page.text)
        receipt = re.search(r'class="receipt"[^>]*>([^<]+)<', thanks.text)
        assert token is not None
        assert receipt is not None
        fields = {"language": language, "token": token[1]}
        return {
            "withdraw": page,
            "withdraw 422": self.post(path, fields | {"receipt": "no-such-code"}),
            "withdrawn": self.post(path, fields | {"receipt": receipt[1]}),
        }


@contextmanager
def staged(
    folder: Path, browser_build: Path | None = None, *, sparing: Collection[str] | None = None
) -> Iterator[Stage]:
    """Freeze and serve everything in `folder`; pictures already made may lie in `browser_build`."""
    content = write_content(folder / "content", sparing)
    page_port, receiver_port = free_ports(2)
    settings = Settings(
        site_url=(f"http://127.0.0.1:{page_port}",),
        receiver_url=f"http://127.0.0.1:{receiver_port}",
        source_url="https://code.example.org/candle",
        content_dir=content,
        database_url=f"sqlite:///{folder}/instance/candle.sqlite",
        secret_key="a secret key for the audit only, long enough",
        approval_key="an approval key for the audit only, long",
        age_recipients=(sealing.new_key()[0],),
        build_dir=browser_build or folder / "build",
        proxy_hops=0,
        ratelimit_enabled=False,
    )
    (folder / "instance").mkdir(mode=0o700)
    campaigns = load_all(content)
    with mock.patch.object(compressing, "compress"):  # `packed` packs what it sends
        freeze(folder / "site", campaigns, settings, walls={"mikita": tuple(_wall())})
    database = databases.connect(settings.database_url)
    databases.migrate(database)
    clock = Clock()
    clients = []
    for made in (settings, replace(settings, ratelimit_enabled=True)):
        app = create_app(made, database)
        app.extensions["candle"].tokens = Tokens(settings.secret_keys, clock)
        clients.append(app.test_client())
    with (
        packed(folder / "site", page_port) as url,
        redirect_stderr(io.StringIO()),  # of readers that leave
        _silent(logging.getLogger("receiver")),  # of each refusal that is tried on purpose
    ):
        yield Stage(url, settings.receiver_url, folder / "site", campaigns, *clients, clock, database)
    database.close()


@contextmanager
def _silent(log: logging.Logger) -> Iterator[None]:
    log.disabled, before = True, log.disabled
    try:
        yield
    finally:
        log.disabled = before


@contextmanager
def listening(stage: Stage) -> Iterator[None]:
    """Let the receiver listen at its address; each of its requests comes some seconds after the last."""
    app = stage.client.application

    def later(environ, start_response):  # type: ignore[no-untyped-def]  # WSGI's own shape
        stage.clock.advance(4)
        return app(environ, start_response)

    with answering(later, int(stage.receiver.rpartition(":")[2])):
        yield


@contextmanager
def opened(browser: Browser, **options: object) -> Iterator[Page]:
    """Open a page in a context of its own."""
    context = browser.new_context(**{"viewport": {"width": 390, "height": 664}, **options})  # type: ignore[arg-type]
    try:
        yield context.new_page()
    finally:
        context.close()
