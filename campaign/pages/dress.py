"""How a campaign's pages are dressed: the stylesheet in its colours, and its sign in the browser's tab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.content.palettes import CANDLE, Palette


@dataclass(frozen=True)
class Dress:
    """What the head of each page names: two addresses, and the colour around the page."""

    sheet: str
    icon: str
    night: str = CANDLE.night


def rules(palette: Palette) -> str:
    """Write what a stylesheet says of these colours beside page.css; print stays black on white."""
    light = _declared({name: getattr(palette, name) for name in ("night", "dawn", "flame", "accent")})
    dark = _declared({"accent": palette.accent_dark})
    if palette == CANDLE:
        return ""
    return f"@media screen{{{light}}}@media screen and (prefers-color-scheme:dark){{{dark}}}"


def _declared(colours: Mapping[str, str]) -> str:
    return f":root{{{';'.join(f'--{name}:{colour}' for name, colour in colours.items())}}}"


def icon(drawn: str, palette: Palette) -> str:
    """Give the candle in the browser's tab a campaign's night and flame."""
    return drawn.replace(CANDLE.night, palette.night).replace(CANDLE.flame, palette.flame)
