"""PyMuPDF's `insert_htmlbox`, one box a card.

    python -m tests.benchmarks.press.others.htmlbox MESSAGES OUT PICTURE.pdf

The style sheet of a language names only the fonts that it needs; the picture is placed as one shared object,
and the fonts are cut down at the end.
"""

from __future__ import annotations

import sys
from functools import cache
from html import escape
from pathlib import Path

import pymupdf

from tests.benchmarks.press.others import sheet
from tests.benchmarks.press.others.sheet import CARD_HEIGHT, CARD_WIDTH, FOOT, MARGIN, SAFE, Message

ARCHIVE = pymupdf.Archive(str(sheet.FONTS))


def main(messages: Path, out: Path, picture: Path) -> None:
    """Write the sheets."""
    document, art = pymupdf.open(), pymupdf.open(picture)
    for row in sheet.sheets(messages):
        front = document.new_page(width=sheet.WIDTH, height=sheet.HEIGHT)
        for (x, y), _ in zip(sheet.FRONTS, row, strict=False):
            front.show_pdf_page(_box(x, y, SAFE, SAFE), art, 0)
        back = document.new_page(width=sheet.WIDTH, height=sheet.HEIGHT)
        for (x, y), (number, message) in zip(sheet.BACKS, row, strict=False):
            back.insert_htmlbox(
                _box(x, y, MARGIN, FOOT), _html(message), css=_css(message.language), archive=ARCHIVE
            )
            back.insert_text(
                (x + CARD_WIDTH / 2 - 6, y + CARD_HEIGHT - SAFE), str(number), fontsize=sheet.NUMBER_SIZE
            )
    document.save(out, garbage=4, deflate=True)


def _box(x: float, y: float, edge: float, foot: float) -> pymupdf.Rect:
    return pymupdf.Rect(x + edge, y + edge, x + CARD_WIDTH - edge, y + CARD_HEIGHT - foot)


def _html(message: Message) -> str:
    direction = "rtl" if message.language in sheet.RIGHT_TO_LEFT else "ltr"
    return (
        f'<div dir="{direction}" lang="{message.language}"><p>{escape(message.text)}</p>'
        f'<p class="name">{escape(message.first_name)}</p></div>'
    )


@cache
def _css(language: str) -> str:
    own = sheet.FONT_OF.get(language)
    files = [own, sheet.EMOJI] if own else [sheet.TEXT, sheet.EMOJI]
    faces = "".join(f"@font-face {{font-family: f{i}; src: url({file})}}" for i, file in enumerate(files))
    names = ", ".join(f"f{i}" for i in range(len(files)))
    if not own:
        faces += f"@font-face {{font-family: f0; font-style: italic; src: url({sheet.ITALIC})}}"
    return (
        f"{faces} * {{font-family: {names}; font-size: {sheet.SIZE}pt; line-height: 1.2; margin: 0}}"
        ".name {text-align: right; font-style: italic}"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
