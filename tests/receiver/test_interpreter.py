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
    usual, over, ran = sys.getswitchinterval(), threading.Event(), list[int]()

    def runs_whenever_it_may() -> None:
        while not over.is_set():
            ran.append(1)
            time.sleep(0)

    other = threading.Thread(target=runs_whenever_it_may)
    other.start()
    try:
        while not ran:
            time.sleep(0.001)
        sys.setswitchinterval(10)
        awake = time.monotonic() + 0.05
        while time.monotonic() < awake:
            pass  # what the other began to wait for under the usual interval, it has had
        before = len(ran)
        for _ in range(5_000):
            work()
        assert len(ran) == before
    finally:
        over.set()
        sys.setswitchinterval(usual)
        other.join()
