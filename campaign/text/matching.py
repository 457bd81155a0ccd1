"""Words looked for in a text whatever their case, dress or ending."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from campaign.text.character_table import CharacterTable
from campaign.text.invisible import is_mark
from campaign.text.scripts import UNSPACED, script
from campaign.text.whitespace import is_plain

PARTICLES = {"van", "von", "der", "den", "del", "des", "dos", "las", "los", "zum", "zur", "bin", "ibn", "the"}
SLAVIC_ENDING = re.compile("[аеиоуыэюяіь]{1,2}$")  # й is и once its breve is folded away
LONGEST_INFLECTION = 3  # letters: Иванов -> Ивановым, Ковальская -> Ковальскую
SHORTEST_STEM = 3
SHORTEST_NAME = 2
# Articles, prepositions and conjunctions that Arabic and Hebrew write as the beginning of a word, also of one
# in other letters: "and KGB" is وKGB. In front of a word shorter than a stem they might as well be its own.
GLUED = re.compile("[وف]?(?:[بك]?ال|لل?|[بك])?|ו?(?:ל?כש|מש|ש)?[מבלכ]?ה?")
LONGEST_GLUED = 6  # letters
ARTICLE, WITH_TO = "ال", "لل"  # "to the" takes a letter of the article: للأحمد
OF_ARABIC = "ةهت"  # one ending: as Arabic has it, as Persian and quick hands do, and before another: حريتك
TATWEEL = "\u0640"  # makes a word longer on the line, and no other
ANY = 1_000_000
_GAP = re.compile(r"\s+")


@dataclass(frozen=True)
class Wanted:
    """The folded start of a word, how many letters may follow it, and whether it may stand inside a word."""

    start: str
    more: int = 0
    anywhere: bool = False


class Folded:
    """A text made comparable: case, width, accents, mathematical and invisible letters do not count.

    Nor does what stands between two words: a line's end and any row of spaces are one space.
    """

    def __init__(self, text: str) -> None:
        self.original = text
        folded = fold(text)
        self.text = folded if is_plain(folded) else _GAP.sub(" ", folded)

    def spans(self, wanted: Iterable[Wanted]) -> Iterator[tuple[int, int]]:
        """Find words, as half-open offsets into the text as it is, not as it is folded."""
        for word in wanted:
            if word.start not in self.text:
                continue
            for start, end in self._places(word):
                yield self._offsets[start], self._with_marks(self._offsets[end - 1] + 1)

    def _places(self, word: Wanted) -> Iterator[tuple[int, int]]:
        at = self.text.find(word.start)
        while at >= 0:
            end = stem = at + len(word.start)
            if word.anywhere:
                yield at, end
            elif (begin := self._begin(at, word.start)) is not None:
                end = self._word_end(stem)
                if end - stem <= word.more:
                    yield begin, end
            at = self.text.find(word.start, end)

    def _begin(self, at: int, start: str) -> int | None:
        """Find where the word begins; None where more stands in front of `start` than is glued to words."""
        begin = at
        while at - begin <= LONGEST_GLUED and self._in_word(begin - 1):
            begin -= 1
        goes_on = len(start) >= SHORTEST_STEM and GLUED.fullmatch(self.text, begin, at)
        return begin if begin == at or goes_on else None

    def _word_end(self, end: int) -> int:
        while self._in_word(end):
            end += 1
        return end

    def _in_word(self, at: int) -> bool:
        if not 0 <= at < len(self.text):
            return False
        return self.text[at].isalnum() or is_mark(self.text[at])

    @cached_property
    def _offsets(self) -> list[int]:
        """The place in the original that each folded character comes from."""
        places, in_gap = [], False
        for index, character in enumerate(self.original):
            for letter in fold(character):
                if not (in_gap and letter.isspace()):
                    places.append(index)
                in_gap = letter.isspace()
        return places

    def _with_marks(self, end: int) -> int:
        """Take the marks that follow the last letter into the span."""
        while end < len(self.original) and is_mark(self.original[end]) and not fold(self.original[end]):
            end += 1
        return end


def _undressed(character: str) -> str:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    bare = "".join(letter for letter in letters if not _is_dress(letter))
    return bare.replace("ı", "i")  # whose capital is I


_FOLDING = CharacterTable(_undressed)


def fold(text: str) -> str:
    """Return a text as it is compared; see `Folded`."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def _is_dress(character: str) -> bool:
    """Tell whether a character may come or go without changing the word: not so the vowels of Hindi."""
    kind = unicodedata.category(character)
    return (
        kind == "Cf"
        or character == TATWEEL
        or (kind == "Mn" and script(character) in {"", "HEBREW", "ARABIC"})
    )


@lru_cache(maxsize=1024)
def risky(words: tuple[str, ...]) -> tuple[Wanted, ...]:
    """Look for words from their start on, so that "freedom" finds "freedoms" and "свобода" "свободу"."""
    folded = (" ".join(fold(word).split()) for word in words)
    forms = (form for word in folded if word for form in _forms(word))
    return tuple(Wanted(_stem(form), ANY, anywhere=_is_unspaced(form)) for form in forms)


def surname(name: str) -> tuple[Wanted, ...]:
    """Look for a person's own surname, word by word, and for its Slavic inflections."""
    words = dict.fromkeys(re.findall(r"\w+", fold(name)))
    return tuple(_surname(form) for word in words if _tells(word) for form in _forms(word))


def _forms(word: str) -> tuple[str, ...]:
    """Give a word, and with the Arabic article, or an ending of Arabic, its other forms."""
    forms = (word, WITH_TO + word.removeprefix(ARTICLE)) if word.startswith(ARTICLE) else (word,)
    if len(word) <= SHORTEST_STEM or word[-1] not in OF_ARABIC[:2]:
        return forms
    return tuple(form[:-1] + ending for form in forms for ending in OF_ARABIC)


def _tells(word: str) -> bool:
    return _is_unspaced(word) or (len(word) >= SHORTEST_NAME and word not in PARTICLES)


def _surname(word: str) -> Wanted:
    if _is_unspaced(word):
        return Wanted(word, anywhere=True)
    stem = _stem(word)
    return Wanted(stem, LONGEST_INFLECTION) if len(stem) >= SHORTEST_STEM else Wanted(word)


def _is_unspaced(word: str) -> bool:
    return script(word[0]) in UNSPACED


def _stem(word: str) -> str:
    stem = SLAVIC_ENDING.sub("", word)
    return stem if len(stem) >= SHORTEST_STEM else word
