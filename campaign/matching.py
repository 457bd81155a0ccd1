"""Words looked for in a text whatever their case, dress or ending."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from campaign.scripts import UNSPACED, script

PARTICLES = {"van", "von", "der", "den", "del", "des", "dos", "las", "los", "zum", "zur", "bin", "ibn", "the"}
SLAVIC_ENDING = re.compile("[аеиоуыэюяіь]{1,2}$|[аеиоуыэюяі]и$")  # й is и once its breve is folded away
LONGEST_INFLECTION = 3  # letters: Иванов -> Ивановым, Ковальская -> Ковальскую
SHORTEST_STEM = 3
SHORTEST_NAME = 2


@dataclass(frozen=True)
class Words:
    """Patterns over folded text."""

    patterns: tuple[re.Pattern[str], ...]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Find them in `text`, as half-open offsets into it as it is, not as it is folded."""
        if not self.patterns:
            return
        folded, offsets = fold(text)
        for pattern in self.patterns:
            for match in pattern.finditer(folded):
                yield offsets[match.start()], _end(text, offsets[match.end() - 1] + 1)


def fold(text: str) -> tuple[str, list[int]]:
    """Make a text comparable, and say which place of the original each folded character comes from.

    Case, width, mathematical letters, accents and invisible characters no longer count.
    """
    if text.isascii():
        return text.lower(), list(range(len(text)))
    pieces = [_folded(character) for character in text]
    offsets = [index for index, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), offsets


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(c for c in letters if not _is_dress(c))


def _is_dress(character: str) -> bool:
    """Tell whether a character may come or go without changing the word: not so the vowels of Hindi."""
    kind = unicodedata.category(character)
    return kind == "Cf" or (kind == "Mn" and script(character) in {"", "HEBREW", "ARABIC"})


def _end(text: str, end: int) -> int:
    """Take the marks that follow the last letter into the span."""
    while end < len(text) and _folded(text[end]) == "" and unicodedata.category(text[end]) == "Mn":
        end += 1
    return end


def whole(word: str) -> Words:
    """Look for a word as it is."""
    folded = fold(word)[0]
    return Words((re.compile(rf"(?<!\w){re.escape(folded)}(?!\w)"),) if folded else ())


@lru_cache(maxsize=1024)
def risky(words: tuple[str, ...]) -> Words:
    """Look for words from their start on, so that "freedom" finds "freedoms" and "свобода" "свободу"."""
    found = [_stem(fold(word)[0]) for word in words]
    return Words(tuple(re.compile(_start_of(word) + r"\w*") for word in found if word))


def surname(name: str) -> Words:
    """Look for a person's own surname, word by word, and for its Slavic inflections."""
    found = []
    for word in re.findall(r"\w+", fold(name)[0]):
        stem = _stem(word)
        if script(word[0]) in UNSPACED:
            found.append(re.escape(word))
        elif len(word) >= SHORTEST_NAME and word not in PARTICLES:
            found.append(_inflected(stem) if len(stem) >= SHORTEST_STEM else _start_of(word) + r"(?!\w)")
    return Words(tuple(re.compile(pattern) for pattern in found))


def _inflected(stem: str) -> str:
    return rf"{_start_of(stem)}\w{{0,{LONGEST_INFLECTION}}}(?!\w)"


def _start_of(word: str) -> str:
    """Match at a word's start; scripts without spaces have none."""
    escaped = r"\s+".join(re.escape(part) for part in word.split())
    return escaped if script(word[0]) in UNSPACED else rf"(?<!\w){escaped}"


def _stem(word: str) -> str:
    stem = SLAVIC_ENDING.sub("", word)
    return stem if len(stem) >= SHORTEST_STEM else word
