"""The order of right-to-left and left-to-right text in a line: Unicode's Bidirectional Algorithm (UAX #9).

The names X9, W2, N0 ... are those of the rules in the standard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import groupby

from campaign.cards.type.bidi.sequences import resolved

_REMOVED = ("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Letters, marks, spaces and punctuation among which every level is 1: no digits, no letters of other scripts.
_ONLY_RIGHT_TO_LEFT = re.compile(
    r"[ !-/:-@\[-`{-~\u00a0\u00ab\u00bb\u0591-\u05f4\u0606-\u061b\u061d-\u065f\u066d-\u06dc"
    r"\u06de-\u06ef\u06fa-\u070d\u0710-\u07bf\u0860-\u088e\u0898-\u08e1\u08e3-\u08ff\u2010-\u2027\u2030-\u205e]+"
)


def needed(text: str) -> bool:
    """Tell whether a text holds anything that runs from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def only_right_to_left(text: str) -> bool:
    """Tell whether every level of a text in a right-to-left paragraph is plainly 1."""
    return _ONLY_RIGHT_TO_LEFT.fullmatch(text) is not None


def base_level(text: str) -> int:
    """Give 1 where a text runs from right to left as a whole, else 0; a protocol of our own, as HL1 allows.

    What most words begin with decides, as direction() of site/static/writing.js does: else the name of a game
    would turn the sentence around that it begins. From two to three in five, the first letter decides (P2).
    """
    if not needed(text):
        return 0
    if text[0].isalpha() and only_right_to_left(text):  # as most of them do
        return 1
    firsts = [next(filter(str.isalpha, word), "") for word in text.split()]
    turned = [needed(letter) for letter in firsts if letter]
    share = 5 * sum(turned)
    if 2 * len(turned) <= share <= 3 * len(turned):
        return int(any(turned[:1]))
    return int(share > 3 * len(turned))


def levels(text: str, base: int) -> list[int]:
    """Resolve the embedding level of each character of one paragraph; odd ones run from right to left.

    Characters that the algorithm removes (X9) get the level of the character before them. Embeddings,
    overrides and isolates are among them: `campaign.text` takes them out of every text.
    """
    classes = [unicodedata.bidirectional(char) or "L" for char in text]
    kept = [i for i, kind in enumerate(classes) if kind not in _REMOVED]
    kinds = resolved([text[i] for i in kept], [classes[i] for i in kept], base)
    implicit = iter([base + _implicit(kind, base) for kind in kinds])
    found = [base]
    for kind in classes:
        found.append(found[-1] if kind in _REMOVED else next(implicit))
    del found[0]
    _reset_spaces(classes, found, base)
    return found


def visual_order(line: Sequence[int]) -> list[int]:
    """Give the positions of a line's characters from left to right, by their levels (L2)."""
    order = list(range(len(line)))
    odd = [level for level in line if level % 2]
    for level in range(max(line, default=0), min(odd, default=1) - 1, -1):
        order = _reversed_runs(order, lambda i, level=level: line[i] >= level)  # type: ignore[misc]
    return order


def _reversed_runs(order: list[int], inside: Callable[[int], bool]) -> list[int]:
    turned: list[int] = []
    for high, run in groupby(order, inside):
        places = list(run)
        turned += places[::-1] if high else places
    return turned


def _implicit(kind: str, level: int) -> int:
    """Raise a level by the class that is left (I1, I2)."""
    if level % 2:
        return int(kind in ("L", "EN", "AN"))
    return {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)


def _reset_spaces(classes: Sequence[str], found: list[int], base: int) -> None:
    """Set separators, and the spaces before them and at the end, to the base level (L1)."""
    trailing = True
    for i in range(len(classes) - 1, -1, -1):
        kind = classes[i]
        if kind in ("B", "S"):
            trailing = True
        elif kind not in ("WS", *_REMOVED):
            trailing = False
        if trailing:
            found[i] = base
