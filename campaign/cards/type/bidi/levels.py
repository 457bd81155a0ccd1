"""The order of right-to-left and left-to-right text in a line: Unicode's Bidirectional Algorithm (UAX #9).

The names X1, W2, N0 ... are those of the rules in the standard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from campaign.cards.type.bidi.sequences import ISOLATES, run_sequences

MAX_DEPTH = 125
_EMBEDDINGS = {"LRE": "", "RLE": "", "LRO": "L", "RLO": "R"}
_REMOVED = ("LRE", "RLE", "LRO", "RLO", "PDF", "BN")
_NOT_OVERRIDDEN = ("B", *_REMOVED)
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
    firsts = [next(filter(str.isalpha, word), "") for word in text.split()]
    turned = [needed(letter) for letter in firsts if letter]
    share = 5 * sum(turned)
    if 2 * len(turned) <= share <= 3 * len(turned):
        return int(any(turned[:1]))
    return int(share > 3 * len(turned))


def levels(text: str, base: int) -> list[int]:
    """Resolve the embedding level of each character of one paragraph; odd ones run from right to left.

    Characters that the algorithm removes (X9) get the level of the character before them.
    """
    classes = [unicodedata.bidirectional(char) or "L" for char in text]
    explicit, kinds = _explicit(classes, base)
    kept = [i for i, kind in enumerate(classes) if kind not in _REMOVED]
    for sequence in run_sequences(kept, explicit, classes, base):
        sequence.resolve(text, kinds)
    resolved = list(explicit)
    for i in kept:
        resolved[i] += _implicit(kinds[i], explicit[i])
    _reset_spaces(classes, resolved, base)
    return resolved


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


def _first_strong(classes: Iterable[str]) -> int:
    """Find the first strong class in an isolate, up to its end (X5c)."""
    depth = 0
    for kind in classes:
        if kind in ISOLATES:
            depth += 1
        elif kind == "PDI":
            if depth == 0:
                return 0
            depth -= 1
        elif depth == 0 and kind in ("L", "R", "AL"):
            return int(kind != "L")
    return 0


@dataclass
class _StatusStack:
    """The directional status stack (X1): level, override, and whether it is an isolate."""

    stack: list[tuple[int, str, bool]]
    valid_isolates: int = 0
    lost_isolates: int = 0
    lost_embeddings: int = 0

    def open(self, level: int, override: str, *, isolate: bool) -> None:
        """Begin one, or count it as lost where it lies too deep (X2 to X5c)."""
        if level <= MAX_DEPTH and not self.lost_isolates and not self.lost_embeddings:
            self.valid_isolates += isolate
            self.stack.append((level, override, isolate))
        elif isolate:
            self.lost_isolates += 1
        elif not self.lost_isolates:
            self.lost_embeddings += 1

    def close_isolate(self) -> None:
        """End the innermost isolate, and whatever was begun inside it (X6a)."""
        if self.lost_isolates:
            self.lost_isolates -= 1
        elif self.valid_isolates:
            self.lost_embeddings = 0
            while not self.stack.pop()[2]:
                pass
            self.valid_isolates -= 1

    def close_embedding(self) -> None:
        """End the innermost embedding or override, unless an isolate lies around it (X7)."""
        if self.lost_isolates:
            return
        if self.lost_embeddings:
            self.lost_embeddings -= 1
        elif not self.stack[-1][2] and len(self.stack) > 1:
            self.stack.pop()


def _explicit(classes: Sequence[str], base: int) -> tuple[list[int], list[str]]:
    """Follow embeddings, overrides and isolates (X1 to X8): the level and the class of each character."""
    status = _StatusStack([(base, "", False)])
    found, kinds = [], list(classes)
    for i, kind in enumerate(classes):
        if kind == "PDI":
            status.close_isolate()
        level, override, _ = status.stack[-1]
        found.append(base if kind == "B" else level)
        if kind == "PDF":
            status.close_embedding()
        elif kind in ISOLATES or kind in _EMBEDDINGS:
            status.open(_following(level, classes, i), _EMBEDDINGS.get(kind, ""), isolate=kind in ISOLATES)
        if override and kind not in _NOT_OVERRIDDEN:
            kinds[i] = override
    return found, kinds


def _following(level: int, classes: Sequence[str], place: int) -> int:
    """Give the next level above one that has the direction of what begins here."""
    kind = classes[place]
    rightwards = kind == "FSI" and _first_strong(classes[place + 1 :]) == 0
    return (level + 2) & ~1 if rightwards or kind in ("LRE", "LRO", "LRI") else (level + 1) | 1


def _implicit(kind: str, level: int) -> int:
    """Raise a level by the class that is left (I1, I2)."""
    if level % 2:
        return int(kind in ("L", "EN", "AN"))
    return {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)


def _reset_spaces(classes: Sequence[str], resolved: list[int], base: int) -> None:
    """Set separators, and the spaces before them and at the end, to the base level (L1)."""
    trailing = True
    for i in range(len(classes) - 1, -1, -1):
        kind = classes[i]
        if kind in ("B", "S"):
            trailing = True
        elif kind not in ("WS", *ISOLATES, "PDI", *_REMOVED):
            trailing = False
        if trailing:
            resolved[i] = base
    for i, kind in enumerate(classes):
        if kind in _REMOVED and i and resolved[i] != base:
            resolved[i] = resolved[i - 1]
