"""Charts of a few numbers, as shapes of an SVG: columns for days, bars for names, a line for a count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaign.doctor.digest import NumberTable
from campaign.language import locales

WIDTH, HEIGHT = 336, 96  # in the unit of the shapes: a pixel on a phone of 360
GAP = 2
BAR, ROW = 10, 40  # a name's bar, and its place with the words above
LONGEST_NAME = 30  # letters above a bar; the table has all


@dataclass(frozen=True)
class Shape:
    """A rectangle, of the chart's first or second kind of number."""

    x: float
    y: float
    width: float
    height: float
    kind: int = 1


@dataclass(frozen=True)
class Caption:
    """A name over its bars, and its numbers at the other end."""

    y: float
    name: str
    numbers: str


@dataclass(frozen=True)
class Chart:
    """What is drawn of a table, how high it is, and what is written below; `kinds` are told in a legend."""

    height: float
    told: str
    shapes: tuple[Shape, ...] = ()
    words: tuple[Caption, ...] = ()
    points: str = ""
    ends: tuple[str, str] | None = None
    kinds: tuple[str, ...] = ()


def draw(table: NumberTable) -> Chart | None:
    """Draw the chart of a table; None where there is nothing to be seen."""
    draw_it = {"days": _columns, "names": _bars, "counts": _line}[table.along]
    return draw_it(table.columns, table.rows) if any(any(row[1:]) for row in table.rows) else None


def _columns(columns: Sequence[str], rows: Sequence[Any]) -> Chart:
    """Draw a column for each day, from nothing up to the greatest."""
    day, most = max(rows, key=lambda row: (row[1], row[0]))
    step, up = WIDTH / len(rows), HEIGHT / most
    shapes = (
        Shape(
            round(n * step + GAP / 2, 1),
            round(HEIGHT - number * up, 1),
            round(step - GAP, 1),
            round(number * up, 1),
        )
        for n, (_, number) in enumerate(rows)
        if number
    )
    total = sum(row[1] for row in rows)
    what = columns[1].removesuffix("s") if total == 1 else columns[1]
    told = f"{total:,} {what} in {len(rows)} days; most on {_day(day)}: {most:,}"
    return Chart(HEIGHT, told, tuple(shapes), ends=(_day(rows[0][0]), _day(rows[-1][0])))


def _bars(columns: Sequence[str], rows: Sequence[Any]) -> Chart:
    """Draw a bar for each name; of two kinds of numbers the second goes on where the first ends."""
    scale = WIDTH / max(sum(row[1:]) for row in rows)
    kinds = tuple(columns[1:]) if len(columns) > 2 else ()
    words = tuple(
        Caption(n * ROW + 16, _short(row[0]), _numbers(row[1:], kinds)) for n, row in enumerate(rows)
    )
    told = "; ".join(f"{row[0]}: {_numbers(row[1:], kinds)}" for row in rows)
    return Chart(len(rows) * ROW, told, tuple(_pieces(rows, scale)), words, kinds=kinds)


def _pieces(rows: Sequence[Any], scale: float) -> Iterator[Shape]:
    for n, row in enumerate(rows):
        x = 0.0
        for kind, number in enumerate(row[1:], 1):
            if number:
                width = max(number * scale - GAP, 1)
                yield Shape(round(x, 1), n * ROW + 23, round(width, 1), BAR, kind)
                x += number * scale


def _line(_columns: Sequence[str], rows: Sequence[Any]) -> Chart:
    """Draw how a count went, from its least to its greatest: above nothing it would be a flat line."""
    (first, before), (last, now) = rows[0], rows[-1]
    counts = [row[1] for row in rows]
    least, span = min(counts), max(counts) - min(counts)
    across, up = WIDTH / max((last - first).days, 1), (HEIGHT - 4) / max(span, 1)
    points = " ".join(
        f"{(day - first).days * across:.1f},{HEIGHT - 2 - (number - least) * up:.1f}" for day, number in rows
    )
    if len(rows) == 1:
        return Chart(0, f"{now:,} on {_day(last)}; the line begins tomorrow")
    told = (
        f"From {before:,} on {_day(first)} to {now:,} on {_day(last)};"
        f" the line stands on {least:,}, and not on 0"
    )
    return Chart(HEIGHT, told, points=points, ends=(_day(first), _day(last)))


def _numbers(numbers: Sequence[int], kinds: Sequence[str]) -> str:
    return (
        ", ".join(f"{n:,} {kind}" for n, kind in zip(numbers, kinds, strict=True))
        if kinds
        else f"{numbers[0]:,}"
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _day(day: date) -> str:
    return locales.day(day, "en")
