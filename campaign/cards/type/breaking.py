"""Where a text may be broken: words at spaces, parts of words by Unicode's rules, and graphemes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Words of these scripts are broken at spaces alone: Latin to Armenian, Hebrew, Arabic, India's, Georgian,
# Ethiopic.
_LETTERS = (
    "0-9A-Za-zÀ-ɏͰ-ͽΆ-ԯԱ-ֈ\u0591-\u05bd\u05bf-\u05ea\u0610-\u061a\u0620-\u06d3\u06d5-\u06dc"
    "\u0900-\u0963\u0966-\u0dff\u10a0-\u10ff\u1200-\u1360\u200c\u1e00-\u1eff\u1f00-\u1fbc\u0300-\u036f"
)
# One word with the marks that may surround it: the breaker need not be asked. Its letters stand there once:
# a class of so many takes as long to compile as a hundred words to shape.
_ONE_WORD = re.compile(
    rf"(?:[(\[«“„‘‚\"']*(?:[’']?[{_LETTERS}]++)*+"
    r"[.,!?…:;)\]»”’\"'\u0964\u0965\u060c\u061b\u061f\u06d4\u0589\u1362-\u1366]*"
    "|[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?) ?"  # one sign or emoji
)
# Letters and signs that join with nothing but the marks behind them; compiled when it is met.
_ONE_EACH = (
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u10a0-\u10ff\u1e00-\u1fff"
    "\u2010-\u2015\u2018-\u2026][\u0300-\u036f]*+"
)
# Of Korean, of which there are more than of all other letters. Unicode lets a line end after any of them, but
# ragged lines read better with whole words.
_SYLLABLE = re.compile("[가-힣]")
NO_BREAK_SPACE = "\u00a0"
SOFT_HYPHEN = "\u00ad"  # no text holds it: here it ends a part of a word that shows a hyphen
# Latin to Armenian, Georgian: a hyphen tells their readers that the word goes on.
_HYPHENATED = "[A-Za-zÀ-ÖØ-öø-ɏͰ-ͽΆ-ԯԱ-ֈ\u10a0-\u10ff\u1e00-\u1fff]"  # compiled when it is met
_SPACES = re.compile("^ +|  +")
_AFTER_SENTENCE = re.compile("(?<=[.!?…:;»”\"'])  (?! )")
# Small kana and the long sign begin no line. Said in ICU's own way: to understand that of BCP 47 it reads
# tables first, which takes as long as to shape a thousand words.
_STRICT = {language: f"{language}@lb=strict" for language in ("ja", "zh")}
_FEW_AND_HYPHEN = re.compile(r"\W*\w{1,2}[-‐]")  # e-mail, з-пад, 7-Б, по-моему
_FEW = re.compile(r"\w{1,2}(?!\w)")  # кто-то, 1990-х, dis-je
UNSPACED = frozenset(("zh", "ja", "th", "km", "lo", "my", "bo"))  # written without spaces between words
# In Hindi, Urdu, Amharic, Burmese and Khmer too some put a space before them.
_CLOSING = frozenset(
    "!?.,:;…/\u0964\u0965\u060c\u061b\u061f\u06d4\u1362\u1363\u1364\u1365\u1366\u1367\u104a\u104b\u17d4\u17d5\u17d6"
    "\u0e46\u0ec6\u17d7"  # once more, in Thai, Lao and Khmer
)
# 10 km, 10-12 km, 7:30 a.m., 24. Dezember, 10 h 30; J. K. Smith, z. B., т. д.; Dr., St., Nr.
_BEFORE_MORE = re.compile(r"\W?\d+([.,:/-]\d+)*|(\d\d?|[^\W\d_]|[B-DF-HJ-NP-TV-Z][b-df-hj-np-tv-z]{1,2})\.|h")
_DASHES = frozenset("—–-")
# A one-letter word at the end of a line reads as an accident in these languages.
_HANGING_WORDS = frozenset("авикоусяiіуўзйжбoaiouwzyksvAIOUWZKSVАВИКОУСЯІЎЗЙ")
_SLAVIC = frozenset(("be", "bg", "cs", "hr", "mk", "pl", "ru", "sk", "sl", "sr", "uk"))


def segments(word: str, language: str) -> list[str]:
    """Split a word where a line may end (UAX #14, with dictionaries for Thai, Khmer, Lao and Burmese)."""
    if _ONE_WORD.fullmatch(word) or _ONE_WORD.fullmatch(_SYLLABLE.sub("a", word)):
        return [word]
    from icu4py.breakers import LineBreaker  # late: 4 MB, of which most texts need nothing

    found = list(LineBreaker(word, _STRICT.get(language.partition("-")[0], language)))
    if " " not in found and "-" not in word and "‐" not in word and "–" not in word:
        return found
    pieces, before = found[:1], found[0]
    for piece in found[1:]:
        # A line end of the kinds that only a database can hold leaves the space behind it alone.
        if piece == " " or _keeps(before, piece):
            pieces[-1] += piece
        else:
            pieces.append(piece)
        before = piece
    return pieces


def _keeps(before: str, after: str) -> bool:
    """Tell whether no line ends between two parts of a word: beside few letters, or within 12–15."""
    if before[-1] == "–":
        return after[0].isdigit()
    return bool(_FEW_AND_HYPHEN.fullmatch(before) or (before[-1] in "-‐" and _FEW.match(after)))


def keep_spaces(text: str) -> str:
    """Let an indent and spaces in a row, as of a poem, take their room; after a sentence two are a habit."""
    if "  " not in text and text[:1] != " ":
        return text
    single = _AFTER_SENTENCE.sub(" ", text)
    return _SPACES.sub(lambda found: _firm(len(found[0]), first=found.start() == 0), single)


def _firm(count: int, *, first: bool) -> str:
    """Hold spaces to the word behind them; but for an indent, a line may end before them."""
    return NO_BREAK_SPACE * count if first else " " + NO_BREAK_SPACE * (count - 1)


def takes_hyphen(before: str, after: str) -> bool:
    """Tell whether a word that is broken between two graphemes, as a last resort, shows a hyphen there."""
    return bool(re.match(_HYPHENATED, before) and re.match(_HYPHENATED, after))


def graphemes(text: str) -> Iterator[str]:
    """Split a text into what people see as characters (UAX #29)."""
    found = re.findall(_ONE_EACH, text)
    if len("".join(found)) == len(text):
        return iter(found)
    from icu4py.breakers import CharacterBreaker  # late, as above

    return iter(CharacterBreaker(text, "en"))


def clings_to_next(word: str, language: str) -> bool:
    """Tell whether no line should end after this word: an opening mark, № or §, a one-letter Slavic word.

    Nor after a number, an initial or a title.
    """
    return (
        unicodedata.category(word[-1]) in ("Ps", "Pi")
        or word[-1] in "№§"
        or bool(_BEFORE_MORE.fullmatch(word))
        or (len(word) == 1 and word in _HANGING_WORDS and language.split("-")[0] in _SLAVIC)
    )


def clings_to_previous(word: str) -> bool:
    """Tell whether no line should begin with this word: closing marks, or a dash that stands alone."""
    first = word[0]
    return (
        unicodedata.category(first) in ("Pe", "Pf")
        or first in _CLOSING
        or (len(word) == 1 and first in _DASHES)
    )
