"""Words shaped by HarfBuzz, once each, into the bytes that a PDF shows them with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import get_ident
from typing import NamedTuple
from weakref import WeakSet

from campaign.cards.fonts import faces, main_font
from campaign.cards.fonts.faces import Face
from campaign.cards.fonts.families import Family
from campaign.cards.memo import Memo
from campaign.cards.pdf import number
from campaign.cards.type import breaking, glyph_runs
from campaign.cards.type.glyph_runs import MissingGlyphs, Part, packed
from campaign.cards.type.text_writer import TextWriter

MOST_WORDS = 15_000  # kept, and as many older ones, in about 20 MB; ever new words would else fill the memory
WIDEST_SPACE = 280.0  # 1/1000 of the body size: one font's is half an em, and tears its lines apart
_LIKE = {"mk": "sr"}  # the same italic forms, which Alegreya has for one of them alone


class Breakable(Exception):
    """A word that may be broken inside, and so is not one part."""


class Piece(NamedTuple):
    """A part of a word, how it is shown and how wide it is, each with the space behind it if there is one."""

    part: Part
    body: bytes
    advance: float


class Shaper:
    """The words of one language in one main font and one direction, each shaped when it is first met.

    `words` may not be broken inside. `pieces` tell where others may, `parts` are these without a space and
    `shown` with the space that some have behind them. `opening` words should not end a line,
    `closing` ones should not begin one.
    """

    def __init__(self, base: Family, language: str, *, rtl: bool = False) -> None:
        self.base = faces.face(base)
        self.language = _LIKE.get(language, language)
        self.unspaced = language.partition("-")[0] in breaking.UNSPACED
        self.rtl = rtl
        natural = self.base.widths[self.base.space] * base.scale
        self.space = min(natural, WIDEST_SPACE)
        self.space_body = self.base.signs[self.base.space].code
        if natural > WIDEST_SPACE:
            self.space_body += b")%d(" % round((natural - WIDEST_SPACE) / base.scale)
        glyph = packed(self.base, [self.base.space])
        self.space_part = Part(self.space, self.space_body, glyph, base.pitch)
        self.opening: set[str] = set()
        self.closing: set[str] = set()
        self.parts = Memo[str, Part](self._shaped)
        self._older: dict[str, Part] = {}
        self.words = Memo[str, Part](self._word)
        self.pieces = Memo[str, list[str]](self.split)
        self.shown = Memo[str, Piece](self._piece)
        self._own = main_font.own(base)
        store.add(self)

    def split(self, word: str) -> list[str]:
        """Split a word where a line may end; the last piece has the space behind it."""
        return breaking.segments(word + " ", self.language)

    def forget(self) -> None:
        """Drop all words but those met since the last time; they are shaped again when they are met."""
        self._older = self.words | self.parts
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
        return self.parts.get(word) or self._shaped(word)

    def _piece(self, piece: str) -> Piece:
        text = piece.rstrip(" ")
        part = self.words.get(text) or self.parts[text]
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
        store.give_way()
        if text[-1] == breaking.SOFT_HYPHEN:
            return self._hyphenated(self.part(text[:-1]))
        if self._own.all_of(text):
            return glyph_runs.shape(self.base, text, self.rtl, self.language)
        runs = [
            (face, glyph_runs.shape(face, run, self.rtl, self.language)) for face, run in self._runs(text)
        ]
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
        letter, code, width, _ = self.base.signs[glyph]
        writer.cluster(breaking.SOFT_HYPHEN, letter, [(glyph, code, width, 0, 0, width)])
        glyphs = word.glyphs + packed(self.base, [glyph, *writer.added])
        return Part(word.width + self.hyphen, word.body + writer.finished(), glyphs, word.pitch)

    @cached_property
    def hyphen(self) -> float:
        """The width of a hyphen."""
        return self.width("-")

    def width(self, text: str) -> float:
        """Measure what `part` would be, without writing it: that is most of the work."""
        store.give_way()
        runs = [(self.base, text)] if self._own.all_of(text) else self._runs(text)
        return sum([glyph_runs.width(face, run, self.rtl, self.language) for face, run in runs])

    def unprintable(self, text: str) -> list[str]:
        """List the characters of a text that no font of the cards draws beside its main one, in order."""
        characters: list[str] = []
        for cluster in breaking.graphemes(text):
            visible = cluster.strip().strip(breaking.SOFT_HYPHEN)
            try:
                _ = visible and self.part(visible)
            except MissingGlyphs as missing:
                characters += missing.characters
        return characters

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
            chosen = faces.choose(cluster, self.base.family, before.family)
            if chosen is None:
                missing.append(cluster)
            elif runs and chosen is before and chosen.family is not faces.EMOJI:
                runs[-1][1].append(cluster)
            else:
                runs.append((chosen, [cluster]))
        if missing:
            raise MissingGlyphs(missing)
        return [(face, "".join(clusters)) for face, clusters in runs]


class Store:
    """All shapers, and how many words they keep: as many threads as like set type with them at once.

    What they look up is computed twice where two meet it at one moment, and is the same. But nobody forgets
    words while a message is being set with them: lines would be broken as if no word clung to another.
    """

    def __init__(self) -> None:
        self.words = 0  # met since they were last forgotten
        self._shapers: WeakSet[Shaper] = WeakSet()
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        # By thread, as plain dictionaries: a message asks for a `threading.local` too often.
        self._depth: dict[int, int] = {}  # of what it has in use
        self._wait: dict[int, Callable[[], None]] = {}

    def add(self, shaper: Shaper) -> None:
        """Keep a shaper's words in sight."""
        with self._lock:
            self._shapers.add(shaper)

    def __enter__(self) -> None:
        """Set, measure or show words; the last one who leaves forgets them when they are too many."""
        thread = get_ident()
        if thread in self._depth:
            self._depth[thread] += 1
            return
        with self._lock:
            while self._depth and self.words > MOST_WORDS * 2:  # there was always somebody
                self._left.wait()
            self._depth[thread] = 1

    def __exit__(self, *_: object) -> None:
        """Leave."""
        thread = get_ident()
        if self._depth[thread] > 1:
            self._depth[thread] -= 1
            return
        del self._depth[thread]
        if self.words > MOST_WORDS:
            with self._lock:
                if not self._depth:
                    self.forget()
                    self._left.notify_all()

    @contextmanager
    def giving_way(self, wait: Callable[[], None]) -> Iterator[None]:
        """Let this thread `wait` for others between the pieces of what it sets and draws."""
        self._wait[get_ident()] = wait
        try:
            yield
        finally:
            del self._wait[get_ident()]

    def give_way(self) -> None:
        """Let others go first, if this thread is to."""
        if self._wait and (wait := self._wait.get(get_ident())):
            wait()

    def forget(self) -> None:
        """Forget all words but those met since the last time."""
        self.words = 0
        for shaper in list(self._shapers):
            shaper.forget()


store = Store()
