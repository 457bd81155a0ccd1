"""Three campaigns in one house: Mikita's, and two of nobody's that have every switch the other way.

Eka's is Georgian, Idris's is read from right to left; both lie in tests/campaigns. The three are checked and
built as one site, and one receiver takes a message for each; the cards are read back by poppler.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from campaign import ROOT
from campaign.content.campaign import Campaign, load_all
from campaign.content.campaign_toml.facts import Facts
from campaign.content.proofreading import proofreader
from campaign.messages import queries, review
from campaign.messages.message import Message, MessageError
from campaign.messages.wall import newest
from campaign.pages.host_files import host_files
from campaign.pages.site import freeze
from campaign.press.next_batch import Rendered, next_batch
from campaign.settings import Settings
from campaign.storage.database import Database
from receiver.app import create_app
from receiver.state.tokens import Tokens
from tests.conftest import NOW
from tests.receiver.conftest import SITE, Clock
from tests.support.editing import all_faults
from tests.support.editing import replace as edit
from tests.support.pdf import check, text_of, tool

TODAY = date(2026, 11, 22)
SENT = {  # campaign: what is sent there, by whom, and what a translator makes of it
    "mikita": ("A candle burns in our window for you.", "Anna", "en", ""),
    "eka": ("The bell of our town rang for you.", "Ola", "en", "ჩვენი ქალაქის ზარმა შენთვის დარეკა."),
    "idris": ("Der Wind trägt heute weit.", "Jonas", "en", "الريح تحمل بعيدا اليوم."),
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three campaigns in one folder."""
    folder = Path(shutil.copytree(ROOT / "tests" / "campaigns", tmp_path_factory.mktemp("many") / "content"))
    shutil.copytree(ROOT / "content" / "mikita", folder / "mikita")
    return folder


@pytest.fixture(scope="module")
def campaigns(content: Path) -> dict[str, Campaign]:
    return load_all(content, today=TODAY)


@pytest.fixture
def settings(settings: Settings, content: Path, build_dir: Path) -> Settings:
    return replace(settings, content_dir=content, build_dir=build_dir, ratelimit_enabled=False)


