"""The page of the thanks, put together from what is the same for all and what is one supporter's own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, render_template
from markupsafe import escape

from campaign.content.campaign import Campaign
from receiver.http.outcome import page_context
from receiver.supporters.form import MessageForm

if TYPE_CHECKING:
    from campaign.cards.outlines import Outlines

CARD, RECEIPT = "\x02card\x03", "\x02receipt\x03"  # controls, which no text of a campaign holds


@dataclass(frozen=True)
class Frame:
    """The page before, between and behind the card and the receipt code; good for a second."""

    campaign: Campaign
    second: int
    parts: tuple[str, str, str]


class ThanksPage:
    """Drawing the whole page took five times as long as what is one supporter's own in it."""

    def __init__(self) -> None:
        self._frames: dict[tuple[str, str, str], Frame] = {}  # by campaign, language and number posted

    def of(self, form: MessageForm, receipt: str, posted: str, drawn: Outlines | None) -> str:
        """Return the page for one supporter."""
        before, between, behind = self._frame(form, posted).parts
        card = render_template(
            "supporter/thanks_card.html",
            words=form.post.catalogue,
            edition=form.post.edition,
            campaign=form.post.campaign,
            card=form.normalised,
            drawn=drawn,
        )
        return f"{before}{card}{between}{escape(receipt)}{behind}"

    def _frame(self, form: MessageForm, posted: str) -> Frame:
        post, second = form.post, int(time.monotonic())
        known = self._frames.get((post.campaign.slug, post.language, posted))
        if known and known.second == second and known.campaign is post.campaign:
            return known
        page = render_template(
            "supporter/thanks.html",
            **page_context(post.campaign, post.language, post.catalogue),
            receipt=RECEIPT,
            posted=posted,
            card=CARD,
        )
        before, rest = page.split(CARD)
        between, behind = rest.split(RECEIPT)
        self._frames = {key: one for key, one in self._frames.items() if one.second >= second - 1}
        made = Frame(post.campaign, second, (before, between, behind))
        self._frames[post.campaign.slug, post.language, posted] = made
        return made


def thanks_page() -> ThanksPage:
    """Return that of the app at hand."""
    found: ThanksPage = current_app.extensions.setdefault("candle.thanks", ThanksPage())
    return found
