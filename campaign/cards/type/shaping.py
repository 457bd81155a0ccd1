"""Words shaped by HarfBuzz, once each, into the bytes that a PDF shows them with."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import WeakSet

import uharfbuzz as hb

from campaign.cards import locks
from campaign.cards.fonts import faces
from campaign.cards.fonts.faces import EM, Face, Memo
from campaign.cards.fonts.families import Family
from campaign.cards.pdf import number
from campaign.cards.type import breaking, punctuation
from campaign.cards.type.text_writer import Place, TextWriter

GLYPHS_PER_FONT = 1 << 16
MOST_WORDS = 15_000  # kept, and as many older ones, in about 20 MB; ever new words would else fill the memory
WIDEST_SPACE = 280.0  # 1/1000 of the body size: one font's is half an em, and tears its lines apart
_LIKE = {"mk": "sr"}  # the same italic forms, which Alegreya has for one of them alone
_IGNORABLE = re.compile("[\u034f\u200b-\u200f\u2060\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")


class MissingGlyphs(Exception):
    """Characters that no font draws; the typesetter names them."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__(characters)
        self.characters = characters


class Breakable(Exception):
    """A word that may be broken inside, and so is not one part."""


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


class Piece(NamedTuple):
    """A part of a word, how it is shown and how wide it is, each with the space behind it if there is one."""

    part: Part
    body: bytes
    advance: float


class Shaper:
    """The words of one language in one main font and one direction, each shaped when it is first met.

    `parts` are texts without a space, `words` those of them that may not be broken inside. `pieces` tell
    where others may, `shown` is for these: those that end in a space have one behind them. `opening` words
    should not end a line, `closing` ones should not begin one.
    """

    def __init__(self, base: Family, language: str, *, rtl: bool = False) -> None:
        self.base = faces.face(base)
        self.language = _LIKE.get(language, language)
        self.unspaced = language.partition("-")[0] in breaking.UNSPACED
        self.rtl = rtl
        natural = self.base.widths[self.base.space] * base.scale
        self.space = min(natural, WIDEST_SPACE)
        self.space_body = self.base.codes[self.base.space]
        if natural > WIDEST_SPACE:
            self.space_body += b")%d(" % round((natural - WIDEST_SPACE) / base.scale)
        glyph = _packed(self.base, [self.base.space])
        self.space_part = Part(self.space, self.space_body, glyph, base.pitch)
        self.opening: set[str] = set()
        self.closing: set[str] = set()
        self.parts = Memo[str, Part](self._shaped)
        self._older: dict[str, Part] = {}
        self.words = Memo[str, Part](self._word)
        self.pieces = Memo[str, tuple[str, ...]](self.split)
        self.shown = Memo[str, Piece](self._piece)
        self._foreign = faces.foreign(base)
        with locks.TYPE:  # a set must not grow while it is tidied
            store.shapers.add(self)

    def split(self, word: str) -> tuple[str, ...]:
        """Split a word where a line may end; the last piece has the space behind it."""
        return tuple(breaking.segments(word + " ", self.language))

    def forget(self) -> None:
        """Drop all words but those met since the last time; they are shaped again when they are met."""
        self._older = dict(self.parts)
        self.words.clear()
        self.shown.clear()
        for clinging in (self.opening, self.closing):
            clinging.clear()
        self.parts.clear()
        self.pieces.clear()

    def _word(self, word: str) -> Part:
        pieces = self.pieces.get(word) or self.split(word)
        if len(pieces) > 1:
            self.pieces[word] = pieces
            raise Breakable
        return self.parts[word]

    def _piece(self, piece: str) -> Piece:
        part = self.parts[piece.rstrip(" ")]
        if piece[-1] != " ":
            return Piece(part, part.body, part.width)
        if piece[:-1] in self.opening:
            self.opening.add(piece)
        if piece[:-1] in self.closing:
            self.closing.add(piece)
        body = self.space_body + part.body if self.rtl else part.body + self.space_body
        return Piece(part, body, part.width + self.space)

    def _shaped(self, text: str) -> Part:
        """Shape what is met for the first time or again after long, and note where it clings."""
        store.words += 1
        if len(text) > 1 and text[0].isalpha() and text[-1].isalpha():  # it clings to nothing
            return self._older.get(text) or self.part(text)
        if breaking.clings_to_next(text, self.language):
            self.opening.add(text)
        if breaking.clings_to_previous(text):
            self.closing.add(text)
        return self._older.get(text) or self.part(text)

    def part(self, text: str) -> Part:
        """Shape one unbreakable piece of text.

        Raises:
            MissingGlyphs: naming the characters that no font draws.
        """
        if text[-1] == breaking.SOFT_HYPHEN:
            return self._hyphenated(self.part(text[:-1]))
        if not self._foreign.search(text):
            return _shape(self.base, text, self.rtl, self.language)
        runs = [(face, _shape(face, run, self.rtl, self.language)) for face, run in self._runs(text)]
        return Part(
            sum([run.width for _, run in runs]),
            b"".join([self._switched(face, run.body) for face, run in (runs[::-1] if self.rtl else runs)]),
            b"".join([run.glyphs for _, run in runs]),
            max([run.pitch for _, run in runs]),
        )

    def _hyphenated(self, word: Part) -> Part:
        """Show a hyphen behind a part of a word, stated as what an extractor leaves out."""
        glyph = int(self.base.font.get_nominal_glyph(ord("-")) or 0)
        writer = TextWriter(self.base)
        writer.cluster(breaking.SOFT_HYPHEN, [glyph], [(0, 0, self.base.widths[glyph], 0)])
        glyphs = word.glyphs + _packed(self.base, [glyph, *writer.added])
        return Part(word.width + self.hyphen, word.body + writer.finished(), glyphs, word.pitch)

    @cached_property
    def hyphen(self) -> float:
        """The width of a hyphen."""
        return self.width("-")

    def width(self, text: str) -> float:
        """Measure what `part` would be, without writing it: that is most of the work."""
        runs = self._runs(text) if self._foreign.search(text) else [(self.base, text)]
        return sum([_width(face, run, self.rtl, self.language) for face, run in runs])

    def _switched(self, face: Face, body: bytes) -> bytes:
        if face is self.base:
            return body
        there, back = face.family, self.base.family
        return b")]TJ/%s %s Tf[(%s)]TJ/%s %s Tf[(" % (
            *(there.key.encode(), number(there.scale), body),
            *(back.key.encode(), number(back.scale)),
        )

    def _runs(self, text: str) -> list[tuple[Face, str]]:
        """Split a text where the font changes."""
        runs: list[tuple[Face, list[str]]] = []
        missing = []
        for cluster in breaking.graphemes(text):
            before = runs[-1][0] if runs else self.base
            found = faces.choose(cluster, self.base.family, before.family)
            if found is None:
                missing.append(cluster)
            elif runs and found is before and found.family is not faces.EMOJI:
                runs[-1][1].append(cluster)
            else:
                runs.append((found, [cluster]))
        if missing:
            raise MissingGlyphs(missing)
        return [(face, "".join(clusters)) for face, clusters in runs]


