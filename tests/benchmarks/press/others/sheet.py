"""What all of them print: the same messages, four A6 cards on A4, the same sizes, the same fonts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

FONTS = Path(__file__).resolve().parents[4] / "campaign/cards/fonts"
MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
CARD_WIDTH, CARD_HEIGHT = 105 * MM, 148 * MM
SAFE, MARGIN, FOOT = 7 * MM, 10 * MM, 13 * MM
SIZE, LEADING, NUMBER_SIZE = 11, 13, 7.5
# The left and upper edge of each card's front, from the top left; backs change places left and right.
FRONTS = [(x * 105 * MM, (0.5 + y * 148) * MM) for y in (0, 1) for x in (0, 1)]
BACKS = [FRONTS[i] for i in (1, 0, 3, 2)]

TEXT, ITALIC, EMOJI = "Alegreya-Regular.ttf", "Alegreya-Italic.ttf", "NotoEmoji-Regular.ttf"
FONT_OF = {
    "hy": "NotoSerifArmenian-Regular.ttf",
    "ka": "NotoSerifGeorgian-Regular.ttf",
    "he": "NotoSerifHebrew-Regular.ttf",
    "ar": "NotoNaskhArabic-Regular.ttf",
    "ur": "NotoNastaliqUrdu-Regular.ttf",
    "hi": "NotoSerifDevanagari-Regular.ttf",
    "bn": "NotoSerifBengali-Regular.ttf",
    "ta": "NotoSerifTamil-Regular.ttf",
    "th": "NotoSerifThai-Regular.ttf",
    "km": "NotoSerifKhmer-Light.ttf",
    "am": "NotoSerifEthiopic-Regular.ttf",
    "zh": "NotoSerifCJK-Regular.otf",
    "ja": "NotoSerifCJK-Regular.otf",
    "ko": "NotoSerifCJK-Regular.otf",
}
UNSPACED = ("zh", "ja", "th", "km")
RIGHT_TO_LEFT = ("he", "ar", "ur")


class Message(NamedTuple):
    """What a supporter writes."""

    text: str
    first_name: str
    language: str


def sheets(path: Path) -> Iterator[list[tuple[int, Message]]]:
    """Read messages from a file, one sheet's at a time, each with its card's number."""
    with path.open(encoding="utf-8") as lines:
        numbered = enumerate((Message(*json.loads(line)) for line in lines), 1)
        while sheet := list(islice(numbered, 4)):
            yield sheet
