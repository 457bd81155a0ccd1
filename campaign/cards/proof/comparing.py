"""The words that a card shows, compared with those that it must show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate

# What is not seen, and left out by some fonts: joiners, direction marks, variation selectors, break hints.
# Ligatures that are characters come back as their letters.
_LIGATURES = dict(
    zip(map(chr, range(0xFB00, 0xFB07)), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)
)
_SEEN_OTHERWISE = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u2060\ufb00-\ufb06\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def same_words(wanted: Sequence[str], seen: str) -> bool:
    """Tell whether a card reads as it must: the texts `wanted`, in this order, and nothing else.

    Lines may break anywhere, but no space may be lost; only behind a hyphen, where MuPDF joins two lines.
    A text from right to left comes back in another order: its letters are compared as a set with repetitions.
    """
    wanted_words, seen_words = " ".join(wanted).split(), seen.split()
    if wanted_words == seen_words:
        return True
    rtl = any(map(_RTL.search, wanted))
    if _only_broken(wanted_words, seen_words, rtl=rtl):
        return True
    plain_wanted, plain_seen = _plain(wanted_words), _plain(seen_words)
    if _only_broken(plain_wanted, plain_seen, rtl=rtl):
        return True
    return rtl and _same_letters(wanted, "".join(plain_seen))


def _only_broken(wanted: Sequence[str], seen: Sequence[str], *, rtl: bool) -> bool:
    """Tell whether the letters are the same, one by one, and the words but parted into more."""
    shown = "".join(seen)
    if "".join(wanted) != shown:
        return False
    lost = () if rtl else _starts(wanted) - _starts(seen)
    return all(unicodedata.category(shown[place - 1]) == "Pd" for place in lost)


def _same_letters(wanted: Sequence[str], shown: str) -> bool:
    """Compare text by text. MuPDF also reverses what follows a text from right to left.

    It does so up to a letter that it takes for one from left to right, and with scripts that state their text
    in another way it sees none: so up to a text with letters that comes as it stands.
    """
    at, after_rtl = 0, False
    for text in wanted:
        letters = "".join(_plain(text.split()))
        there = shown[at : at + len(letters)]
        rtl = bool(_RTL.search(text))
        if there != letters and not ((rtl or after_rtl) and sorted(there) == sorted(letters)):
            return False
        forward = there == letters and any(map(str.isalpha, text))
        at, after_rtl = at + len(letters), rtl or (after_rtl and not forward)
    return at == len(shown)


def _plain(words: Sequence[str]) -> list[str]:
    # Spaces part them still: of a text from right to left MuPDF gives a mark before its letter, and such a
    # mark at the beginning of a line would be sorted among those of the letter that the line before ends in.
    seen = _SEEN_OTHERWISE.sub(lambda found: _LIGATURES.get(found[0], ""), " ".join(words))
    return unicodedata.normalize("NFD", seen).split(" ")


def _starts(words: Sequence[str]) -> set[int]:
    """Give the places where words begin, counted in letters."""
    return set(accumulate(map(len, words[:-1]), initial=0))


def count_letters(text: str) -> int:
    """Count what is not white space."""
    return sum(map(len, text.split()))
