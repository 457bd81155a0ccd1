"""The physical limit: wrap, shape, deflate and write the same text, and nothing else.

    python -m tests.benchmarks.limit MESSAGES OUT

Written once, then left alone. Greedy lines over the widths of words that HarfBuzz has shaped once each, one
font a language, glyph ids as they come, one deflated stream for four messages. No kerning is written, no font
embedded, no direction, no rag, no names, nothing to extract text by; Chinese, Japanese, Thai and Khmer lines
end after any character.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from pathlib import Path

import uharfbuzz as hb

from tests.benchmarks.corpus import UNSPACED, read

FONTS = Path(__file__).resolve().parents[2] / "campaign/cards/fonts"
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
MEASURE = 21904  # 85 mm in 1/1000 of 11 points


class Words(dict[str, tuple[int, bytes]]):
    """The width and the glyph ids of each word of one font."""

    def __init__(self, file: str) -> None:
        self.font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / file))))
        self.font.scale = (1000, 1000)

    def __missing__(self, word: str) -> tuple[int, bytes]:
        buffer = hb.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        hb.shape(self.font, buffer)
        width = sum([position.x_advance for position in buffer.glyph_positions])
        glyphs = array("H", [info.codepoint for info in buffer.glyph_infos])
        found = self[word] = (width, glyphs.tobytes().hex().encode())
        return found


def main(messages: Path, out: Path) -> None:
    """Write the messages' lines."""
    shapers = {file: Words(file) for file in {*FONT_OF.values(), "Alegreya-Regular.ttf"}}
    with out.open("wb") as file:
        waiting: list[bytes] = []
        for message in read(messages):
            words = shapers[FONT_OF.get(message.language, "Alegreya-Regular.ttf")]
            waiting += wrapped(message.text, words, 0 if message.language in UNSPACED else 250)
            waiting.append(b"ET BT")
            if len(waiting) > 20:
                file.write(zlib.compress(b"\n".join(waiting)))
                waiting.clear()


def wrapped(text: str, words: Words, space: int) -> list[bytes]:
    """Break a text into lines."""
    lines, line, room = [], [], MEASURE
    for word in text.split() if space else text:
        width, glyphs = words[word]
        if width > room and line:
            lines.append(b"<%s>Tj T*" % b"0003".join(line))
            line, room = [], MEASURE
        line.append(glyphs)
        room -= width + space
    lines.append(b"<%s>Tj T*" % b"0003".join(line))
    return lines


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
