"""Characters that nobody sees: which are removed, and which letters or an emoji need."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from campaign.text.scripts import JOINING, UNSPACED, is_right_to_left, script

ZWSP, ZWNJ, ZWJ, LRM, RLM, ALM = "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u061c"
CGJ = "\u034f"  # it joins nothing: marks around it keep the order in which they were written
JOINERS = {ZWNJ, ZWJ}
BIDI_MARKS = {LRM, RLM, ALM}
EMOJI_VARIATION = "\ufe0f"

# Removed wherever they stand, beside the controls: hyphenation, Hangul fillers, bidi embeddings, overrides
# and isolates, invisible operators, annotation marks, and what has no meaning.
ALWAYS = (
    "\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u115f\u1160\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff0-\ufffb\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
TAGS = "\U000e0020-\U000e007f"
VARIATIONS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
MONGOLIAN = "\u180b-\u180f"
UNLESS_NEEDED = f"{CGJ}{ZWSP}{ZWNJ}{ZWJ}{LRM}{RLM}{ALM}{TAGS}{VARIATIONS}{MONGOLIAN}"

_ANY = re.compile(f"[{ALWAYS}{UNLESS_NEEDED}]")
_ALWAYS = re.compile(f"[{ALWAYS}]")
_UNLESS_NEEDED = re.compile(f"[{UNLESS_NEEDED}]")
_VARIATION = re.compile(f"[{VARIATIONS}]")
# A black flag, then the region in tags, then the end: England, Scotland, Wales and what may follow them.
_FLAG = re.compile(
    "\U0001f3f4[\U000e0061-\U000e007a]{2}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,3}\U000e007f"
)


def remove(text: str) -> str:
    """Take out what cannot be seen and is not needed."""
    if not _ANY.search(text):
        return text
    flags = {i for found in _FLAG.finditer(text) for i in range(found.start(), found.end())}
    following = _next_visible(text)
    right_to_left = any(is_right_to_left(character) for character in text)
    kept: list[str] = []
    before = base = ""
    for index, character in enumerate(text):
        after = following[index]
        if index in flags or _stays(character, before, base, after, right_to_left=right_to_left):
            kept.append(character)
            before, base = character, base if base and _belongs(character) else character
    return "".join(kept)


def _next_visible(text: str) -> list[str]:
    """Give for each place the next character that stays whatever stands around it; "" at the end."""
    following, visible = [""] * len(text), ""
    for index in range(len(text) - 1, -1, -1):
        following[index] = visible
        if not _ANY.match(text[index]):
            visible = text[index]
    return following


def _stays(character: str, before: str, base: str, after: str, *, right_to_left: bool) -> bool:
    """Decide from what was kept before and the next visible character, so that once is enough.

    `base` is the letter that the marks before it belong to.
    """
    if not _UNLESS_NEEDED.match(character):
        return not _ALWAYS.match(character)
    if character in BIDI_MARKS:
        return before not in BIDI_MARKS and (right_to_left or _letters(before, after))
    if character == ZWSP:
        return before not in {"", ZWSP} and not before.isspace() and _unspaced(base, after)
    if not before or before.isspace():
        return False
    if character == CGJ:
        return unicodedata.combining(before) > unicodedata.combining(after or " ") > 0
    if character in JOINERS:
        return before not in JOINERS and (_letters(before, after) or _joins(character, before, base, after))
    if _VARIATION.match(character):
        return not _VARIATION.match(before) and unicodedata.category(before)[0] in "LNPS"
    if "\u180b" <= character <= "\u180f":
        return script(base) in {"MONGOLIAN", "PHAGS-PA"}
    return False  # a tag outside a flag


def _unspaced(*neighbours: str) -> bool:
    return any(script(character) in UNSPACED for character in neighbours if character)


def _letters(before: str, after: str) -> bool:
    return _is_letter(before) and _is_letter(after)


def _is_letter(character: str) -> bool:
    return character != "" and unicodedata.category(character)[0] in "LM" and not _VARIATION.match(character)


def _joins(joiner: str, before: str, base: str, after: str) -> bool:
    """Tell whether a letter at a word's end is shaped by it, or it makes one picture of two."""
    if script(base) in JOINING:
        return True
    return joiner == ZWJ and _is_picture(before) and _is_picture(after)


def _is_picture(character: str) -> bool:
    """Tell whether a character can be part of an emoji; those of later years are not assigned here yet."""
    if character in {"", EMOJI_VARIATION}:
        return character != ""
    return unicodedata.category(character) in {"So", "Sk", "Sm"} or character >= "\U0001f000"


def _belongs(character: str) -> bool:
    """Tell whether a character is a mark that any letter may bear; a script's own is taken for a letter."""
    return unicodedata.category(character)[0] == "M" and not script(character)


@lru_cache(maxsize=8192)
def is_mark(character: str) -> bool:
    """Tell whether a character combines with the one before it."""
    return unicodedata.category(character)[0] == "M"


def without(text: str) -> tuple[str, list[int] | None]:
    """Leave out all of them, to look behind; returns each character's place too, None when there was none."""
    if not _ANY.search(text):
        return text, None
    places = [index for index, character in enumerate(text) if not _ANY.match(character)]
    return "".join(text[index] for index in places), places
