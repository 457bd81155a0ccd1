"""The physical limit: wrap, shape, deflate and write the same text, and nothing else.

    python -m tests.benchmarks.press.limit MESSAGES OUT

Written once, then left alone. Words are shaped by HarfBuzz once each, in one font a language, and written as
glyph ids with the pen's corrections; lines are greedy, and end where Unicode's rules let them in the
languages without spaces; one deflated stream holds four messages with their names. No font is chosen or
embedded, nothing is reordered, smoothed or stated for extractors, and there is no page, picture or card.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

import uharfbuzz as hb
from icu4py.breakers import LineBreaker

from tests.benchmarks.press.corpus import UNSPACED, read

FONTS = Path(__file__).resolve().parents[3] / "campaign/cards/fonts"
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
TEXT_FONT = "Alegreya-Regular.ttf"
MEASURE = 21904  # 85 mm in 1/1000 of 11 points


class Words(dict[str, tuple[int, bytes]]):
    """The width and the shown glyphs of each word of one font."""

    def __init__(self, file: str) -> None:
        self.font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / file))))
        self.font.scale = (1000, 1000)

    def __missing__(self, word: str) -> tuple[int, bytes]:
        buffer = hb.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        hb.shape(self.font, buffer)
        width, shift, shown = 0, 0, []
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyph, right, advance = info.codepoint, position.x_offset, position.x_advance
            if shift + right:
                shown.append(b">%d<" % -(shift + right))
            shown.append(b"%04x" % glyph)
            shift = advance - right - self.font.get_glyph_h_advance(glyph)
            width += advance
        found = self[word] = (width, b"".join(shown))
        return found


def main(messages: Path, out: Path) -> None:
    """Write the messages' lines."""
    shapers = {file: Words(file) for file in {*FONT_OF.values(), TEXT_FONT}}
    with out.open("wb") as file:
        waiting: list[bytes] = []
        for number, message in enumerate(read(messages), 1):
            words = shapers[FONT_OF.get(message.language, TEXT_FONT)]
            if message.language in UNSPACED:
                waiting += wrapped(list(LineBreaker(message.text, message.language)), words, 0)
            else:
                waiting += wrapped(message.text.split(), words, 250)
            waiting.append(b"<%s>Tj ET BT" % words[message.first_name][1])
            if number % 4 == 0:
                file.write(zlib.compress(b"\n".join(waiting)))
                waiting.clear()


def wrapped(pieces: list[str], words: Words, space: int) -> list[bytes]:
    """Break a text into lines."""
    gap = b"0003" if space else b""
    lines, line, room = [], [], MEASURE
    for piece in pieces:
        width, glyphs = words[piece]
        if width > room and line:
            lines.append(b"[<%s>]TJ T*" % gap.join(line))
            line, room = [], MEASURE
        line.append(glyphs)
        room -= width + space
    lines.append(b"[<%s>]TJ T*" % gap.join(line))
    return lines


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
