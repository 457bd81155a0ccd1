"""A piece of text in one font, shaped by HarfBuzz into the bytes that a PDF shows it with."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import uharfbuzz as hb

from campaign.cards.fonts import faces
from campaign.cards.fonts.faces import EM, Face
from campaign.cards.type import punctuation
from campaign.cards.type.sizes import overhang
from campaign.cards.type.text_writer import Place, TextWriter

GLYPHS_PER_FONT = 1 << 16
_IGNORABLE = re.compile("[\u034f\u200b-\u200f\u2060\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")


class MissingGlyphs(Exception):
    """Characters that no font draws, or not clear of a cut; the typesetter names them."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__(characters)
        self.characters = characters


@dataclass(slots=True, eq=False)
class Part:
    """A piece of a line that is never broken.

    `width` is 1/1000 of the body size. `body` is the inside of a PDF text array and begins and ends within an
    open string in the message's main font. `glyphs` packs font number and glyph id.
    """

    width: float
    body: bytes
    glyphs: bytes
    pitch: float


def shape(face: Face, text: str, rtl: bool, language: str) -> Part:
    """Shape a text that the font draws.

    Raises:
        MissingGlyphs: naming the characters that it does not, emoji that fall apart, towers of marks.
    """
    buffer = _shaped(face, text, rtl, language)
    infos, places = buffer.glyph_infos, _places(face, text, buffer)
    order = text[::-1] if rtl else text
    return _told(face, infos, places, order) or _stated(face, infos, places, text, rtl=rtl)


def width(face: Face, text: str, rtl: bool, language: str) -> float:
    """Measure what `shape` would give."""
    places = _places(face, text, _shaped(face, text, rtl, language))
    return float(sum([place[2] for place in places]) * face.family.scale)


def _places(face: Face, text: str, buffer: hb.Buffer) -> list[Place]:
    places = [position.position for position in buffer.glyph_positions]
    if face.family is faces.CJK and len(places) == len(text) and buffer.direction == "ltr":
        for at in punctuation.closed_up(text):
            right, up, advance, down = places[at]
            places[at] = right, up, advance - punctuation.HALF if advance == EM else advance, down
    return places


def _shaped(face: Face, text: str, rtl: bool, language: str) -> hb.Buffer:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = language
    if rtl or buffer.direction != "ltr":
        buffer.direction = "rtl" if rtl else "ltr"
    if _IGNORABLE.search(text):
        buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    hb.shape(face.font, buffer)
    return buffer


def _told(face: Face, infos: list[Any], places: list[Place], text: str) -> Part | None:
    """Show a word whose glyphs tell its letters one by one and stand on the line, as most words do."""
    if len(infos) != len(text):
        return None
    signs = face.signs
    out, glyphs, total = [], [], 0
    for info, (right, up, advance, _), char in zip(infos, places, text, strict=True):
        glyph = info.codepoint
        letter, code, width = signs[glyph]
        if letter != char or right or up:
            return None
        out.append(code)
        if advance != width:
            out.append(b")%d(" % (width - advance))
        glyphs.append(glyph)
        total += advance
    family = face.family
    return Part(total * family.scale, b"".join(out), packed(face, glyphs), family.pitch)


def _stated(face: Face, infos: list[Any], places: list[Place], text: str, *, rtl: bool) -> Part:
    """Show a word cluster by cluster, its text stated where the glyphs do not tell it."""
    glyphs = [info.codepoint for info in infos]
    family = face.family
    advance = sum([place[2] for place in places]) * family.scale
    writer = TextWriter(face)
    if not _keeps_clear(face, glyphs, places):
        raise MissingGlyphs([text])
    _write_clusters(writer, text, [info.cluster for info in infos], glyphs, places, rtl=rtl)
    return Part(advance, writer.finished(), packed(face, [*glyphs, *writer.added]), family.pitch)


def _keeps_clear(face: Face, glyphs: list[int], places: list[Place]) -> bool:
    """Tell whether a word keeps clear of the cuts wherever on a card it stands, as each glyph alone does.

    Marks pile up, and letters that are joined may climb: enough of them reach out of the safe zone, and the
    proof would hold everybody's cards for them.
    """
    above, below, beside = overhang(face.family.pitch, face.family.scale)
    ink, pen, end = face.ink, 0, sum([place[2] for place in places])
    for glyph, (right, up, advance, _) in zip(glyphs, places, strict=True):
        if right or up:
            left, bottom, far, top = ink[glyph]
            at = pen + right
            if up + top > above or up + bottom < -below or at + left < -beside or at + far - end > beside:
                return False
        pen += advance
    return True


def packed(face: Face, glyphs: Iterable[int]) -> bytes:
    """Pack glyphs with the number of their font."""
    first = face.number * GLYPHS_PER_FONT
    return array("I", [first + glyph for glyph in glyphs]).tobytes()


def _write_clusters(
    writer: TextWriter,
    text: str,
    clusters: list[int],
    glyphs: list[int],
    places: list[Place],
    *,
    rtl: bool,
) -> None:
    """Show glyphs cluster by cluster, refusing a glyph that is not there and an emoji fallen apart."""
    ends = dict(pairwise(sorted({*clusters, len(text)})))
    missing = []
    emoji = writer.face.family is faces.EMOJI
    letters = writer.face.letters
    edges = [i for i, cluster in enumerate(clusters) if not i or cluster != clusters[i - 1]]
    told = 0  # up to here the glyphs tell their text by themselves, one by one
    for at, after in pairwise((*edges, len(clusters))):
        start = clusters[at]
        written = text[start : ends[start]]
        if after == at + 1 and letters[glyphs[at]] == written:
            continue
        writer.glyphs(glyphs[told:at], places[told:at])
        some, where, told = glyphs[at:after], places[at:after], after
        if 0 in some or (emoji and sum(1 for place in where if place[2]) > 1):
            missing.append(written)
        # MuPDF moves a joiner between letters from right to left away, and may lose a letter over it; of what
        # is stated for a ligature it gives the last letter twice.
        plain = _IGNORABLE.sub("", written)
        left_out = not emoji and (rtl or (len(plain) > 1 and writer.face.spells(some, plain)))
        stated = plain if plain and left_out else written
        writer.cluster(stated, some, where, text[ends[start] : ends[start] + 1])
    writer.glyphs(glyphs[told:], places[told:])
    if missing:
        raise MissingGlyphs(missing)
