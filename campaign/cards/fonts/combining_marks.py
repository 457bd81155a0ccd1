"""Whether a font sets combining marks where they belong: it may have the mark, and no anchor for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from campaign.cards.fonts.faces import Face


def characters(*runs: str) -> frozenset[str]:
    """Give all from the first to the last of each run; a pattern takes long to compile classes of so many."""
    return frozenset([chr(point) for run in runs for point in range(ord(run[0]), ord(run[-1]) + 1)])


# Marks that any letter may take; those of a script have their places in that script's font.
COMMON = characters(
    "\u0300\u034e",
    "\u0350\u036f",
    "\u0483\u0487",
    "\u1ab0\u1aff",
    "\u1dc0\u1dff",
    "\u20d0\u20ff",
    "\ufe20\ufe2f",
)
# Marks of Burmese and its neighbours that are graphemes of their own.
_OF_ITS_OWN = frozenset(
    "\u102b\u102c\u1038\u1062\u1063\u1064\u1067\u1068\u1069\u106a\u106b\u106c\u106d\u1083\u1087\u1088\u1089\u108a\u108b"
    "\u108c\u108f\u109a\u109b\u109c\u1a61\u1a63\u1a64\uaa7b\uaa7d"
)
_SLACK = 80  # 1/1000 em that a mark may stand aside of its letter
_TOUCH = 60  # that it may reach into what it stands on
_OVERLAY = 1  # and the other canonical combining classes that are told apart
_BELOW = (202, 220, 240)
_ASIDE = (214, 216, 218, 222, 224, 226, 228, 232)
_DOUBLE = (233, 234)


class _Ink(NamedTuple):
    """A glyph's ink, from the start of its cluster."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def is_mark(char: str) -> bool:
    """Tell whether a character is of one grapheme with the one before it (UAX #29)."""
    joins = unicodedata.category(char)[0] == "M" or char in "\u0e33\u0eb3"
    return joins and char not in _OF_ITS_OWN


def placed(face: Face, cluster: str) -> bool:
    """Tell whether the marks of a cluster stand on their letter, as the ink tells."""
    if COMMON.isdisjoint(cluster):
        return True
    inks, marks, width = _inks(face, cluster)
    if len(inks) - len(marks) != 1:  # one glyph of all, or a letter of several: the font knows it
        return not marks or len(inks) == len(marks)
    (letter,) = (ink for i, ink in enumerate(inks) if i not in marks)
    above_and_below = [inks[i] for i in marks]
    return _stacked(letter, above_and_below, _classes(cluster, letter, above_and_below), width)


def _stacked(letter: _Ink, marks: Sequence[_Ink], classes: Sequence[int], width: float) -> bool:
    """Go from the letter outwards: each mark must be clear of what it stands on."""
    bottom, top = letter.bottom, letter.top
    for mark, kind in zip(marks, classes, strict=True):
        if not _beside(letter, mark, kind, width):
            return False
        if kind in _BELOW:
            if kind != 202 and mark.top > bottom + _TOUCH:
                return False
            bottom = min(bottom, mark.bottom)
        elif kind not in (_OVERLAY, *_ASIDE, *_DOUBLE):
            if mark.bottom < top - _TOUCH:
                return False
            top = max(top, mark.top)
    return True


def _beside(letter: _Ink, mark: _Ink, kind: int, width: float) -> bool:
    """Tell whether a mark is over, under or at its letter, and not at the next one."""
    if kind in _DOUBLE:
        return letter.left - _SLACK <= mark.left <= letter.right + _SLACK
    if kind in _ASIDE:
        return mark.left <= letter.right + _SLACK and letter.left - _SLACK <= mark.right <= width + _SLACK
    return letter.left - _SLACK <= mark.middle <= letter.right + _SLACK


def _inks(face: Face, cluster: str) -> tuple[list[_Ink], list[int], int]:
    """Shape a cluster: the ink of its glyphs, which of them are marks, and how wide it is."""
    buffer = face.shaped(cluster)
    inks, marks, pen = [], [], 0
    for i, (info, position) in enumerate(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)):
        extents = face.font.get_glyph_extents(info.codepoint)
        left, top = pen + position.x_offset + extents.x_bearing, position.y_offset + extents.y_bearing
        inks.append(_Ink(left, top + extents.height, left + extents.width, top))
        if not position.x_advance:
            marks.append(i)
        pen += position.x_advance
    return inks, marks, pen


def _classes(cluster: str, letter: _Ink, marks: Sequence[_Ink]) -> list[int]:
    """Give the combining classes of the marks that have a glyph of their own, the innermost first.

    A font may draw several marks as one: those that stand above or below are known by where they stand.
    """
    kinds = [kind for kind in map(unicodedata.combining, unicodedata.normalize("NFD", cluster)) if kind]
    if len(kinds) >= len(marks) and not {_OVERLAY, 202, *_ASIDE, *_DOUBLE}.isdisjoint(kinds):
        return kinds[len(kinds) - len(marks) :]
    middle = (letter.bottom + letter.top) / 2
    return [230 if mark.bottom + mark.top > 2 * middle else 220 for mark in marks]
