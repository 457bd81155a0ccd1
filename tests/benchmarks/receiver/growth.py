"""Memory over many stored messages: samples of it, and their slope."""

from __future__ import annotations

import math
import statistics
import sys
import threading
from dataclasses import dataclass

from tests.benchmarks.receiver.stands import Post

WARM = 0.5  # of the messages: until then the caches of the database, the heap and the type fill
PAUSE = 1.0  # seconds between two looks
KEPT = sys.getsizeof("")  # bytes of the smallest thing that could be kept of each message


@dataclass(frozen=True)
class Slope:
    """Bytes a message in the second half, by least squares; `noise` is twice the standard error of that.

    `drift` is from the first sample of that half to the last.
    """

    bytes: float
    noise: float
    drift: float

    @property
    def is_zero(self) -> bool:
        """Whether nothing can be kept of each message: what grows more slowly is the heap's own disorder."""
        return self.bytes < KEPT


def watched(post: Post, messages: int, every: int) -> list[tuple[int, int]]:
    """Store so many messages, and note the memory of the worker each `every`: (messages, bytes)."""
    assert post.server is not None
    samples: list[tuple[int, int]] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(PAUSE):
            stored = post.stored()
            if stored >= (len(samples) + 1) * every:
                samples.append((stored, post.server.memory()))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        while post.stored() < messages:
            found = post.measure(min(20, max(2, messages / 5000)))
            assert found.errors == 0, found
    finally:
        stop.set()
        thread.join()
    return samples


def slope(samples: list[tuple[int, int]]) -> Slope:
    """Fit a line to the samples of the second half."""
    last = samples[-1][0]
    warm = [(count, size) for count, size in samples if count >= last * WARM]
    counts, sizes = [count for count, _ in warm], [size for _, size in warm]
    found, start = statistics.linear_regression(counts, sizes)
    rest = [size - (start + found * count) for count, size in warm]
    spread = math.sqrt(sum(value * value for value in rest) / max(1, len(rest) - 2))
    error = spread / (statistics.pstdev(counts) * math.sqrt(len(counts)))
    return Slope(found, 2 * error, sizes[-1] - sizes[0])
