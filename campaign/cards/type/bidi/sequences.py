"""Weak and neutral characters take a direction from those around them (rules W1 to N2 of UAX #9)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from itertools import accumulate, groupby

MAX_OPEN_BRACKETS = 63
_NEUTRAL = ("B", "S", "WS", "ON")
_MARKS = "NSM"
# Opening and closing brackets in pairs (BidiBrackets.txt).
_PAIRS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋〈〉❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⦇⦈⦉⦊⦋⦌⦍⦐⦏⦎⦑⦒⦓⦔⦕⦖⦗⦘⧘⧙⧚⧛⧼⧽⸢⸣⸤⸥⸦⸧⸨⸩⹕⹖⹗⹘⹙⹚⹛⹜"
    "〈〉《》「」『』【】〔〕〖〗〘〙〚〛﹙﹚﹛﹜﹝﹞（）［］｛｝｟｠｢｣"
)
_CLOSING = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_OPENING = {close: opening for opening, close in _CLOSING.items()}
_CANONICAL = {"\u2329": "\u3008", "\u232a": "\u3009"}


def resolved(chars: Sequence[str], classes: Sequence[str], level: int) -> list[str]:
    """Resolve the weak and neutral classes of a paragraph's characters (W1 to N2)."""
    embedding = "R" if level % 2 else "L"
    types = _weak(classes, embedding)
    _resolve_brackets(chars, classes, types, embedding)
    for start, end in _runs(types, lambda kind: kind in _NEUTRAL):
        left = _strong(types[start - 1]) if start else embedding
        right = _strong(types[end]) if end < len(types) else embedding
        types[start:end] = [left if left == right else embedding] * (end - start)
    return types


def _resolve_brackets(chars: Sequence[str], classes: Sequence[str], types: list[str], embedding: str) -> None:
    """Give each pair of brackets the direction of what it holds (N0)."""
    other = "L" if embedding == "R" else "R"
    pairs = _pairs(chars, types)
    inside = _StrongBefore([_strong(kind) for kind in types] if pairs else ())
    for opening, closing in pairs:
        if inside.any(embedding, opening, closing):
            direction = embedding
        elif inside.any(other, opening, closing):
            context = (_strong(types[i]) for i in range(opening - 1, -1, -1))
            previous = next((kind for kind in context if kind in ("L", "R")), embedding)
            direction = other if previous == other else embedding
        else:
            continue
        for place in (opening, closing):
            types[place] = direction
            for following in range(place + 1, len(types)):
                if classes[following] != _MARKS:
                    break
                types[following] = direction


class _StrongBefore:
    """How many strong characters stand before each place; what pairs get themselves lies before the next."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._before = {
            strong: list(accumulate((kind == strong for kind in kinds), initial=0)) for strong in ("L", "R")
        }

    def any(self, strong: str, opening: int, closing: int) -> bool:
        """Tell whether there is one between two places."""
        return self._before[strong][closing] > self._before[strong][opening + 1]


def _weak(kinds: Sequence[str], before: str) -> list[str]:
    types = list(kinds)
    previous = before
    for i, kind in enumerate(types):  # W1
        if kind == _MARKS:
            types[i] = previous
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


def _pairs(chars: Sequence[str], types: Sequence[str]) -> list[tuple[int, int]]:
    """Match brackets (BD16), in the order of the opening ones."""
    stack: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
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
                insort(pairs, (stack[depth][1], i))
                del stack[depth:]
    return pairs


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
