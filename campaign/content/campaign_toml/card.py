"""`[card]` and `[printers]`: how cards are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, get_args

from campaign.cards.dimensions import CARD_SIZES, CardSize, lying
from campaign.cards.illustration import orientation
from campaign.cards.imposition import SHEET_SIZES, Duplex, Profile
from campaign.content import illustration
from campaign.content.campaign_toml import toml_values
from campaign.content.campaign_toml.toml_keys import TomlFile
from campaign.content.editors_file import did_you_mean

Prints = Literal["original", "translation", "both"]


@dataclass(frozen=True)
class CardFacts:
    """How cards are printed: sizes by name, the back's offset (x, y) in millimetres.

    `print` says what is printed of a message in a language that the recipient does not read: the original, a
    translation into the first of theirs, or both. Without a size the card is A6, and lies where its picture
    does. With a `printer`, offset and `duplex` are those of this one of the campaign's printers.
    """

    size: Annotated[str, toml_values.one_of(*CARD_SIZES)] = "A6"
    sheet: Annotated[str, toml_values.one_of(*SHEET_SIZES)] = "A4"
    duplex: Annotated[Duplex, toml_values.one_of(*get_args(Duplex))] = "long-edge"
    messages_per_card: Annotated[str | int, toml_values.fill_or_whole] = "fill"
    number: Annotated[bool, toml_values.yes_or_no] = True
    max_wait_days: Annotated[int, toml_values.whole(1, 365)] = 14
    profile: Annotated[Profile, toml_values.one_of(*get_args(Profile))] = "office"
    back_offset: Annotated[tuple[float, float], toml_values.offset] = (0.0, 0.0)
    printer: Annotated[str, toml_values.text] = ""
    print: Annotated[Prints, toml_values.one_of(*get_args(Prints))] = "original"

    @property
    def measures(self) -> CardSize:
        """How wide and high a card is."""
        return CARD_SIZES[self.size]


@dataclass(frozen=True)
class Printer:
    """How one of several printers prints backs: their offset, and how it turns the sheet.

    `duplex` is None only in the file: then it is the card's.
    """

    back_offset: Annotated[tuple[float, float], toml_values.offset] = (0.0, 0.0)
    duplex: Annotated[Duplex | None, toml_values.one_of(*get_args(Duplex))] = None


def turned(card: CardFacts, folder: Path) -> CardFacts:
    """Lay a card for which no size is written as its picture lies."""
    picture = illustration.on_cards(folder)
    return replace(card, size=lying(card.size)) if picture and orientation.lies(picture) else card


def turning(printer: Printer, card: CardFacts) -> Printer:
    """Give a printer its way to turn the sheet."""
    return replace(printer, duplex=printer.duplex or card.duplex)


def check_printer(card: CardFacts, printers: Mapping[str, Printer], file: TomlFile) -> None:
    """See that the printer is one of the campaign's, and alone says where backs are printed."""
    if card.printer and card.printer not in printers:
        remedy = (
            did_you_mean(card.printer, printers)
            if printers
            else f"write [printers], and {card.printer} = [0.0, 0.0] below"
        )
        file.fault(("card", "printer"), f'"{card.printer}" is not one of the printers', remedy)
    if card.printer and any(card.back_offset):
        file.fault(("card", "back_offset"), "the printer has its own", "take it out here")
