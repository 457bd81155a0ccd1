"""Made the tables beside the cards' fonts: what each of their glyphs stands for.

    .venv/bin/python -m tools.to_unicode

A test compares them with what the fonts, HarfBuzz and Python say today.
"""

from __future__ import annotations

import zlib

from campaign.cards.fonts import faces
from campaign.cards.fonts.families import FAMILIES
from campaign.cards.fonts.to_unicode import derive, stored


def main() -> None:
    """Write a table for each font."""
    for family in FAMILIES:
        face = faces.face(family)
        stored(face).write_bytes(zlib.compress(derive(face).tobytes(), 9))


if __name__ == "__main__":
    main()
