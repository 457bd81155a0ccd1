"""Where a text may be broken: words at spaces, parts of words by Unicode's rules, and graphemes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from icu4py.breakers import CharacterBreaker, LineBreaker

# One word of an alphabet with the marks that may surround it: never broken, so the breaker need not be asked.
_ONE_WORD = re.compile(r"[(\[«“„‘‚\"']*[0-9A-Za-zÀ-ɏͰ-ϿЀ-ԯ’']*[.,!?…:;)\]»”’\"']*")
_CLOSING = frozenset("!?.,:;…/")
_DASHES = frozenset("—–")
# A one-letter word at the end of a line reads as an accident in these languages.
_HANGING_WORDS = frozenset("авикоусяiіуўзйжбoaiouwzyksvAIOUWZKSVАВИКОУСЯІЎЗЙ")
_SLAVIC = frozenset(("be", "bg", "cs", "hr", "mk", "pl", "ru", "sk", "sl", "sr", "uk"))


def segments(word: str, language: str) -> list[str]:
    """Split a word where a line may end (UAX #14, with dictionaries for Thai, Khmer, Lao and Burmese)."""
    if _ONE_WORD.fullmatch(word):
        return [word]
    return list(LineBreaker(word, language))


def graphemes(text: str) -> Iterator[str]:
    """Split a text into what people see as characters (UAX #29)."""
    return iter(CharacterBreaker(text, "en"))


def clings_to_next(word: str, language: str) -> bool:
    """Tell whether no line should end after this word: an opening mark, a one-letter Slavic word."""
    return unicodedata.category(word[-1]) in ("Ps", "Pi") or (
        len(word) == 1 and word in _HANGING_WORDS and language.split("-")[0] in _SLAVIC
    )


def clings_to_previous(word: str) -> bool:
    """Tell whether no line should begin with this word: closing marks, or a dash that stands alone."""
    first = word[0]
    return (
        unicodedata.category(first) in ("Pe", "Pf")
        or first in _CLOSING
        or (len(word) == 1 and first in _DASHES)
    )
