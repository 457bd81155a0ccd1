"""A piece of text in one font, shaped by HarfBuzz into the bytes that a PDF shows it with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress, count, pairwise
from operator import ne
from typing import TYPE_CHECKING

from campaign.cards.dimensions import overhang
from campaign.cards.fonts import faces
from campaign.cards.fonts.faces import EM, Face
from campaign.cards.type import punctuation
from campaign.cards.type.text_writer import Shown, TextWriter

if TYPE_CHECKING:
    import uharfbuzz as hb

# A glyph's offset to the right, offset upwards and advance, in 1/1000 em; the last is for vertical lines.
Place = tuple[int, int, int, int]


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

    Where HarfBuzz moves none of its glyphs, as of most words, its answer is read as text, each glyph with its
    advance looked up: to go from one to the next in Python takes longer than to shape them.

    Raises:
        MissingGlyphs: naming the characters that it does not, emoji that fall apart, towers of marks.
    """
    buffer = face.shaped(text, "rtl" if rtl else "ltr", language)
    family = face.family
    if face.plain and not (family is faces.CJK and punctuation.closed_up(text)):
        answer = face.answer(buffer)
        if answer and "@" not in answer:
            # Without `strict`, which takes longer than the rest: all are as long.
            letters, codes, advances, numbers = zip(*map(face.unmoved.__getitem__, answer.split("|")))  # noqa: B905
            if "".join(letters) == (text[::-1] if rtl else text):
                return Part(sum(advances) * family.scale, b"".join(codes), b"".join(numbers), family.pitch)
    return _one_by_one(face, text, buffer, rtl=rtl)


def _one_by_one(face: Face, text: str, buffer: hb.Buffer, *, rtl: bool) -> Part:
    infos = buffer.glyph_infos
    glyphs = [info.codepoint for info in infos]
    if not glyphs:  # of characters that are not seen
        return Part(0.0, b"", b"", face.family.pitch)
    letters, codes, widths, numbers = zip(*map(face.signs.__getitem__, glyphs))  # noqa: B905
    rights, ups, advances, _ = zip(*_places(face, text, buffer))  # noqa: B905
    shown = list(zip(glyphs, codes, widths, rights, ups, advances))  # noqa: B905
    width, pack = sum(advances), b"".join(numbers)
    if (any(rights) or any(ups)) and not _keeps_clear(face, shown, width):
        raise MissingGlyphs([text])
    writer = TextWriter(face)
    if "".join(letters) == (text[::-1] if rtl else text):
        writer.glyphs(shown)
    else:
        spelt = "".join(map(face.letters.__getitem__, glyphs))
        _write_clusters(writer, text, [info.cluster for info in infos], spelt, shown, rtl=rtl)
    if writer.added:
        pack += packed(face, writer.added)
    return Part(width * face.family.scale, writer.finished(), pack, face.family.pitch)


def width(face: Face, text: str, rtl: bool, language: str) -> float:
    """Measure what `shape` would give."""
    places = _places(face, text, face.shaped(text, "rtl" if rtl else "ltr", language))
    return float(sum([place[2] for place in places]) * face.family.scale)


def _places(face: Face, text: str, buffer: hb.Buffer) -> list[Place]:
    places = [position.position for position in buffer.glyph_positions]
    if face.family is faces.CJK and len(places) == len(text) and buffer.direction == "ltr":
        for at in punctuation.closed_up(text):
            right, up, advance, down = places[at]
            if advance == EM:
                far = face.ink[buffer.glyph_infos[at].codepoint][2]
                places[at] = right, up, advance - punctuation.white(text[at], far), down
    return places


def _keeps_clear(face: Face, shown: list[Shown], end: int) -> bool:
    """Tell whether a word keeps clear of the cuts wherever on a card it stands, as each glyph alone does.

    Marks pile up, and letters that are joined may climb: enough of them reach out of the safe zone, and the
    proof would hold everybody's cards for them.
    """
    above, below, beside = overhang(face.family.pitch, face.family.scale)
    ink, pen = face.ink, 0
    for glyph, _, _, right, up, advance in shown:
        if right or up:
            left, bottom, far, top = ink[glyph]
            at = pen + right
            if up + top > above or up + bottom < -below or at + left < -beside or at + far - end > beside:
                return False
        pen += advance
    return True


def packed(face: Face, glyphs: Iterable[int]) -> bytes:
    """Pack glyphs with the number of their font."""
    return b"".join([face.signs[glyph].number for glyph in glyphs])


def _write_clusters(
    writer: TextWriter, text: str, clusters: list[int], spelt: str, shown: list[Shown], *, rtl: bool
) -> None:
    """Show glyphs cluster by cluster, refusing a glyph that is not there and an emoji fallen apart.

    `spelt` is what they tell, one by one; where that is not the `text`, it is stated.
    """
    ends = dict(pairwise(sorted({*clusters, len(text)})))
    missing = []
    emoji = writer.face.family is faces.EMOJI
    unseen = not faces.UNSEEN.isdisjoint(text)
    edges = compress(count(), map(ne, clusters, (-1, *clusters)))
    told = 0  # up to here the glyphs tell their text by themselves, one by one
    for at, after in pairwise((*edges, len(clusters))):
        start = clusters[at]
        end = ends[start]
        written = text[start:end]
        if spelt[at:after] == written and after == at + 1:
            continue
        if told < at:
            writer.glyphs(shown[told:at])
        some, told = shown[at:after], after
        if 0 in [one[0] for one in some] or (emoji and sum(1 for one in some if one[5]) > 1):
            missing.append(written)
        stated = _plain(writer, some, written, rtl=rtl) if unseen and not emoji else written
        writer.cluster(stated, spelt[at:after], some, text[end : end + 1])
    writer.glyphs(shown[told:])
    if missing:
        raise MissingGlyphs(missing)


def _plain(writer: TextWriter, shown: list[Shown], written: str, *, rtl: bool) -> str:
    """Leave out of a cluster's text what is not seen, where MuPDF would read it wrongly.

    It moves a joiner between letters from right to left away, and may lose a letter over it; of what is
    stated for a ligature it gives the last letter twice.
    """
    plain = "".join([char for char in written if char not in faces.UNSEEN])
    left_out = rtl or (len(plain) > 1 and writer.face.spells([one[0] for one in shown], plain))
    return plain if plain and left_out else written
