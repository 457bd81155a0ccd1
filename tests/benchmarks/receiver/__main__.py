"""The receiver's table: posts a second beside Isso's, and what holds under load, in one run.

    python -m tests.benchmarks.receiver [--quick]

Every server has the same machine, the same disk and the same wrk with 64 connections; they run in turns, and
the median counts. What was answered for is counted in each server's own database.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from campaign import ROOT
from tests.benchmarks import table
from tests.benchmarks.receiver import dearest, growth, stands, workers
from tests.benchmarks.receiver.busy import busy
from tests.benchmarks.receiver.load import Measured
from tests.benchmarks.receiver.stands import Post, Stand
from tests.benchmarks.table import Row, at_least, at_most, only
from tests.support.public_half import loaded


@dataclass(frozen=True)
class Sizes:
    """How often each server runs, for how many seconds, how long the load lasts, and how many are stored.

    `search` is how many seconds the dearest post is looked for.
    """

    rounds: int = 3
    seconds: float = 10
    load: float = 60
    messages: int = 100_000
    search: float = 60


QUICK = Sizes(rounds=1, seconds=3, load=6, messages=5_000, search=5)


def main(*, quick: bool) -> None:
    """Measure, and print the tables."""
    sizes = QUICK if quick else Sizes()
    with TemporaryDirectory() as folder:
        slow = stands.slow_disk(Path(folder))
        table.show("The receiver, on the disk as it is", _beside_isso(sizes, {}, goal=5))
        table.show(
            "The same, with 3 ms more for each fsync", _beside_isso(sizes, slow, goal=20, group_commit=6)
        )
        table.show("Two workers", workers.rows(sizes.rounds, sizes.seconds))
        table.show("Under load", _under_load(sizes))
        table.show("The dearest post", dearest.rows(sizes.search, sizes.seconds))


def _beside_isso(
    sizes: Sizes, environment: Mapping[str, str], goal: float, group_commit: float | None = None
) -> list[Row]:
    rivals: dict[str, Stand] = {"ours": stands.public, "isso": stands.isso}
    if group_commit:
        rivals["alone"] = stands.alone
    found = _in_turns(sizes, environment, rivals)
    rates = {name: median(run.rate for run in runs) for name, runs in found.items()}
    rows = [at_least("Isso: posts a second", goal, rates["ours"] / rates["isso"])]
    if group_commit:
        rows.append(at_least("ours with a commit each", group_commit, rates["ours"] / rates["alone"]))
    rows.append(at_most("p99 over p50", 3, median(run.p99 / run.median for run in found["ours"])))
    return rows + [only(f"{name}, posts a second", _said(rates[name], runs)) for name, runs in found.items()]


def _in_turns(
    sizes: Sizes, environment: Mapping[str, str], rivals: Mapping[str, Stand]
) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {name: [] for name in rivals}
    with ExitStack() as stack:
        running = {name: stack.enter_context(stand(environment)) for name, stand in rivals.items()}
        for post in running.values():
            post.measure(1)  # nobody's first requests count
        for _ in range(sizes.rounds):
            for name, post in running.items():
                found[name].append(post.measure(sizes.seconds))
    return found


def _said(rate: float, runs: list[Measured]) -> str:
    times = (
        f"p50 {median(r.median for r in runs) * 1e3:.0f} ms, p99 {median(r.p99 for r in runs) * 1e3:.0f} ms"
    )
    return f"{rate:.0f} ({times}, {sum(r.errors for r in runs)} errors in {sum(r.answers for r in runs)})"


def _under_load(sizes: Sizes) -> Iterator[Row]:
    for desk, stand in (("in the same process", stands.ours), ("apart, as in deploy/", stands.ours_apart)):
        with stand({}) as post:
            yield from _with_staff(sizes, post, desk)
    with stands.ours({}) as post:
        yield _memory(sizes, post)
    yield from _resident()


def _with_staff(sizes: Sizes, post: Post, desk: str) -> Iterator[Row]:
    found = busy(post, sizes.load, sizes.seconds)
    what = f"{sizes.load:.0f} s at {found.share:.0%} of the most while staff review {desk}"
    yield at_most(f"{what}: errors", 0, found.failed, f" of {found.found.answers}")
    yield at_most("the same: p99 over that of an idle receiver", 5, found.slower)
    yield only("the same: messages that staff approved", str(found.approved))
    times = f"{found.idle.p99 * 1e3:.1f} ms, {found.found.p99 * 1e3:.1f} ms"
    yield only("p99 idle, and under that load", times)


def _memory(sizes: Sizes, post: Post) -> Row:
    samples = growth.watched(post, sizes.messages, sizes.messages // 20)
    slope = growth.slope(samples)
    figure = (
        f"{slope.bytes:.1f} ± {slope.noise:.1f} bytes a message, {samples[-1][1] / 2**20:.0f} MB at the end"
    )
    goal = f"slope zero (less than {growth.KEPT} bytes, an empty string)"
    return Row(f"memory over {samples[-1][0]:,} messages", goal, figure, slope.is_zero)


def _resident() -> Iterator[Row]:
    """Measure what the process holds that has made the public half, on a database in its newest shape."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/candle.sqlite"
        found = [loaded(ROOT / "content", url) for _ in range(6)][1:]  # the first made the tables
    made, used = (
        median(sizes) / 2**20 for sizes in zip(*((run.made, run.used) for run in found), strict=True)
    )
    yield at_most("resident memory with the public half made, of five", 65, made, " MB")
    yield only("the same after a request of each kind, and a message that needs ICU", f"{used:.1f} MB")


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
