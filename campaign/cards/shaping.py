"""Words shaped by HarfBuzz, once each, into the bytes that a PDF shows them with."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import uharfbuzz as hb

from campaign.cards import breaking, fonts
from campaign.cards.fonts import EM, Face, Family
from campaign.cards.pdf import escaped, number

GLYPHS_PER_FONT = 1 << 16
MOST_WORDS = 20_000  # kept for a language at a time; a text with ever new words would else fill the memory
_IGNORABLE = re.compile("[\u034f\u200b-\u200f\u2060\ufe0e\ufe0f\U000e0020-\U000e007f]")
_GAP = 50  # an extractor may take a gap this wide for a space
_WIDE = 700  # and the jump over a glyph this wide for a new line
_OPENING_QUOTES = '“„«‘‚"'


class MissingGlyphs(Exception):
    """Characters that no font draws; the typesetter names them."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__(characters)
        self.characters = characters


@dataclass(slots=True, eq=False)
class Part:
    """A piece of a line that is never broken.

    Widths are 1/1000 of the body size: `width` of the ink, `advance` with the space behind it. `body` is the
    inside of a PDF text array, `spaced` the same with the space: both begin and end within an open string in
    the message's main font. `glyphs` packs font number and glyph id, `named` the texts of glyphs without a
    character of their own, `hang` is how far the part reaches into the margin at the start of a line.
    """

    text: str
    width: float
    advance: float
    body: bytes
    spaced: bytes
    glyphs: bytes
    named: tuple[tuple[int, str], ...]
    pitch: float
    hang: float
    clings_to_next: bool
    clings_to_previous: bool


class Shaper(dict[str, tuple[Part, ...]]):
    """The words of one language in one main font; looking a word up shapes it when it is new."""

    def __init__(self, base: Family, language: str) -> None:
        super().__init__()
        self.base = fonts.face(base)
        self.language = language
        self.space = self.base.width(self.base.space) * base.scale
        self.space_body = escaped(self.base.space.to_bytes(2, "big"))
        self._space_glyph = array("I", [self.base.number * GLYPHS_PER_FONT + self.base.space]).tobytes()
        self._foreign = fonts.foreign(base)
        self._directed: dict[tuple[str, bool, bool], Part] = {}

    def __missing__(self, word: str) -> tuple[Part, ...]:
        if len(self) >= MOST_WORDS:
            self.clear()
        pieces = breaking.segments(word, self.language)
        last = len(pieces) - 1
        parts = self[word] = tuple([self.part(piece, spaced=i == last) for i, piece in enumerate(pieces)])
        return parts

    def directed(self, text: str, *, spaced: bool, rtl: bool) -> Part:
        """Shape one piece of a line of both directions, or find it again."""
        key = (text, spaced, rtl)
        found = self._directed.get(key)
        if found is None:
            if len(self._directed) >= MOST_WORDS:
                self._directed.clear()
            found = self._directed[key] = self.part(text, spaced=spaced, rtl=rtl)
        return found

    def part(self, text: str, *, spaced: bool = True, rtl: bool = False) -> Part:
        """Shape one unbreakable piece of text.

        Raises:
            MissingGlyphs: naming the characters that no font draws.
        """
        if self._foreign.search(text):
            runs = [_shape(face, run, rtl, self.language) for face, run in self._runs(text)]
            body = b"".join(map(self._switched, reversed(runs) if rtl else runs))
        else:
            runs = [_shape(self.base, text, rtl, self.language)]
            body = runs[0].body
        width = sum([run.width for run in runs])
        return Part(
            text,
            width,
            width + self.space if spaced else width,
            body,
            body + self.space_body if spaced else body,
            b"".join([run.glyphs for run in runs]) + (self._space_glyph if spaced else b""),
            tuple([name for run in runs for name in run.named]),
            max([run.face.family.pitch for run in runs]),
            min(width / len(text), 400.0) * 0.5 if text[0] in _OPENING_QUOTES and len(text) > 1 else 0.0,
            spaced and breaking.clings_to_next(text, self.language),
            breaking.clings_to_previous(text),
        )

    def _switched(self, run: _Run) -> bytes:
        if run.face is self.base:
            return run.body
        there, back = run.face.family, self.base.family
        return b")]TJ/%s %s Tf[(%s)]TJ/%s %s Tf[(" % (
            there.key.encode(),
            number(there.scale),
            run.body,
            back.key.encode(),
            number(back.scale),
        )

    def _runs(self, text: str) -> list[tuple[Face, str]]:
        """Split a text where the font changes."""
        runs: list[tuple[Face, str]] = []
        missing = []
        for cluster in breaking.graphemes(text):
            before = runs[-1][0] if runs else self.base
            found = fonts.choose(cluster, self.base.family, before.family)
            if found is None:
                missing.append(cluster)
            elif runs and found is before and found.family is not fonts.EMOJI:
                runs[-1] = (found, runs[-1][1] + cluster)
            else:
                runs.append((found, cluster))
        if missing:
            raise MissingGlyphs(missing)
        return runs


