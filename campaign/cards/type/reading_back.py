"""What was set, read back from glyphs to letters by what its file tells, as an extractor does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from campaign.cards.fonts import faces
from campaign.cards.fonts.faces import GLYPHS_PER_FONT, Face
from campaign.cards.fonts.families import BY_KEY
from campaign.cards.pdf import unescaped
from campaign.cards.type.glyph_runs import Part

_TOKEN = re.compile(
    rb"/(?P<font>\w) [\d.]+ Tf"
    rb"|<</ActualText\((?P<stated>(?:[^()\\]|\\.)*+)\)>>BDC"
    rb"|(?P<end>EMC)"
    rb"|(?P<line>T\*|Td)"
    rb"|\((?P<shown>(?:[^()\\]|\\.)*+)\)",
    re.DOTALL,
)
_UNKNOWN = "\ufffd"


def read_back(body: bytes, used: Iterable[Part]) -> str:
    """Read the body of a message; what its file does not hold, or does not name, becomes U+FFFD.

    `used` is what the fonts of the file are cut down to.
    """
    held = {glyph for part in used for glyph in memoryview(part.glyphs).cast("I")}
    out: list[str] = []
    face, stated = faces.face(faces.TEXT), False
    for token in _TOKEN.finditer(body):
        if token["font"] is not None:
            face = faces.face(BY_KEY[token["font"]])
        elif token["stated"] is not None:
            stated = True
            out.append(unescaped(token["stated"]).decode("utf-16"))
        elif token["shown"] is not None:
            out += _letters(face, unescaped(token["shown"]), held, stated=stated)
        else:
            stated = stated and not token["end"]
            out.append("\n" if token["line"] else "")
    return "".join(out)


def _letters(face: Face, codes: bytes, held: set[int], *, stated: bool) -> Iterator[str]:
    for at in range(0, len(codes), 2):
        glyph = int.from_bytes(codes[at : at + 2], "big")
        if face.number * GLYPHS_PER_FONT + glyph not in held:
            yield _UNKNOWN
        elif not stated:
            yield face.ligatures.get(glyph) or face.letters[glyph].replace("\0", _UNKNOWN)
