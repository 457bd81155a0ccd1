"""The page of the thanks, put together from what is the same for all and what is one supporter's own."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

from flask import current_app, render_template
from markupsafe import Markup, escape

from campaign.content.campaign import Campaign
from receiver.http.outcome import page_context
from receiver.supporters.form import MessageForm

if TYPE_CHECKING:
    from campaign.cards.outlines import Outlines

OWN = ("message", "first_name", "receipt", "width", "height", "svg")  # the last three are the drawn card's
MARKS = {name: f"\x02{name}\x03" for name in OWN}  # of controls, which no text of a campaign holds
_MARK = re.compile("\x02(\\w+)\x03")


@dataclass(frozen=True)
class Frame:
    """A page whose every second part is the name of what is put there; good for a second."""

    campaign: Campaign
    second: int
    parts: tuple[str, ...]

    def filled(self, own: Mapping[str, str]) -> str:
        """Return the page with what is one supporter's own."""
        pairs = zip(self.parts[::2], self.parts[1::2], strict=False)
        return "".join([part for same, name in pairs for part in (same, own[name])]) + self.parts[-1]


class ThanksPage:
    """Drawing the whole page took five times as long as what is one supporter's own in it."""

    def __init__(self) -> None:
        # By campaign, language, number posted, and whether the card is drawn.
        self._frames: dict[tuple[str, str, str, bool], Frame] = {}

    def of(self, form: MessageForm, receipt: str, posted: str, drawn: Outlines | None) -> str:
        """Return the page for one supporter."""
        own: dict[str, str] = {name: escape(form[name].data) for name in ("message", "first_name")}
        own["receipt"] = escape(receipt)
        if drawn:
            own |= {"width": escape(drawn.width), "height": escape(drawn.height), "svg": drawn.svg}
        return self._frame(form, posted, drawn=drawn is not None).filled(own)

    def _frame(self, form: MessageForm, posted: str, *, drawn: bool) -> Frame:
        post, second = form.post, int(time.monotonic())
        key = post.campaign.slug, post.language, posted, drawn
        known = self._frames.get(key)
        if known and known.second == second and known.campaign is post.campaign:
            return known
        self._frames = {key: one for key, one in self._frames.copy().items() if one.second >= second - 1}
        made = self._frames[key] = Frame(post.campaign, second, _parts(form, posted, drawn=drawn))
        return made


def _parts(form: MessageForm, posted: str, *, drawn: bool) -> tuple[str, ...]:
    post = form.post
    card = render_template(
        "supporter/thanks_card.html",
        words=post.catalogue,
        edition=post.edition,
        campaign=post.campaign,
        card=MARKS,
        drawn=SimpleNamespace(**MARKS) if drawn else None,
    )
    page = render_template(
        "supporter/thanks.html",
        **page_context(post.campaign, post.language, post.catalogue),
        receipt=MARKS["receipt"],
        posted=posted,
        card=Markup(card),  # noqa: S704 - of a template, which escapes
    )
    return tuple(_MARK.split(page))


def thanks_page() -> ThanksPage:
    """Return that of the app at hand."""
    found: ThanksPage = current_app.extensions.setdefault("candle.thanks", ThanksPage())
    return found
