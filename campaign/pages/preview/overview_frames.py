"""All that readers may meet of a campaign, side by side: pages as they are and would be, cards, sheets."""

from __future__ import annotations

import http.client
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pymupdf
from werkzeug.wrappers import Response

from campaign.cards import mupdf_lock
from campaign.cards.card_picture import preview
from campaign.cards.dimensions import CARD_SIZES
from campaign.content.campaign import Campaign
from campaign.content.opening_days import SOON
from campaign.pages.index_page import ORDER
from campaign.pages.preview.stage import Stage

HOME = "/.preview/"
PHONE, DESKTOP = (390, 844), (1280, 800)
SIGNED = "Anna"  # below a suggestion, which has no writer yet
FORM = "#write"  # the part of the page that differs
SHEET_DPI = 50
LONGEST = 5.0  # seconds for the receiver's answer
DARK = re.compile(r"\(prefers-color-scheme: ?dark\)")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy reaches 127.0.0.1

Draw = Callable[[Campaign, Path], None]
Group = Literal["Pages", "Languages", "States", "Elsewhere", "Cards"]


@dataclass(frozen=True)
class Scene:
    """One thing to look at: a page in a window of this size, or a picture (width 0), with a link's words."""

    group: Group
    title: str
    address: str
    width: int = 0
    height: int = 0
    heading: str = ""
    words: str = ""


def scenes(stage: Stage, campaign: Campaign, *, sheets: bool) -> Iterator[Scene]:
    """Yield what is to be seen of one campaign."""
    main = campaign.edition
    page = f"/{campaign.slug}/{main.language}/"
    yield Scene("Pages", "On a phone", page, *PHONE)
    yield Scene("Pages", "On a desktop", page, *DESKTOP)
    yield Scene("Pages", "In the dark", f"{HOME}as/dark{page}{FORM}", *PHONE)
    yield Scene("Pages", "Thanks", f"{page}thanks/", *PHONE)
    yield Scene("Pages", "Form with errors", f"{HOME}errors{page}", *PHONE)
    yield Scene("Pages", "Front page", "/", *DESKTOP)
    for edition in campaign.editions.values():
        address = f"/{campaign.slug}/{edition.language}/"
        yield Scene("Languages", edition.language_name, address, *PHONE)
    for status in (one for one in ORDER if one != SOON or campaign.opens):
        anchor = "" if main.ending(status) else FORM
        yield Scene("States", status.capitalize(), f"{HOME}as/{status}{page}{anchor}", *PHONE)
    drawn = stage.shelf.illustrations[campaign.slug]
    for code, shared in drawn.share.items():
        one = campaign.editions[code]
        said = one.ending(campaign.status) or one.story
        yield Scene("Elsewhere", f"Shared link, {code}", shared.url, heading=said.title, words=str(said.lead))
    yield Scene("Cards", "Front", drawn.plain.url)
    for edition in campaign.editions.values():
        for number in range(len(edition.suggestions)):
            back = f"{HOME}card/{campaign.slug}/{edition.language}/{number}"
            yield Scene("Cards", f"Back, {edition.language} {number + 1}", back)
    for number, side in enumerate(("front", "back") if sheets else ()):
        yield Scene("Cards", f"Sheet, {side}", f"{HOME}sheet/{campaign.slug}/{number}")


def card(campaign: Campaign, code: str, number: int) -> bytes:
    """Draw the back of a card with one of the suggestions, as PNG."""
    edition = campaign.editions[code]
    size = CARD_SIZES[campaign.card.size]
    return preview(edition.suggestions[number], SIGNED, code, size).png()


class Sheets:
    """The sample sheets, printed anew for each state of a campaign that is looked at."""

    def __init__(self, draw: Draw, folder: Path) -> None:
        self._draw = draw
        self._folder = folder
        self._drawn: dict[str, Campaign] = {}
        self._drawing = threading.Lock()

    def side(self, campaign: Campaign, number: int) -> bytes:
        """Give one side of the first sheet, as PNG."""
        file = self._folder / f"{campaign.slug}.pdf"
        with self._drawing:
            if self._drawn.get(campaign.slug) is not campaign:
                self._draw(campaign, file)
                self._drawn[campaign.slug] = campaign
        with mupdf_lock.MUPDF, pymupdf.open(file) as document:
            return bytes(document[number].get_pixmap(dpi=SHEET_DPI).tobytes("png"))


def dark(sheet: str) -> str:
    """Give a stylesheet as it applies on a dark screen."""
    return DARK.sub("(min-width:0)", sheet).replace("light dark", "dark")


def answered(receiver: str, path: str, post: dict[str, str] | None = None) -> Response:
    """Give what the receiver answers, its own files led through here: another origin may not show them."""
    data = urllib.parse.urlencode(post).encode() if post is not None else None
    asked = urllib.request.Request(f"{receiver}/{path}", data)  # noqa: S310 # our own, on 127.0.0.1
    try:
        with DIRECT.open(asked, timeout=LONGEST) as answer:
            body, kind = answer.read(), answer.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        with error:
            body, kind = error.read(), error.headers["Content-Type"]
    except (http.client.InvalidURL, ValueError):
        return Response("There is no such page.\n", 404)
    except OSError:
        return Response("The receiver is not there yet: it starts once nothing is to mend.\n", 503)
    body = body.replace(b" autofocus", b"")  # else the whole overview would be scrolled to this frame
    return Response(body.replace(b'="/', f'="{HOME}receiver/'.encode()), content_type=kind)