def values(facts: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every value of campaign.toml by its key; a table of names is one."""
    for field in fields(facts):  # type: ignore[arg-type]
        value = getattr(facts, field.name)
        if is_dataclass(value):
            yield from values(value, f"{path}{field.name}.")
        else:
            yield f"{path}{field.name}", value


def test_every_switch_stands_otherwise_in_one_of_them(campaigns: dict[str, Campaign]) -> None:
    def told(slug: str) -> dict[str, object]:
        return dict(values(Facts(**{f.name: getattr(campaigns[slug], f.name) for f in fields(Facts)})))

    first, others = told("mikita"), [told("eka"), told("idris")]
    same = {key for key, value in first.items() if all(one[key] == value for one in others)}
    assert same <= {"status", "draft"}  # these decide whether there is a form, and test_states.py has each


@pytest.mark.slow
def test_check_asks_for_nothing_but_their_buttons_translated(content: Path) -> None:
    found = [str(fault) for fault in all_faults(content)]
    assert [Path(line.split(":")[0]).name for line in found] == ["ar.po", "ka.po"], found
    campaigns = [campaign for slug, campaign in load_all(content).items() if slug != "mikita"]
    assert not [found for one in campaigns for found in proofreader.warnings(one, TODAY)]


@pytest.mark.slow
def test_an_earlier_address_belongs_to_one_of_them(content: Path, tmp_path: Path, settings: Settings) -> None:
    both = Path(shutil.copytree(content, tmp_path / "content"))
    edit(both / "idris" / "campaign.toml", '"/kite/" =', '"/bell/en/" =')
    campaigns = load_all(both, today=TODAY)
    led = host_files(campaigns, settings)["_redirects"].splitlines()
    assert led.index("/bell/en/* /idris/:splat 301") < led.index("/bell/* /eka/:splat 301")
    edit(both / "idris" / "campaign.toml", '"/bell/en/" =', '"/bell/" =')
    told = [str(one) for one in all_faults(both) if one.path.suffix == ".toml"]
    assert len(told) == 1
    assert "idris/campaign.toml:44: /bell/ is an earlier address of eka, too; keep it where" in told[0]


@pytest.mark.slow
def test_one_site_holds_all_three_each_in_its_own_dress(
    tmp_path: Path, campaigns: dict[str, Campaign], settings: Settings
) -> None:
    shown = {slug: campaign.on(TODAY) for slug, campaign in campaigns.items()}
    addresses = freeze(tmp_path / "site", shown, settings, TODAY)
    assert {"/", "/mikita/uk/", "/eka/ka/", "/eka/en/news/", "/idris/ar/"} <= set(addresses)
    eka, idris, mikita = (
        (tmp_path / "site" / slug / "index.html").read_text("utf-8") for slug in ("eka", "idris", "mikita")
    )
    assert '<html lang="ka"' in eka
    assert "ეკა ზარს ელოდება" in eka
    assert re.search(r'<html lang="ar"[^>]* dir="rtl"', idris)
    assert "إدريس" in idris
    assert "Idris" not in re.sub("<[^>]*>", "", idris.partition("<main")[2])
    assert 'name="email"' in eka
    assert 'name="last_name"' not in eka
    assert 'name="last_name"' in mikita
    assert 'name="wall"' in eka
    assert 'name="wall"' not in mikita
    assert "mailto:bell@example.org" in eka
    assert "https://kites.example.org/" in idris
    front = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert all(f'href="/{slug}/' in front or f'href="{slug}/' in front for slug in shown)
    led = (tmp_path / "site" / "_redirects").read_text("utf-8")
    assert "/bell/* /eka/:splat 301" in led
    assert "/idris/arabic/* /idris/ar/:splat 301" in led


def send(app: Flask, clock: Clock, slug: str) -> str:
    """Post to one of the campaigns as its page does, and return the receipt."""
    text, first_name, language, _ = SENT[slug]
    client, headers = app.test_client(), {"Origin": SITE, "Accept": "application/json"}
    token = client.get(f"/{slug}/token", headers=headers).json["token"]
    clock.advance(4)
    words = {"message": text, "first_name": first_name, "language": language, "token": token, "consent": "y"}
    answer = client.post(f"/{slug}/messages", data={**words, "wall": "y"}, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json["receipt"])


def approve(database: Database, message: Message, campaign: Campaign, settings: Settings) -> None:
    """Translate and approve a message as the campaign asks: by one person, or by two."""
    keys, two = settings.approval_keys, campaign.review.second_approval
    translation, into = SENT[message.campaign][3], campaign.translated_into
    prints = campaign.card.print
    if into:
        database.write(lambda c: review.translate(c, message.id, translation, "vera", into))
    for by in ("olga", "petr") if two else ("olga",):
        seen = database.write(
            lambda c, by=by: review.approve(c, message.id, by, keys, TODAY, two=two, prints=prints)
        )
        assert seen.state == ("waiting" if two and by == "olga" else "approved")
    with pytest.raises(MessageError):
        database.write(lambda c: review.approve(c, message.id, "olga", keys, TODAY, two=two))


def card_run(database: Database, campaign: Campaign, settings: Settings) -> Rendered:
    (rendered,) = next_batch(database, campaign, settings, NOW, final=True).rendered
    for sheets in rendered.folder.glob("sheets*.pdf"):
        check(sheets)
    return rendered


def page_size(path: Path) -> tuple[int, int]:
    found = re.search(r"Page size: +([\d.]+) x ([\d.]+)", tool("pdfinfo", path))
    return round(float(found[1]) * 25.4 / 72), round(float(found[2]) * 25.4 / 72)


@pytest.mark.slow
def test_a_message_to_each_goes_its_own_way_to_its_own_card(
    database: Database, campaigns: dict[str, Campaign], settings: Settings
) -> None:
    app, clock = create_app(settings, database), Clock()
    app.extensions["candle"].tokens = Tokens(settings.secret_keys, clock)
    receipts = {slug: send(app, clock, slug) for slug in SENT}
    assert len(set(receipts.values())) == 3
    printed = {}
    for slug, campaign in campaigns.items():
        with database.read() as connection:
            (message,) = queries.list_messages(connection, slug)
        approve(database, message, campaign, settings)
        printed[slug] = card_run(database, campaign, settings)
        count = app.test_client().get(f"/{slug}/count.json").json
        assert (count["signatures"], count["messages"]) == (campaign.signatures, 1)
    words = {slug: "".join(text_of(one.folder / "sheets.pdf").split()) for slug, one in printed.items()}
    assert "Acandleburnsinourwindowforyou." in words["mikita"]
    assert all("".join(SENT["eka"][part].split()) in words["eka"] for part in (0, 3))  # both
    assert "DerWind" not in words["idris"]
    assert set("الريح") <= set(words["idris"])
    assert "Jonas" in words["idris"]
    sizes = {slug: page_size(one.folder / "sheets.pdf") for slug, one in printed.items()}
    assert sizes == {"mikita": (210, 297), "eka": (320, 450), "idris": (216, 279)}
    covers = {slug: text_of(one.folder / "cover.pdf") for slug, one in printed.items()}
    assert "მოგონილი" in covers["eka"]
    with database.read() as connection:
        walls = {
            slug: newest(connection, slug, one.page.wall, settings.approval_keys)
            for slug, one in campaigns.items()
        }
    assert [slug for slug, wall in walls.items() if wall] == ["eka", "idris"]
