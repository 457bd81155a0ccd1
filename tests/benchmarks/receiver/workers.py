"""Two workers beside one, and beside two receivers that share nothing: the most that sharing could cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.receiver import stands
from tests.benchmarks.receiver.load import CONNECTIONS, Measured
from tests.benchmarks.receiver.stands import Post
from tests.benchmarks.table import Row, at_least, at_most, only


@dataclass(frozen=True)
class Round:
    """What was posted at one or two receivers at once."""

    found: tuple[Measured, ...]

    @property
    def rate(self) -> float:
        """Posts a second, all together."""
        return sum(one.rate for one in self.found)

    @property
    def cost(self) -> float:
        """Milliseconds of CPU a post."""
        return sum(one.cpu for one in self.found) / sum(one.stored for one in self.found) * 1e3

    @property
    def sender(self) -> float:
        """How many cores those kept busy who posted; two run at once, and each sees what both took."""
        return max(one.sender for one in self.found)


def rows(rounds: int, seconds: float) -> Iterator[Row]:
    """Measure them in turns; the median counts."""
    with ExitStack() as stack:
        one, two, *apart = (
            stack.enter_context(stand({}))
            for stand in (stands.public, stands.on_two, stands.public, stands.public)
        )
        ways: dict[str, Callable[[], Round]] = {
            "one worker": lambda: _round([one], seconds),
            "two workers": lambda: _round([two], seconds),
            "two receivers, each with a file of its own": lambda: _round(apart, seconds),
        }
        for way in ways.values():
            way()  # nobody's first requests count
        turns = [{name: way() for name, way in ways.items()} for _ in range(rounds)]
    found = {name: [turn[name] for turn in turns] for name in ways}
    rates = {name: median(one.rate for one in some) for name, some in found.items()}
    yield at_least("two workers over one", 1.5, rates["two workers"] / rates["one worker"])
    for name in list(ways)[:2]:
        yield at_most(
            f"{name}: p99 over p50", 3, median(r.found[0].p99 / r.found[0].median for r in found[name])
        )
    for name, some in found.items():
        cost, sender = (median(getattr(one, what) for one in some) for what in ("cost", "sender"))
        told = f"{rates[name]:.0f}, {cost:.2f} ms, {sender:.2f}"
        yield only(f"{name}: posts a second, CPU a post, cores that the sender took", told)


def _round(posts: list[Post], seconds: float) -> Round:
    with ThreadPoolExecutor(len(posts)) as pool:
        share = CONNECTIONS // len(posts)
        return Round(tuple(pool.map(lambda post: post.measure(seconds, connections=share), posts)))
