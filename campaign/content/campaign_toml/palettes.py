"""The page's colours that a campaign may choose, each with a contrast at which everybody can read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from campaign.content.campaign_toml import toml_values
from campaign.content.campaign_toml.toml_keys import TomlFile
from campaign.errors import Fix

ENOUGH = 4.5  # WCAG 2.2, 1.4.3: text of any size
STEPS = 50  # from a colour to black or white

# As page.css: what stands on these colours, or they on it. No campaign changes them.
MOON, DUSK, EMBER = "#f3e9d8", "#b9b0b8", "#241a10"
PAPER = ("#fbf6ec", "#fffdf8")
DARK_PAPER = ("#15151f", "#1f1f2c")


@dataclass(frozen=True)
class Palette:
    """The night behind the picture and how it dawns, the flame in it, links and numbers on light and dark.

    Of a campaign's own colours, those that are not given are "".
    """

    night: Annotated[str, toml_values.colour] = ""
    dawn: Annotated[str, toml_values.colour] = ""
    flame: Annotated[str, toml_values.colour] = ""
    accent: Annotated[str, toml_values.colour] = ""
    accent_dark: Annotated[str, toml_values.colour] = ""

    def over(self, other: Palette) -> Palette:
        """Put what is given in the place of another palette's."""
        return replace(other, **{name: colour for name, colour in vars(self).items() if colour})


CANDLE = Palette(night="#14142f", dawn="#292146", flame="#f4b04c", accent="#8a4708", accent_dark="#f4b860")
PALETTES: Mapping[str, Palette] = {
    "candle": CANDLE,
    "sea": Palette(night="#0b2233", dawn="#123a4d", flame="#6fd0d8", accent="#0b5f74", accent_dark="#7fd3dc"),
    "forest": Palette("#10241a", "#1d3a2a", "#b9d66b", "#3d611a", "#b7d57a"),
    "berry": Palette("#2a0f24", "#43183a", "#f59ab5", "#8f1d53", "#f5a3bd"),
    "slate": Palette("#1c2027", "#2b323c", "#d8dde6", "#44526b", "#bcc7d9"),
}


@dataclass(frozen=True)
class Pale:
    """A colour that cannot be read well: on or below which other, how weak, and one that can."""

    name: str
    ground: str
    ratio: float
    right: str


def check(palette: Palette, own: Palette, file: TomlFile) -> None:
    """Note each colour of the campaign's own that cannot be read; a palette's can, on its own ground."""
    for one in pale(palette, own_flame=bool(own.flame)):
        key = ("colours", one.name)
        written = file.values["colours"][one.name]
        weak = f"{written} has a contrast of {one.ratio:.1f} to {one.ground}, where {ENOUGH} are needed"
        file.fault(key, weak, f'write "{one.right}"', Fix(file.lines.get(key, 0), written, one.right))


def pale(palette: Palette, *, own_flame: bool = False) -> Iterator[Pale]:
    """Find each colour that is too near to one it is read on; the others are judged as if it were mended.

    Where the flame is the palette's, the ground below it is to give way.
    """
    flame = () if own_flame else ("flame",)
    for name, grounds, towards in (
        ("night", (MOON, DUSK, *flame), "#000000"),
        ("dawn", (MOON, *flame), "#000000"),
        ("flame", ("night", "dawn", EMBER), "#ffffff"),
        ("accent", PAPER, "#000000"),
        ("accent_dark", DARK_PAPER, "#ffffff"),
    ):
        beside = tuple(getattr(palette, ground, ground) for ground in grounds)
        colour = getattr(palette, name)
        worst = min(beside, key=lambda ground: contrast(colour, ground))
        if (ratio := contrast(colour, worst)) < ENOUGH:
            right = _readable(colour, beside, towards)
            yield Pale(name, worst, ratio, right)
            palette = replace(palette, **{name: right})


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours as WCAG 2.2 defines it, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, grounds: tuple[str, ...], towards: str) -> str:
    """Find the nearest shade of a colour that can be read on all of these."""
    shades = (mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next(one for one in shades if all(contrast(one, ground) >= ENOUGH for ground in grounds))


def mixed(colour: str, other: str, share: float) -> str:
    """Mix a colour with a share of another."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
