"""A busy receiver: 70 % of the most that it takes, while staff review at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.receiver.load import CONNECTIONS, Measured
from tests.benchmarks.receiver.reviewing import reviewed
from tests.benchmarks.receiver.stands import Post

SHARE = 0.7  # of the most posts a second
IDLE_RATE = 10  # posts a second, one after the other


@dataclass(frozen=True)
class Busy:
    """What was measured: one supporter alone, the most, and the load; `failed` counts the desk too."""

    idle: Measured
    most: Measured
    found: Measured
    approved: int
    failed: int

    @property
    def share(self) -> float:
        """How much of the most the load was."""
        return self.found.rate / self.most.rate

    @property
    def slower(self) -> float:
        """How many times longer the slowest hundredth waits than when nothing else happens."""
        return self.found.p99 / self.idle.p99


def busy(post: Post, seconds: float, trial: float) -> Busy:
    """Find out the most, then post at 70 % of it for some seconds; each connection rests in between."""
    assert post.server is not None
    post.measure(1)  # the first requests load what is loaded once
    idle = post.measure(trial, connections=1, pause=1 / IDLE_RATE)
    most = post.measure(trial)
    every = CONNECTIONS / (SHARE * most.rate)  # seconds between two posts of a connection
    tried = post.measure(trial, pause=every)
    answered_in = CONNECTIONS / tried.rate - every  # in the mean: what is not rest
    with reviewed(post.server) as reviewer:
        found = post.measure(seconds, pause=max(0, every - answered_in))
    failed = sum(number for status, number in reviewer.answers.items() if status >= 400)
    return Busy(idle, most, found, reviewer.approved, found.errors + failed)
