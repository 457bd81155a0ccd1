"""What a post does before it waits keeps the interpreter: each time it lets go, threads are switched."""

from __future__ import annotations

import sys
import threading
import time

from campaign.messages import receipts
from receiver.http import limits
from tests.support.table import table


@table(
    "work",
    [
        lambda: receipts.code("a key", "t1"),
        lambda: receipts.words_digest("a key", "Мы з табой, трымайся. " * 18, "Ганна"),
        lambda: limits.blinded("203.0.113.7", b"of a day"),
    ],
)
def test_keyed_digests_keep_it(work):
    usual, go, ran = sys.getswitchinterval(), threading.Event(), list[int]()
    other = threading.Thread(target=lambda: (go.wait(), ran.append(1)))
    other.start()
    sys.setswitchinterval(10)
    try:
        go.set()
        awake = time.monotonic() + 0.05
        while time.monotonic() < awake:
            pass  # the other is woken, and waits for the interpreter
        for _ in range(5_000):
            work()
        assert not ran
    finally:
        sys.setswitchinterval(usual)
        other.join()
