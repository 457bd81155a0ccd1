"""Words shaped by HarfBuzz, once each, into the bytes that a PDF shows them with."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import uharfbuzz as hb

from campaign.cards import breaking, fonts
from campaign.cards.fonts import EM, Face, Family
from campaign.cards.pdf import number

GLYPHS_PER_FONT = 1 << 16
MOST_WORDS = 40_000  # kept at a time, about 20 MB; a text with ever new words would else fill the memory
_SPECIAL = re.compile(rb"[()\\\r]")


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

    def __init__(self, base: Family, language: str, *, italic: bool = False) -> None:
        super().__init__()
        self.base = fonts.face(base)
        self.language = language
        self.italic = italic
        self.space = self.base.width(self.base.space) * base.scale
        self.space_body = _escaped(self.base.space.to_bytes(2, "big"))
        self._space_glyph = array("I", [self.base.number * GLYPHS_PER_FONT + self.base.space]).tobytes()
        self._plain = fonts.beyond_text() if base in (fonts.TEXT, fonts.ITALIC) else None

    def __missing__(self, word: str) -> tuple[Part, ...]:
        if len(self) >= MOST_WORDS:
            self.clear()
        pieces = breaking.segments(word, self.language)
        last = len(pieces) - 1
        parts = self[word] = tuple(self.part(piece, spaced=i == last) for i, piece in enumerate(pieces))
        return parts

    def part(self, text: str, *, spaced: bool = True, rtl: bool = False) -> Part:
        """Shape one unbreakable piece of text.

        Raises:
            MissingGlyphs: naming the characters that no font draws.
        """
        runs = [_shape(face, run, rtl, self.language) for face, run in self._runs(text)]
        ordered = runs[::-1] if rtl else runs
        width = sum(run.width for run in runs)
        body = b"".join(self._switched(run) for run in ordered)
        return Part(
            text,
            width,
            width + self.space if spaced else width,
            body,
            body + self.space_body if spaced else body,
            b"".join(run.glyphs for run in runs) + (self._space_glyph if spaced else b""),
            tuple(name for run in runs for name in run.named),
            max(run.face.family.pitch for run in runs),
            _hang(text, width),
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
        if self._plain and not self._plain.search(text):
            return [(self.base, text)]
        runs: list[tuple[Face, str]] = []
        missing = []
        for cluster in breaking.graphemes(text):
            before = runs[-1][0] if runs else self.base
            found = fonts.choose(cluster, self.base.family, before.family, italic=self.italic)
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


@dataclass(slots=True, eq=False)
class _Cluster:
    """Glyphs of one indivisible stretch of text: (glyph, advance, x offset, y offset), in 1/1000 em."""

    text: str
    glyphs: list[tuple[int, int, int, int]]


def _shape(face: Face, text: str, rtl: bool, language: str) -> _Run:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = language
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    hb.shape(face.font, buffer)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    clusters = list(_clusters(text, infos, positions))
    _check(face, clusters)
    writer = _Writer(face)
    for cluster in clusters:
        writer.cluster(cluster)
    base = face.number * GLYPHS_PER_FONT
    packed = array("I", {base + info.codepoint for info in infos}).tobytes()
    return _Run(face, writer.width * face.family.scale, writer.finished(), packed, tuple(writer.named))


def _clusters(text: str, infos: list[hb.GlyphInfo], positions: list[hb.GlyphPosition]) -> Iterator[_Cluster]:
    starts = sorted({info.cluster for info in infos} | {len(text)})
    ends = dict(pairwise(starts))
    current, found = -1, _Cluster("", [])
    for info, position in zip(infos, positions, strict=True):
        if info.cluster != current:
            if found.glyphs:
                yield found
            current = info.cluster
            found = _Cluster(text[current : ends[current]], [])
        found.glyphs.append((info.codepoint, position.x_advance, position.x_offset, position.y_offset))
    if found.glyphs:
        yield found


def _check(face: Face, clusters: list[_Cluster]) -> None:
    """Refuse what the font does not draw whole: a glyph that is not there, an emoji fallen apart."""
    missing = [c.text for c in clusters if any(glyph == 0 for glyph, *_ in c.glyphs)]
    if face.family is fonts.EMOJI:
        missing += [c.text for c in clusters if sum(1 for _, advance, *_ in c.glyphs if advance) > 1]
    if missing:
        raise MissingGlyphs(missing)


class _Writer:
    """Collects the inside of a text array, beginning and ending in an open string."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.width = 0
        self.named: list[tuple[int, str]] = []
        self._out = bytearray()
        self._shift = 0  # what the pen must move right before the next glyph
        self._rise = 0

    def cluster(self, cluster: _Cluster) -> None:
        """Show one cluster; its text is stated where its glyphs do not tell it."""
        spelled = self._spelled(cluster)
        if not spelled:
            actual = b"FEFF" + cluster.text.encode("utf-16-be").hex().upper().encode()
            self._out += b")]TJ/Span<</ActualText<%s>>>BDC[(" % actual
            if len(cluster.glyphs) == 1:
                self.named.append((self.face.number * GLYPHS_PER_FONT + cluster.glyphs[0][0], cluster.text))
        for glyph in cluster.glyphs:
            self._glyph(*glyph)
        if not spelled:
            self._out += b")]TJ EMC[("

    def finished(self) -> bytes:
        """Give the bytes, the pen at the end of the last advance and on the base line."""
        self._lift(0)
        self._settle()
        return bytes(self._out)

    def _spelled(self, cluster: _Cluster) -> bool:
        if len(cluster.glyphs) != len(cluster.text):
            letters = len(cluster.glyphs) == 1 and self.face.ligatures.get(cluster.glyphs[0][0])
            return letters == cluster.text
        meanings = self.face.meanings
        return all(meanings[g[0]] == ord(char) for g, char in zip(cluster.glyphs, cluster.text, strict=True))

    def _glyph(self, glyph: int, advance: int, right: int, up: int) -> None:
        self._lift(up)
        self._shift += right
        self._settle()
        self._out += _escaped(glyph.to_bytes(2, "big"))
        self._shift = advance - right - self.face.width(glyph)
        self.width += advance

    def _lift(self, up: int) -> None:
        if up != self._rise:
            self._rise = up
            self._out += b")]TJ %s Ts[(" % number(up * self.face.family.scale / EM)

    def _settle(self) -> None:
        if self._shift:
            self._out += b")%d(" % -self._shift
            self._shift = 0


def _hang(text: str, width: float) -> float:
    """Let an opening quotation mark hang half into the margin, so that the letters stand flush."""
    return min(width / len(text), 400.0) * 0.5 if len(text) > 1 and text[0] in '“„«‘‚"' else 0.0


def _escaped(raw: bytes) -> bytes:
    """Write bytes as the inside of a PDF literal string."""
    return _SPECIAL.sub(lambda found: b"\\r" if found[0] == b"\r" else b"\\" + found[0], raw)
