"""Words broken into lines: greedy, then smoothed at the same number of lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass

# Narrower measures to try when the full one leaves a ragged edge.
_NARROWER = (0.96, 0.92, 0.88, 0.83, 0.78, 0.72)
_RAGGED = 0.012  # a line 11 % short is seen; below that a smoother edge is not worth the time
_SHORT_LAST = 0.3


class TooWide(Exception):
    """A word that is wider than a line."""


@dataclass(slots=True)
class Paragraph:
    """Words in logical order with their running widths, in 1/1000 of the body size.

    `totals` reach to the end of each word with the space behind it, which is `space` wide. `tight` tells that
    only the words that end in a space have one behind them. `opening` words should not end a line, `closing`
    ones should not begin one, and those at the places `joined` must not.
    """

    words: Sequence[str]
    totals: Sequence[float]
    space: float
    tight: bool
    opening: Container[str]
    closing: Container[str]
    joined: Container[int] = ()

    def width(self, start: int, end: int) -> float:
        """Measure the line of the words from `start` to before `end`."""
        width = self.totals[end - 1] - (self.totals[start - 1] if start else 0.0)
        return width if self.tight and self.words[end - 1][-1] != " " else width - self.space

    def broken(self, measure: float, room: float = 0.0, *, rough: bool = False) -> list[int]:
        """Break into as few lines as `measure` allows, evenly; give the end of each line.

        `room` is what should stay free on the last line for the name, where that costs no line. If `rough`,
        the lines are as many, and the name has room as there, but they need not be even.

        Raises:
            TooWide: a word is wider than `measure`.
        """
        best = self._greedy(measure)
        if len(best) == 1:
            return best
        if rough and self.width(best[-2], best[-1]) <= measure - room:
            return best
        least, longest = self._judged(best, measure)
        if least < _RAGGED:
            return best
        limit = measure - room
        if self.width(best[-2], best[-1]) > limit:
            limit = measure
        for share in _NARROWER:
            narrower = measure * share
            if longest <= narrower:  # the lines would stay as they are
                continue
            try:
                other = self._greedy(narrower)
            except TooWide:
                break
            if len(other) != len(best) or self.width(other[-2], other[-1]) > limit:
                break
            badness, longest = self._judged(other, measure)
            if badness < least:
                best, least = other, badness
        return best

    def _greedy(self, measure: float) -> list[int]:
        totals, words, space = self.totals, self.words, self.space
        opening, closing, joined = self.opening, self.closing, self.joined
        count, start, limit = len(totals), 0, measure
        breaks: list[int] = []
        while True:
            end = bisect_right(totals, limit + space, start)
            if self.tight:
                while end > start + 1 and totals[end - 1] > limit and words[end - 1][-1] != " ":
                    end -= 1
            if end <= start:
                raise TooWide
            if end == count:
                breaks.append(count)
                return breaks
            if words[end - 1] in opening or words[end] in closing or end in joined:
                end = self._allowed(start, end)
            breaks.append(end)
            start, limit = end, totals[end - 1] + measure

    def _allowed(self, start: int, end: int) -> int:
        """Move a break forward to where a line may end; leave it where it is if that is nowhere."""
        words, better = self.words, end
        while words[better - 1] in self.opening or words[better] in self.closing or better in self.joined:
            better -= 1
            if better == start:
                return end
        return better

    def _judged(self, breaks: Sequence[int], measure: float) -> tuple[float, float]:
        """Square the white at the end of the worst line but the last, and add a last line too short.

        Give the longest line too, or a little more.
        """
        totals, space = self.totals, self.space
        begun, widths = 0.0, []
        for end in breaks:
            total = totals[end - 1]
            widths.append(total - begun - space)
            begun = total
        longest = max(widths) + (space if self.tight else 0.0)
        last = _SHORT_LAST - widths.pop() / measure
        white = 1 - min(measure, *widths) / measure
        return white * white + (last * last if last > 0 else 0.0), longest


def turned_over(lines: Sequence[int], apart: int) -> int:
    """Count the lines of a poem that are turned over, none where it is no poem; `lines` are its paragraphs'.

    It is told by four paragraphs or more, none over more than two lines; all but `apart` of them are close to
    the one before, and these are at most half.
    """
    return lines.count(2) if len(lines) > 3 and 2 * apart <= len(lines) and max(lines) == 2 else 0
