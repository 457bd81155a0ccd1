"""The order of right-to-left and left-to-right text in a line: Unicode's Bidirectional Algorithm (UAX #9).

The names X1, W2, N0 ... are those of the rules in the standard.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

MAX_DEPTH = 125
MAX_OPEN_BRACKETS = 63
_EMBEDDINGS = {"LRE": "", "RLE": "", "LRO": "L", "RLO": "R"}
_ISOLATES = ("LRI", "RLI", "FSI")
_REMOVED = ("LRE", "RLE", "LRO", "RLO", "PDF", "BN")
_NEUTRAL = ("B", "S", "WS", "ON", *_ISOLATES, "PDI")
_MARKS = "NSM"
# Opening and closing brackets in pairs (BidiBrackets.txt).
_PAIRS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋〈〉❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⦇⦈⦉⦊⦋⦌⦍⦐⦏⦎⦑⦒⦓⦔⦕⦖⦗⦘⧘⧙⧚⧛⧼⧽⸢⸣⸤⸥⸦⸧⸨⸩⹕⹖⹗⹘⹙⹚⹛⹜"
    "〈〉《》「」『』【】〔〕〖〗〘〙〚〛﹙﹚﹛﹜﹝﹞（）［］｛｝｟｠｢｣"
)
_CLOSING = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_OPENING = {close: opening for opening, close in _CLOSING.items()}
_CANONICAL = {"\u2329": "\u3008", "\u232a": "\u3009"}

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
    """Give 1 where the first strong letter outside isolates runs from right to left, else 0 (P2, P3)."""
    if not needed(text):
        return 0
    return _first_strong((unicodedata.bidirectional(char) or "L" for char in text), inside=False)


def levels(text: str, base: int) -> list[int]:
    """Resolve the embedding level of each character of one paragraph; odd ones run from right to left.

    Characters that the algorithm removes (X9) get the level of the character before them.
    """
    classes = [unicodedata.bidirectional(char) or "L" for char in text]
    explicit, kinds = _explicit(classes, base)
    kept = [i for i, kind in enumerate(classes) if kind not in _REMOVED]
    for sequence in _sequences(kept, explicit, classes, base):
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
        found = list(run)
        turned += found[::-1] if high else found
    return turned


def _first_strong(classes: Iterable[str], *, inside: bool) -> int:
    """Find the first strong class; `inside` an isolate, up to its end."""
    depth = 0
    for kind in classes:
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            if depth == 0 and inside:
                return 0
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return int(kind != "L")
    return 0


def _explicit(classes: Sequence[str], base: int) -> tuple[list[int], list[str]]:
    """Follow embeddings, overrides and isolates (X1 to X8): the level and the class of each character."""
    stack = [(base, "", False)]
    lost_isolates = lost_embeddings = valid_isolates = 0
    found, kinds = [], list(classes)
    for i, kind in enumerate(classes):
        level, override, _ = stack[-1]
        if kind in _EMBEDDINGS or kind in _ISOLATES:
            isolate = kind in _ISOLATES
            rtl = kind in ("RLE", "RLO", "RLI") or (
                kind == "FSI" and _first_strong(classes[i + 1 :], inside=True) == 1
            )
            following = (level + 1) | 1 if rtl else (level + 2) & ~1
            found.append(level)
            if isolate and override:
                kinds[i] = override
            if following <= MAX_DEPTH and not lost_isolates and not lost_embeddings:
                valid_isolates += isolate
                stack.append((following, _EMBEDDINGS.get(kind, ""), isolate))
            elif isolate:
                lost_isolates += 1
            elif not lost_isolates:
                lost_embeddings += 1
            continue
        if kind == "PDI":
            if lost_isolates:
                lost_isolates -= 1
            elif valid_isolates:
                lost_embeddings = 0
                while not stack.pop()[2]:
                    pass
                valid_isolates -= 1
            level, override, _ = stack[-1]
        elif kind == "PDF":
            if lost_isolates:
                pass
            elif lost_embeddings:
                lost_embeddings -= 1
            elif not stack[-1][2] and len(stack) > 1:
                stack.pop()
        found.append(base if kind == "B" else level)
        if override and kind not in ("B", "BN", "PDF"):
            kinds[i] = override
    return found, kinds


@dataclass
class _Sequence:
    """An isolating run sequence (X10): positions of one level that belong together."""

    positions: list[int]
    level: int
    before: str  # sos
    after: str  # eos

    def resolve(self, text: str, kinds: list[str]) -> None:
        """Resolve weak and neutral classes in place (W1 to N2)."""
        original = [kinds[i] for i in self.positions]
        types = _weak(original, self.before)
        embedding = _direction(self.level)
        self._brackets(text, original, types, embedding)
        for start, end in _runs(types, lambda kind: kind in _NEUTRAL):
            left = _strong(types[start - 1]) if start else self.before
            right = _strong(types[end]) if end < len(types) else self.after
            types[start:end] = [left if left == right else embedding] * (end - start)
        for i, kind in zip(self.positions, types, strict=True):
            kinds[i] = kind

    def _brackets(self, text: str, original: list[str], types: list[str], embedding: str) -> None:
        """Give each pair of brackets the direction of what it holds (N0)."""
        other = "L" if embedding == "R" else "R"
        for opening, closing in _pairs([text[i] for i in self.positions], types):
            inside = {_strong(kind) for kind in types[opening + 1 : closing]}
            if embedding in inside:
                direction = embedding
            elif other in inside:
                context = (_strong(kind) for kind in reversed(types[:opening]))
                previous = next((kind for kind in context if kind in ("L", "R")), self.before)
                direction = other if previous == other else embedding
            else:
                continue
            for place in (opening, closing):
                types[place] = direction
                for following in range(place + 1, len(types)):
                    if original[following] != _MARKS:
                        break
                    types[following] = direction


def _sequences(
    kept: list[int], explicit: Sequence[int], classes: Sequence[str], base: int
) -> Iterable[_Sequence]:
    runs = [list(run) for _, run in groupby(kept, key=lambda i: explicit[i])]
    openings: list[list[list[int]]] = []  # sequences whose isolate is still open
    found: list[list[list[int]]] = []
    for run in runs:
        if classes[run[0]] == "PDI" and openings:
            sequence = openings.pop()
            sequence.append(run)
        else:
            sequence = [run]
            found.append(sequence)
        if classes[run[-1]] in _ISOLATES:
            openings.append(sequence)
        elif classes[run[-1]] == "B":
            openings.clear()
    place = {position: k for k, position in enumerate(kept)}
    for sequence in found:
        positions = [i for run in sequence for i in run]
        level = explicit[positions[0]]
        first, last = place[positions[0]], place[positions[-1]]
        before = explicit[kept[first - 1]] if first else base
        ends = last + 1 == len(kept) or classes[positions[-1]] in _ISOLATES
        after = base if ends else explicit[kept[last + 1]]
        yield _Sequence(positions, level, _direction(max(level, before)), _direction(max(level, after)))


def _weak(kinds: Sequence[str], before: str) -> list[str]:
    types = list(kinds)
    previous = before
    for i, kind in enumerate(types):  # W1
        if kind == _MARKS:
            types[i] = "ON" if previous in (*_ISOLATES, "PDI") else previous
        previous = types[i]
    strong = before
    for i, kind in enumerate(types):  # W2, W3
        if kind in ("L", "R", "AL"):
            strong = kind
        if kind == "EN" and strong == "AL":
            types[i] = "AN"
    types = ["R" if kind == "AL" else kind for kind in types]
    for i in range(1, len(types) - 1):  # W4
        left, kind, right = types[i - 1 : i + 2]
        if left == right and ((kind in ("ES", "CS") and left == "EN") or (kind == "CS" and left == "AN")):
            types[i] = left
    for start, end in _runs(types, lambda kind: kind == "ET"):  # W5
        if "EN" in (types[start - 1] if start else "", types[end] if end < len(types) else ""):
            types[start:end] = ["EN"] * (end - start)
    types = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in types]  # W6
    strong = before
    for i, kind in enumerate(types):  # W7
        if kind in ("L", "R"):
            strong = kind
        if kind == "EN" and strong == "L":
            types[i] = "L"
    return types


def _pairs(chars: list[str], types: list[str]) -> list[tuple[int, int]]:
    """Match brackets (BD16), in the order of the opening ones."""
    stack: list[tuple[str, int]] = []
    found: list[tuple[int, int]] = []
    for i, char in enumerate(chars):
        if types[i] != "ON":
            continue
        bracket = _CANONICAL.get(char, char)
        if bracket in _CLOSING:
            if len(stack) == MAX_OPEN_BRACKETS:
                return []
            stack.append((_CLOSING[bracket], i))
        elif bracket in _OPENING:
            depth = next((k for k in range(len(stack) - 1, -1, -1) if stack[k][0] == bracket), None)
            if depth is not None:
                insort(found, (stack[depth][1], i))
                del stack[depth:]
    return found


def _runs(types: Sequence[str], wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
    found, start = [], 0
    for matches, run in groupby(types, wanted):
        end = start + len(list(run))
        if matches:
            found.append((start, end))
        start = end
    return found


def _strong(kind: str) -> str:
    return "R" if kind in ("EN", "AN", "R") else kind


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"


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
        elif kind not in ("WS", *_ISOLATES, "PDI", *_REMOVED):
            trailing = False
        if trailing:
            resolved[i] = base
    for i, kind in enumerate(classes):
        if kind in _REMOVED and i and resolved[i] != base:
            resolved[i] = resolved[i - 1]
