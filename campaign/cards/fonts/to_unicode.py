"""What each glyph of a font stands for, so that an extractor gets the letters back."""

from __future__ import annotations

import unicodedata
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.cards.fonts.families import CJK, NASKH, NASTALIQ, of_script

if TYPE_CHECKING:
    from campaign.cards.fonts.faces import Face

ZWJ = "\u200d"
# Letters whose pairs and triples fonts draw as one glyph, or with letters made for the pair.
LIGATURES = (
    *("ff", "fi", "fl", "fj", "fb", "fh", "fk", "ft", "ffi", "ffl", "ffj", "ffb", "ffh", "ffk", "tt"),
    *("Th", "f?", "f!", "f)", "f”", "f’", "fä", "fö", "fü", "fï", "fî"),
    *("λλ", "ու", "մն", "մե", "մի", "վն", "մխ"),
)
CJK_LANGUAGES = ("zh-Hans", "ja", "ko", "zh-Hant", "zh-HK")
LAST_NOMINAL_ARABIC = 0xFB4F  # the forms above are kept for old encodings; texts hold letters
LAM_ALEF = ("لا", "لأ", "لإ", "لآ", "بلا", "بلأ", "بلإ", "بلآ")  # two glyphs made for each other


def code_points(face: Face) -> array[int]:
    """Give the one character that each glyph stands for, 0 where there is none; by glyph id.

    It depends on the font alone, so the same batch gives the same bytes whatever was set before it. Combining
    marks stand for nothing by themselves: an extractor that meets one away from its letter would put it on a
    line of its own.
    """
    table = stored(face)
    return array("I", zlib.decompress(table.read_bytes())) if table.exists() else derive(face)


def stored(face: Face) -> Path:
    """Name the table beside a font, made by `tools/to_unicode.py`: to derive those of a batch takes long."""
    return face.path.with_suffix(".to_unicode")


def derive(face: Face) -> array[int]:
    """Invert the character map, then add the forms that letters take beside others or by language."""
    points_of = array("I", bytes(4 * face.face.glyph_count))
    points = sorted(face.face.unicodes, reverse=True)
    if face.family in (NASKH, NASTALIQ):
        points = [point for point in points if point <= LAST_NOMINAL_ARABIC]
    for point in points:
        glyph = face.font.get_nominal_glyph(point)
        if glyph and not (points_of[glyph] and unicodedata.normalize("NFKC", chr(point)) != chr(point)):
            points_of[glyph] = point
    for glyph, point in _forms(face, points):
        points_of[glyph] = points_of[glyph] or point
    for glyph, point in enumerate(points_of):
        if point and unicodedata.category(chr(point)) == "Mn":
            points_of[glyph] = 0
    return points_of


def ligatures(face: Face) -> dict[int, str]:
    """Give the letters that each ligature's glyph stands for.

    A font is asked for its own script alone: to shape those of others, as many can, would take long.
    """
    letters_of = {}
    for letters in LIGATURES:
        script = of_script(ord(letters[0]))
        if script is not (face.family if face.family.blocks else None) or not face.covers(letters):
            continue
        glyphs = [glyph for glyph, _ in _shaped(face, letters)]
        if len(glyphs) == 1:
            letters_of[glyphs[0]] = letters
    return letters_of


def _forms(face: Face, points: list[int]) -> Iterator[tuple[int, int]]:
    """List glyphs that are not in the character map, each with the letter it is a form of."""
    if face.family is CJK:
        text = "".join(map(chr, points))
        for language in CJK_LANGUAGES:
            yield from _regional(face, text, language)
    elif face.family in (NASKH, NASTALIQ):
        for point in sorted(points):
            if unicodedata.bidirectional(chr(point)) == "AL":
                yield from _joined(face, chr(point))
        for letters in LAM_ALEF:
            shaped = _shaped(face, letters)
            if len(shaped) == len(letters):
                yield from ((glyph, ord(letters[cluster])) for glyph, cluster in shaped)
    else:
        for letters in filter(face.covers, LIGATURES):
            shaped = _shaped(face, letters)
            if len(shaped) == len(letters):
                yield from ((glyph, ord(letters[cluster])) for glyph, cluster in shaped)


def _regional(face: Face, text: str, language: str) -> Iterator[tuple[int, int]]:
    for info in face.regional(text, language).glyph_infos:
        yield info.codepoint, ord(text[info.cluster])


def _joined(face: Face, letter: str) -> Iterator[tuple[int, int]]:
    for before, after in (("", ""), (ZWJ, ""), ("", ZWJ), (ZWJ, ZWJ)):
        glyphs = _shaped(face, before + letter + after)
        if len(glyphs) == 1:
            yield glyphs[0][0], ord(letter)


def _shaped(face: Face, text: str) -> list[tuple[int, int]]:
    return [(info.codepoint, info.cluster) for info in face.shaped(text).glyph_infos]
