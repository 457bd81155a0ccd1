"""One card as it will look, without a sheet: does this message fit, and how?"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

import pymupdf

from campaign.cards import mupdf_lock
from campaign.cards.card_words import Wording
from campaign.cards.dimensions import CARD_SIZES, CardSize
from campaign.cards.draw import Card, draw_back
from campaign.cards.proof.comparing import same_words
from campaign.cards.proof.reading import page_near_a_cut, page_text
from campaign.cards.type.set_words import Setting
from campaign.cards.type.typesetter import Typesetter

DPI = 150


@dataclass(frozen=True)
class Preview:
    """A message on a card, drawn as the press draws it: by itself, or as the first of several."""

    setting: Setting
    typesetter: Typesetter

    @cached_property
    def pdf(self) -> bytes:
        """The card's back as a PDF of its size."""
        setting, out = self.setting, io.BytesIO()
        if not self.typesetter.alone:  # the others fill the card, so nothing is spare to move it down
            setting = setting._replace(height=self.typesetter.capacity, spared=0.0)
        draw_back(out, Card([setting]), self.typesetter)
        return out.getvalue()

    def png(self, dpi: int = DPI) -> bytes:
        """Give the card's back as dots."""
        with mupdf_lock.MUPDF, pymupdf.open("pdf", self.pdf) as document:
            return bytes(document[0].get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY).tobytes("png"))

    def text(self) -> str:
        """Give what MuPDF reads on the card's back."""
        with mupdf_lock.MUPDF, pymupdf.open("pdf", self.pdf) as document:
            return page_text(document, 0)

    def reads(self, wording: Wording) -> bool:
        """Tell whether the proof of a batch will find these words, no others, and none near a cut."""
        return same_words(wording.texts, self.text()) and self.keeps_clear()

    def keeps_clear(self) -> bool:
        """Tell whether nothing comes too near to a cut."""
        card = CardSize("", self.typesetter.width, self.typesetter.height)
        with mupdf_lock.MUPDF, pymupdf.open("pdf", self.pdf) as document:
            return not page_near_a_cut(document, 0, card)


def preview(
    text: str, first_name: str, language: str, card: CardSize = CARD_SIZES["A6"], *, alone: bool = False
) -> Preview:
    """Set a text and a first name on a card, as `preview_wording` does."""
    return preview_wording(Wording(text, first_name, language), card, alone=alone)


def preview_wording(wording: Wording, card: CardSize = CARD_SIZES["A6"], *, alone: bool = False) -> Preview:
    """Set a message on a card; it fits when this raises nothing.

    With `alone` it is set and placed as on a card of its own, else as the first of several.

    Raises:
        CannotSet: naming the characters that no font draws, or by how many lines it is too long.
    """
    typesetter = Typesetter(card.width, card.height, alone=alone)
    return Preview(typesetter.set(*wording), typesetter)
