"""The press's table: ratios of whole-process CPU time, in one run.

    python -m tests.benchmarks.press [--quick]

The others are installed by it. Every process runs as often as the one that it is compared with, in turns,
and the median counts; what is only reported runs once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import table
from tests.benchmarks.press import counting
from tests.benchmarks.press.runs import Workshop
from tests.benchmarks.process import run, watched
from tests.benchmarks.table import Row, at_least, at_most, only, unless_busy

MILLION = 1_000_000
BYTES, MEGABYTES, GROWTH = 400, 60, 1.1
WHOLE, TWO_JOBS, LARGE = 2.2, 0.6, 8.5


@dataclass(frozen=True)
class Sizes:
    """How many messages are printed: usually, by the slowest, for comparing times, for comparing memory."""

    usual: int = 12_000
    few: int = 1_000
    quarter: int = 3_000
    many: int = 100_000
    rounds: int = 3


QUICK = Sizes(1_200, 100, 300, 3_000, 1)


@dataclass(frozen=True)
class Corpus:
    """The same messages in four lengths."""

    usual: Path
    few: Path
    quarter: Path
    many: Path

    @classmethod
    def written(cls, folder: Path, sizes: Sizes, *, repeating: bool) -> Corpus:
        """Write the messages, in a process of its own: they would fill this one."""
        found = []
        for name in cls.__dataclass_fields__:
            path = folder / f"{name}-{repeating}.jsonl"
            code = "import sys, pathlib; from tests.benchmarks.press import corpus; "
            code += (
                "corpus.write(pathlib.Path(sys.argv[1]), int(sys.argv[2]), repeating=sys.argv[3] == 'True')"
            )
            run([sys.executable, "-c", code, path, str(getattr(sizes, name)), str(repeating)])
            found.append(path)
        return cls(*found)


def main(*, quick: bool) -> None:
    """Measure, and print the tables."""
    sizes = QUICK if quick else Sizes()
    with TemporaryDirectory() as name:
        shop = Workshop(Path(name), sizes.rounds)
        shop.pictures()
        same = Corpus.written(shop.folder, sizes, repeating=True)
        new = Corpus.written(shop.folder, sizes, repeating=False)
        count = f"{sizes.usual:,} messages"
        for what, messages, how in (
            ("one a card", same, "one"),
            ("no word twice, one a card", new, "one"),
            ("packed", same, "packed"),
        ):
            with watched() as others:
                _measure(shop, sizes, messages, how)
            table.show(f"The press, {count}, {what}", _rows(shop, sizes, messages, how, others.cores))
        with watched() as others:
            shop.whole(same.many, "packed")
        table.show("The press, large campaigns", _large(shop, sizes, same, others.cores))
    counting.main()


def _measure(shop: Workshop, sizes: Sizes, messages: Corpus, how: str) -> None:
    """Run everything in turns; what others print is the same however we pack."""
    for _ in range(sizes.rounds):
        shop.ours(messages.usual, how)
        shop.ours(messages.quarter, how)
        for jobs in (1, 2):
            shop.whole(messages.usual, how, jobs)
        if how == "one":
            shop.limit(messages.usual)
            shop.ours(messages.few, how)
            shop.peer("htmlbox", messages.few, sizes.few)
            for name in ("reportlab", "reportlab, accelerated", "typst"):
                shop.peer(name, messages.usual, sizes.usual)
    shop.ours(messages.many, how)


def _rows(shop: Workshop, sizes: Sizes, messages: Corpus, how: str, others: float) -> Iterator[Row]:
    for row in _times(shop, sizes, messages, how):
        yield unless_busy(row, others)
    usual = messages.usual
    memory, more = shop.memory(usual, how), shop.memory(messages.many, how)
    yield at_most("peak memory less that after the imports", MEGABYTES, memory, " MB")
    yield at_most(f"the same at {sizes.many:,} over it", GROWTH, more / memory)
    weight = shop.weight(usual, how)
    yield at_most("bytes a message, fonts and picture apart", BYTES, weight / sizes.usual, "")
    ours, cards = shop.cpu("ours", usual, how), shop.cards(usual, how)
    yield only("messages a CPU second, cards a CPU second", f"{sizes.usual / ours:,.0f}, {cards / ours:,.0f}")
    yield only("cores that other programs kept busy meanwhile", f"{others:.1f}")


def _times(shop: Workshop, sizes: Sizes, messages: Corpus, how: str) -> Iterator[Row]:
    usual = messages.usual
    ours = shop.cpu("ours", usual, how)
    if how == "one":
        few = shop.cpu("htmlbox", messages.few) / shop.cpu("ours", messages.few, how)
        yield at_least(f"insert_htmlbox, both at {sizes.few:,}", 20, few)
    yield at_least("ReportLab's canvas", 4, shop.cpu("reportlab", usual) / ours)
    faster = shop.cpu("reportlab, accelerated", usual) / ours
    yield only("ReportLab's canvas, its accelerator in C added", f"{faster:.1f} times")
    yield at_least("Typst", 8, shop.cpu("typst", usual) / ours)
    yield at_most("the physical limit", 3, ours / shop.cpu("limit", usual))
    growth = ours / shop.cpu("ours", messages.quarter, how)
    yield at_most(f"time at {sizes.usual:,} over time at {sizes.quarter:,}", 4.2, growth)
    whole = "`build.py cards` over setting and writing alone"
    if ("whole", usual, how) in shop.taken:
        yield at_most(whole, WHOLE, shop.cpu("whole", usual, how) / ours)
        both = shop.wall("whole, two jobs", usual, how) / shop.wall("whole", usual, how)
        yield at_most("the same with 2 jobs: seconds over those with 1", TWO_JOBS, both)
    else:
        yield Row(whole, f"at most {WHOLE} times", "refused", reached=False)


def _large(shop: Workshop, sizes: Sizes, messages: Corpus, others: float) -> Iterator[Row]:
    count = MILLION if sizes.many > MILLION / 100 else MILLION // 10
    command = [sys.executable, "-m", "tests.benchmarks.press.packing", messages.usual, str(count)]
    packed = json.loads(run(command).said)
    yield at_most(f"packing {count:,} messages", 5, packed["seconds"], " s")
    above = (packed["cards"] / packed["least"] - 1) * 100
    yield at_most("its cards above the least that any packing takes", 1, above, " %")
    done = shop.taken["whole", messages.many, "packed"][0]
    usual = shop.taken["whole", messages.usual, "packed"]
    if usual:
        growth, memory = done.cpu / shop.cpu("whole", messages.usual, "packed"), done.peak / usual[0].peak
        what = f"`build.py cards` at {sizes.many:,} over that at {sizes.usual:,}"
        yield unless_busy(at_most(f"{what}: CPU", LARGE, growth), others)
        yield at_most(f"{what}: peak memory", GROWTH, memory)
    yield only(f"`build.py cards` at {sizes.many:,}", f"{done.cpu:.0f} s of CPU, {done.peak / 1e6:.0f} MB")
    hours = done.cpu * MILLION / sizes.many / 60
    yield only(f"which makes for {MILLION:,}, in batches of at most 150,000", f"{hours:.0f} minutes of CPU")


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
