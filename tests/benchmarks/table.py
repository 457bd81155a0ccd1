"""A table of goals, and whether the figures reach them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from tests.benchmarks.process import watched

MOST_OTHERS = 0.5  # cores
SHOWN: list[tuple[str, Row]] = []  # every row of this run, with its table's title


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; without a goal it is only reported.

    One that is `steady` is no time: it is judged on a busy machine too.
    """

    what: str
    goal: str
    figure: str
    reached: bool | None = None
    steady: bool = False

    @property
    def verdict(self) -> str:
        """Say it in words."""
        return {True: "reached", False: "not reached", None: ""}[self.reached]


def at_least(what: str, goal: float, figure: float, unit: str = " times", *, steady: bool = False) -> Row:
    """Compare a figure that should be large."""
    return Row(what, f"at least {goal:g}{unit}", f"{figure:.1f}{unit}", figure >= goal, steady)


def at_most(what: str, goal: float, figure: float, unit: str = " times", *, steady: bool = False) -> Row:
    """Compare a figure that should be small."""
    return Row(what, f"at most {goal:g}{unit}", f"{figure:.2f}{unit}", figure <= goal, steady)


def judged(measured: Iterable[Row]) -> Iterator[Row]:
    """Measure rows that start and stop what they measure, and judge their times by what else went on."""
    with watched() as others:
        rows = list(measured)
    yield from (unless_busy(row, others.cores) for row in rows)
    yield only("cores that other programs kept busy meanwhile", f"{others.cores:.1f}")


def unless_busy(row: Row, others: float) -> Row:
    """Give no verdict on times where other programs kept more than half a core busy."""
    if others <= MOST_OTHERS or row.steady or row.reached is None:
        return row
    return replace(row, figure=f"{row.figure}; busy: no verdict", reached=None)


def only(what: str, figure: str) -> Row:
    """Report a figure."""
    return Row(what, "", figure)


def show(title: str, rows: Iterable[Row]) -> None:
    """Print a table, in Markdown so that it can be copied into a page."""
    found = list(rows)
    SHOWN.extend((title, row) for row in found)
    _print(title, ((row.what, row.goal, row.figure, row.verdict) for row in found))


def measured(name: str, *, quick: bool) -> list[tuple[str, Row]]:
    """Print a package's tables; give their rows to the process that waits for this one."""
    import_module(f"tests.benchmarks.{name}.__main__").main(quick=quick)
    return SHOWN


def goals() -> None:
    """Print once more, in one table, all that has a goal."""
    _print(
        "Where each goal stands",
        ((f"{title}: {row.what}", row.goal, row.figure, row.verdict) for title, row in SHOWN if row.goal),
    )


def _print(title: str, lines: Iterable[tuple[str, ...]]) -> None:
    table = Table("against", "goal", "figure", "", box=MARKDOWN, title=title, title_justify="left")
    for line in lines:
        table.add_row(*line)
    Console(width=220).print(table)