@dataclass(slots=True, eq=False)
class _Run:
    face: Face
    width: float
    body: bytes
    glyphs: bytes
    named: tuple[tuple[int, str], ...]


# A glyph's advance, offset to the right and offset upwards, in 1/1000 em.
_Place = tuple[int, int, int]


def _shape(face: Face, text: str, rtl: bool, language: str) -> _Run:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = language
    if rtl or buffer.direction != "ltr":
        buffer.direction = "rtl" if rtl else "ltr"
    if _IGNORABLE.search(text):
        buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    hb.shape(face.font, buffer)
    infos = buffer.glyph_infos
    glyphs = [info.codepoint for info in infos]
    places = [(p.x_advance, p.x_offset, p.y_offset) for p in buffer.glyph_positions]
    width = sum([place[0] for place in places]) * face.family.scale
    base = face.number * GLYPHS_PER_FONT
    writer = _Writer(face)
    if face.spells(glyphs, text[::-1] if rtl else text):
        writer.glyphs(glyphs, places)
    else:
        _write_clusters(writer, text, [info.cluster for info in infos], glyphs, places)
    body = writer.finished()
    packed = array("I", sorted({base + glyph for glyph in (*glyphs, *writer.added)})).tobytes()
    return _Run(face, width, body, packed, tuple(writer.named))


def _write_clusters(
    writer: _Writer, text: str, clusters: list[int], glyphs: list[int], places: list[_Place]
) -> None:
    """Show glyphs cluster by cluster, refusing a glyph that is not there and an emoji fallen apart."""
    starts = sorted({*clusters, len(text)})
    ends = dict(pairwise(starts))
    missing, at = [], 0
    emoji = writer.face.family is fonts.EMOJI
    while at < len(glyphs):
        start = clusters[at]
        after = at + 1
        while after < len(glyphs) and clusters[after] == start:
            after += 1
        found = text[start : ends[start]]
        if 0 in glyphs[at:after] or (emoji and sum(1 for place in places[at:after] if place[0]) > 1):
            missing.append(found)
        writer.cluster(found, glyphs[at:after], places[at:after])
        at = after
    if missing:
        raise MissingGlyphs(missing)


class _Writer:
    """Collects the inside of a text array, beginning and ending in an open string."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.named: list[tuple[int, str]] = []
        self.added: list[int] = []
        self._out = bytearray()
        self._shift = 0  # what the pen must move right before the next glyph
        self._rise = 0

    def cluster(self, text: str, glyphs: list[int], places: list[_Place]) -> None:
        """Show one cluster; its text is stated where its glyphs do not tell it."""
        if self.face.spells(glyphs, text):
            self.glyphs(glyphs, places)
            return
        # What can be read stays outside: MuPDF doubles letters that end both the text and the glyphs.
        end, stated = len(glyphs), text
        while end > 1 and len(stated) > 1 and self.face.spells(glyphs[end - 1 : end], stated[-1]):
            end, stated = end - 1, stated[:-1]
        self._out += (
            b")]TJ/Span<</ActualText<FEFF%s>>>BDC[(" % stated.encode("utf-16-be").hex().upper().encode()
        )
        if end == 1 and unicodedata.category(stated[0]) != "Mn":
            self.named.append((self.face.number * GLYPHS_PER_FONT + glyphs[0], stated))
        self.glyphs(glyphs[:end], places[:end])
        if abs(self._shift) > _GAP or (len(stated) > end and places[end - 1][0] > _WIDE):
            self._blank()
        self._out += b")]TJ EMC[("
        self.glyphs(glyphs[end:], places[end:])

    def _blank(self) -> None:
        """End a stated text where its last letter ends: extractors measure it up to its last glyph."""
        blank, width = self.face.blank
        self.glyphs([blank], [(0, -width, self._rise)])
        self.added.append(blank)

    def glyphs(self, glyphs: Sequence[int], places: Sequence[_Place]) -> None:
        """Show glyphs, the pen corrected where their places differ from their widths."""
        codes, widths, out = self.face.codes, self.face.widths, self._out
        shift = self._shift
        for glyph, (advance, right, up) in zip(glyphs, places, strict=True):
            if up != self._rise:
                self._rise = up
                out += b")]TJ %s Ts[(" % number(up * self.face.family.scale / EM)
            shift += right
            if shift:
                out += b")%d(" % -shift
            out += codes[glyph]
            shift = advance - right - widths[glyph]
        self._shift = shift

    def finished(self) -> bytes:
        """Give the bytes, the pen at the end of the last advance and on the base line."""
        if self._rise:
            self._out += b")]TJ 0 Ts[("
        if self._shift:
            self._out += b")%d(" % -self._shift
        return bytes(self._out)
