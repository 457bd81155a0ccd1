"""The receiver's tables: posts a second beside Isso's, and what holds under load, in one run.

    python -m tests.benchmarks.receiver [--quick] [PART …]

Every server has the same machine, the same disk and the same wrk with 64 connections; they run in turns, and
the median counts. What was answered for is counted in each server's own database. Each part takes less than
four minutes and can be run alone, for who has a quiet machine no longer.
"""

from __future__ import annotations

import argparse
import platform
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from campaign import ROOT
from tests.benchmarks import table
from tests.benchmarks.receiver import beside, counting, dearest, growth, stands, workers
from tests.benchmarks.receiver.busy import busy
from tests.benchmarks.receiver.load import Measured
from tests.benchmarks.receiver.stands import Post, Stand
from tests.benchmarks.table import Row, at_least, at_most, judged, only
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


def main(*, quick: bool, parts: Sequence[str] = ()) -> None:
    """Measure, and print the tables."""
    for name in parts or PARTS:
        title, rows = PARTS[name]
        table.show(title, judged(rows(QUICK if quick else Sizes())))


def _slow(sizes: Sizes) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        slow = stands.slow_disk(Path(folder))
        yield from _beside_isso(sizes, slow, goal=12, group_commit=6)


def _beside_isso(
    sizes: Sizes, environment: Mapping[str, str], goal: float, group_commit: float | None = None
) -> Iterator[Row]:
    rivals: dict[str, Stand] = {
        "one worker": stands.public,
        "two workers": stands.on_two,
        "Isso": stands.isso,
    }
    if group_commit:
        rivals["a commit each"] = stands.alone
    found = _in_turns(sizes, environment, rivals)
    rates = {name: median(run.rate for run in runs) for name, runs in found.items()}
    yield at_least("two workers over Isso: posts a second", goal, rates["two workers"] / rates["Isso"])
    yield only("one worker over Isso", f"{rates['one worker'] / rates['Isso']:.1f} times")
    if group_commit:
        yield at_least(
            "one worker over our own with a commit each",
            group_commit,
            rates["one worker"] / rates["a commit each"],
        )
    for name in ("one worker", "two workers"):
        yield at_most(f"{name}: p99 over p50", 3, median(run.p99 / run.median for run in found[name]))
    for name, runs in found.items():
        yield only(f"{name}: posts a second", _said(rates[name], runs))
    build = f"{platform.python_version()}, {platform.python_compiler()}"
    flags = sysconfig.get_config_var("CONFIG_ARGS") or ""
    optimised = "optimised" if "--enable-optimizations" in flags else "not optimised"
    yield only("the Python of all but Isso", f"{build}, {optimised}")


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
    p50, p99 = (median(getattr(run, what) for run in runs) * 1e3 for what in ("median", "p99"))
    cost, sender = (median(getattr(run, what) for run in runs) for what in ("cost", "sender"))
    errors, answers = sum(run.errors for run in runs), sum(run.answers for run in runs)
    return (
        f"{rate:.0f} (p50 {p50:.0f} ms, p99 {p99:.0f} ms; {cost:.2f} ms of CPU each, {sender:.2f} cores for"
        f" who sends; {errors} errors in {answers})"
    )


def _with_the_desk(sizes: Sizes) -> Iterator[Row]:
    with stands.ours({}) as post:
        yield from _with_staff(sizes, post, "in the same process")


def _desk_apart(sizes: Sizes) -> Iterator[Row]:
    with stands.ours_apart({}) as post:
        yield from _with_staff(sizes, post, "apart, as in deploy/")


def _held(sizes: Sizes) -> Iterator[Row]:
    with stands.ours({}) as post:
        yield _memory(sizes, post)
    yield from _resident()


def _with_staff(sizes: Sizes, post: Post, desk: str) -> Iterator[Row]:
    found = busy(post, sizes.load, sizes.seconds)
    what = f"{sizes.load:.0f} s at {found.share:.0%} of the most while staff review {desk}"
    yield at_most(f"{what}: errors", 0, found.failed, f" of {found.found.answers}", steady=True)
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
    return Row(f"memory over {samples[-1][0]:,} messages", goal, figure, slope.is_zero, steady=True)


def _resident() -> Iterator[Row]:
    """Measure what the process holds that has made the public half, on a database in its newest shape."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/candle.sqlite"
        found = [loaded(ROOT / "content", url) for _ in range(6)][1:]  # the first made the tables
    made, used = (
        median(sizes) / 2**20 for sizes in zip(*((run.made, run.used) for run in found), strict=True)
    )
    yield at_most("resident memory with the public half made, of five", 65, made, " MB", steady=True)
    yield only("the same after a request of each kind, and a message that needs ICU", f"{used:.1f} MB")


def _others(sizes: Sizes) -> Iterator[Row]:
    yield from beside.rows(dearest.fields(sizes.search / 2), sizes.seconds, 2 * sizes.seconds)


PARTS: Mapping[str, tuple[str, Callable[[Sizes], Iterator[Row]]]] = {
    "isso": ("The receiver, on the disk as it is", lambda sizes: _beside_isso(sizes, {}, goal=5)),
    "slow-disk": ("The receiver, with 3 ms more for each fsync", _slow),
    "workers": ("The receiver, two workers", lambda sizes: workers.rows(sizes.rounds, sizes.seconds)),
    "desk": ("The receiver under load", _with_the_desk),
    "desk-apart": ("The receiver under load, the desk apart", _desk_apart),
    "memory": ("The receiver's memory", _held),
    "dearest": ("The dearest post", lambda sizes: dearest.rows(sizes.search)),
    "beside": ("Others beside it", _others),
    "instructions": ("A post in a process of its own", lambda sizes: counting.rows(sizes.rounds)),
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.receiver")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="small and rough, to try a change")
    return parser.parse_args()


if __name__ == "__main__":
    chosen = _arguments()
    main(quick=chosen.quick, parts=chosen.parts)
