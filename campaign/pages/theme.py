"""A campaign's theme: the stylesheet in its colours, and its icon in the browser's tab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.cards.dimensions import CARD_SIZES, CardSize
from campaign.content.campaign_toml.palettes import CANDLE, Palette

A6 = CARD_SIZES["A6"]  # as page.css has it


@dataclass(frozen=True)
class Theme:
    """What the head of each page names: two addresses, and the colour around the page."""

    sheet: str
    icon: str
    night: str = CANDLE.night


def rules(palette: Palette, card: CardSize = A6) -> str:
    """Write what a campaign's stylesheet says beside page.css: its colours, and the shape of its card.

    Print stays black on white.
    """
    shape = "" if card == A6 else f".card{{--width:{card.width:g};--height:{card.height:g}}}"  # millimetres
    return _colours(palette) + shape


def _colours(palette: Palette) -> str:
    if palette == CANDLE:
        return ""
    light = _declared({name: getattr(palette, name) for name in ("night", "dawn", "flame", "accent")})
    dark = _declared({"accent": palette.accent_dark})
    return f"@media screen{{{light}}}@media screen and (prefers-color-scheme:dark){{{dark}}}"


def _declared(colours: Mapping[str, str]) -> str:
    return f":root{{{';'.join(f'--{name}:{colour}' for name, colour in colours.items())}}}"


def icon(drawn: str, palette: Palette) -> str:
    """Give the candle in the browser's tab a campaign's night and flame."""
    return drawn.replace(CANDLE.night, palette.night).replace(CANDLE.flame, palette.flame)