class Store:
    """All shapers, and how many words they keep."""

    def __init__(self) -> None:
        self.shapers: WeakSet[Shaper] = WeakSet()
        self.words = 0  # met since it was last tidied

    def tidy(self) -> None:
        """Forget all words when they are too many: between two messages, never in the middle of one.

        Call it only with `locks.TYPE` held.
        """
        if self.words > MOST_WORDS:
            self.words = 0
            for shaper in list(self.shapers):
                shaper.forget()


store = Store()


def _shape(face: Face, text: str, rtl: bool, language: str) -> Part:
    buffer = _shaped(face, text, rtl, language)
    infos, places = buffer.glyph_infos, _places(face, text, buffer)
    order = text[::-1] if rtl else text
    return _told(face, infos, places, order) or _stated(face, infos, places, text, rtl=rtl)


def _width(face: Face, text: str, rtl: bool, language: str) -> float:
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
    return Part(total * family.scale, b"".join(out), _packed(face, glyphs), family.pitch)


def _stated(face: Face, infos: list[Any], places: list[Place], text: str, *, rtl: bool) -> Part:
    """Show a word cluster by cluster, its text stated where the glyphs do not tell it."""
    glyphs = [info.codepoint for info in infos]
    family = face.family
    width = sum([place[2] for place in places]) * family.scale
    writer = TextWriter(face)
    _write_clusters(writer, text, [info.cluster for info in infos], glyphs, places, rtl=rtl)
    return Part(width, writer.finished(), _packed(face, [*glyphs, *writer.added]), family.pitch)


def _packed(face: Face, glyphs: Iterable[int]) -> bytes:
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
        found = text[start : ends[start]]
        if after == at + 1 and letters[glyphs[at]] == found:
            continue
        writer.glyphs(glyphs[told:at], places[told:at])
        some, where, told = glyphs[at:after], places[at:after], after
        if 0 in some or (emoji and sum(1 for place in where if place[2]) > 1):
            missing.append(found)
        # MuPDF moves a joiner between letters from right to left away, and may lose a letter over it.
        plain = _IGNORABLE.sub("", found) if rtl and not emoji else found
        writer.cluster(plain or found, some, where, text[ends[start] : ends[start] + 1])
    writer.glyphs(glyphs[told:], places[told:])
    if missing:
        raise MissingGlyphs(missing)
