"""ReportLab's canvas with its own `simpleSplit`, glyphs as the character map has them.

    python -m tests.benchmarks.press.others.canvas MESSAGES OUT PICTURE.jpg [plain]

`plain` does without its accelerator in C, which pip installs for those alone who ask for it. It does not
shape. It cannot read the outlines of the Chinese, Japanese and Korean font, so these are set in
the fonts that readers of PDF bring along.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

if "plain" in sys.argv:
    sys.modules["_rl_accel"] = None  # type: ignore[assignment]
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.benchmarks.press.others import sheet
from tests.benchmarks.press.others.sheet import CARD_HEIGHT, CARD_WIDTH, FOOT, MARGIN, SAFE, SIZE, Message

CID = {"zh": "STSong-Light", "ja": "HeiseiMin-W3", "ko": "HYSMyeongJo-Medium"}
EMOJI = re.compile("([\u200d\u2600-\u27bf\ufe0f\U0001f000-\U0001ffff]+)")
MEASURE = CARD_WIDTH - 2 * MARGIN


def main(messages: Path, out: Path, picture: Path) -> None:
    """Write the sheets."""
    canvas = Canvas(str(out), pagesize=(sheet.WIDTH, sheet.HEIGHT), pageCompression=1)
    for row in sheet.sheets(messages):
        for (x, y), _ in zip(sheet.FRONTS, row, strict=False):
            bottom = sheet.HEIGHT - y - CARD_HEIGHT
            box = (CARD_WIDTH - 2 * SAFE, CARD_HEIGHT - 2 * SAFE)
            canvas.drawImage(picture, x + SAFE, bottom + SAFE, *box, preserveAspectRatio=True)
        canvas.showPage()
        for (x, y), (number, message) in zip(sheet.BACKS, row, strict=False):
            _back(canvas, x, sheet.HEIGHT - y, number, message)
        canvas.showPage()
    canvas.save()


def _back(canvas: Canvas, x: float, top: float, number: int, message: Message) -> None:
    font = _font(message.language)
    lines = list(_lines(message, font))
    height = (len(lines) + 1) * sheet.LEADING
    text = canvas.beginText(x + MARGIN, top - MARGIN - (CARD_HEIGHT - MARGIN - FOOT - height) / 2 - SIZE)
    text.setFont(font, SIZE, sheet.LEADING)
    for line in lines:
        for name, run in _runs(line, font):
            text.setFont(name, SIZE, sheet.LEADING)
            text.textOut(run)
        text.textLine()
    if font == sheet.TEXT:
        font = _registered(sheet.ITALIC)
        text.setFont(font, SIZE, sheet.LEADING)
    text.moveCursor(MEASURE - pdfmetrics.stringWidth(message.first_name, font, SIZE), 0)
    text.textLine(message.first_name)
    canvas.drawText(text)
    canvas.setFont(_registered(sheet.TEXT), sheet.NUMBER_SIZE)
    canvas.drawCentredString(x + CARD_WIDTH / 2, top - CARD_HEIGHT + SAFE, str(number))


def _lines(message: Message, font: str) -> list[str]:
    if message.language in sheet.UNSPACED:
        return list(_filled(message.text, font))
    return simpleSplit(message.text, font, SIZE, MEASURE)


def _filled(text: str, font: str) -> Iterator[str]:
    """Break anywhere, as many characters a line as have room."""
    line, room = "", MEASURE
    for char in text:
        width = _width(char, font)
        if line and width > room:
            yield line
            line, room = "", MEASURE
        line += char
        room -= width
    yield line


@cache
def _width(text: str, font: str) -> float:
    return float(pdfmetrics.stringWidth(text, font, SIZE))


def _runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """Split a line where emoji stand, which are in a font of their own."""
    for i, run in enumerate(EMOJI.split(text)):
        if run:
            yield (_registered(sheet.EMOJI) if i % 2 else font), run


@cache
def _font(language: str) -> str:
    if language in CID:
        pdfmetrics.registerFont(UnicodeCIDFont(CID[language]))
        return CID[language]
    return _registered(sheet.FONT_OF.get(language, sheet.TEXT))


@cache
def _registered(file: str) -> str:
    pdfmetrics.registerFont(TTFont(file, str(sheet.FONTS / file)))
    return file


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
