"""Parts of text broken into lines: greedy, then smoothed at the same number of lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter

from campaign.cards.shaping import Part

# Narrower measures to try when the full one leaves a ragged edge.
_NARROWER = (0.97, 0.94, 0.91, 0.88, 0.84, 0.8, 0.75, 0.7)
_RAGGED = 0.012  # a line 11 % short is seen; below that a smoother edge is not worth the time
_SHORT_LAST = 0.3
_advance, _width = attrgetter("advance"), attrgetter("width")


@dataclass(slots=True)
class Paragraph:
    """The running widths of a paragraph's parts, in 1/1000 of the body size."""

    totals: list[float]  # up to the end of each part with its space
    ends: list[float]  # up to the end of its ink
    barred: frozenset[int]  # parts that should not begin a line

    @classmethod
    def of(cls, parts: Sequence[Part], joined: Iterable[int] = ()) -> Paragraph:
        """Measure parts in logical order; those at `joined` must not begin a line."""
        totals = list(accumulate(map(_advance, parts)))
        ends = [t - p.advance + p.width for t, p in zip(totals, parts, strict=True)]
        barred = [k + 1 for k, p in enumerate(parts) if p.clings_to_next]
        barred += [k for k, p in enumerate(parts) if p.clings_to_previous]
        return cls(totals, ends, frozenset((*barred, *joined)))

    def width(self, start: int, end: int) -> float:
        """Measure the line of the parts from `start` to before `end`."""
        return self.ends[end - 1] - (self.totals[start - 1] if start else 0.0)

    def broken(self, measure: float, room: float = 0.0) -> list[int]:
        """Break into as few lines as `measure` allows, evenly; give the end of each line.

        `room` is what should stay free on the last line for the name, where that costs no line.
        """
        greedy = self._greedy(measure)
        last = self.width(greedy[-2] if len(greedy) > 1 else 0, greedy[-1])
        if len(greedy) == 1:
            return greedy
        limit = measure - room if last <= measure - room else measure
        best, least = greedy, self._badness(greedy, measure)
        if least < _RAGGED:
            return greedy
        for share in _NARROWER:
            other = self._greedy(measure * share)
            if len(other) != len(greedy) or self.width(other[-2], other[-1]) > limit:
                break
            badness = self._badness(other, measure)
            if badness < least:
                best, least = other, badness
        return best

    def _greedy(self, measure: float) -> list[int]:
        ends, totals, barred = self.ends, self.totals, self.barred
        count, start, begun = len(ends), 0, 0.0
        breaks: list[int] = []
        while True:
            end = bisect_right(ends, begun + measure, start)
            if end >= count:
                breaks.append(count)
                return breaks
            end = max(end, start + 1)
            if end in barred:
                better = end - 1
                while better > start and better in barred:
                    better -= 1
                end = better if better > start else end
            breaks.append(end)
            start, begun = end, totals[end - 1]

    def _badness(self, breaks: list[int], measure: float) -> float:
        """Square the white at the end of the worst line but the last, and add a last line too short."""
        white = 0.0
        start = 0
        for end in breaks[:-1]:
            short = 1 - self.width(start, end) / measure
            white = max(white, short * short)
            start = end
        last = _SHORT_LAST - self.width(start, breaks[-1]) / measure
        return white + (last * last if last > 0 else 0.0)
