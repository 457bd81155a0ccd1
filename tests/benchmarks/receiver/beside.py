"""What others wait beside four connections that do nothing but send the dearest post."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from statistics import median
from urllib.parse import quote_plus

from tests.benchmarks.receiver import stands
from tests.benchmarks.receiver.load import CONNECTIONS, FIELDS, FORM, Measured
from tests.benchmarks.table import Row, at_most, only
from tests.receiver.serving import SITE

HOSTILE = 4  # connections
MOST = 3  # times what it was
SHARE = 0.3  # of the most posts a second, so that there is room for what the hostile take
TURNS = 5  # with and without them, one after the other: what else the machine does meets both
STEADY = 2  # times what it is in the quietest turn alone: beyond that others' work is measured


def rows(fields: Mapping[str, str], trial: float, seconds: float) -> Iterator[Row]:
    """Measure others with and without them, on the public half, and on one of two workers."""
    yield from _on(stands.public, "", fields, trial, seconds)
    yield from _on(stands.on_two, ", with two workers", fields, trial, seconds)


def _on(
    stand: stands.Stand, name: str, fields: Mapping[str, str], trial: float, seconds: float
) -> Iterator[Row]:
    with stand({}) as post:
        assert post.server is not None
        post.measure(1)  # the first requests load what is loaded once
        most = post.measure(trial)
        pause = CONNECTIONS / (SHARE * max(most.rate, 1))  # a machine that is busy may store none in a second
        alone, beside, answers = list[Measured](), list[Measured](), list[int]()
        for _ in range(TURNS):
            alone.append(post.measure(seconds / TURNS, pause=pause))
            with _sent_without_end(post.server.port, fields) as answered:
                beside.append(post.measure(seconds / TURNS, pause=pause))
            answers += answered
    yield compared(alone, beside, name)
    yield only("alone", _said(alone))
    yield only(f"beside {len(answers)} of the dearest ({sorted(set(answers))})", _said(beside))


def compared(alone: Sequence[Measured], beside: Sequence[Measured], name: str = "") -> Row:
    """Compare what others wait in the middle turn; a machine that is busy by itself gives no verdict."""
    what = f"p99 of others beside {HOSTILE} connections that send it, over what it was{name}"
    found = at_most(what, MOST, _middle(beside) / _middle(alone))
    if max(one.p99 for one in alone) <= STEADY * min(one.p99 for one in alone):
        return found
    return replace(found, figure=f"{found.figure}; busy: no verdict", reached=None)


def _middle(found: Sequence[Measured]) -> float:
    return median(one.p99 for one in found)


def _said(found: Sequence[Measured]) -> str:
    p99s = [one.p99 * 1e3 for one in found]
    middle = median(one.median for one in found) * 1e3
    times = f"p50 {middle:.0f} ms, p99 {median(p99s):.0f} ms ({min(p99s):.0f} to {max(p99s):.0f})"
    rate, errors = median(one.rate for one in found), sum(one.errors for one in found)
    return f"{rate:.0f} posts/s, {times}, {errors} errors"


@contextmanager
def _sent_without_end(port: int, fields: Mapping[str, str]) -> Iterator[list[int]]:
    """Post without a token, so that nothing is stored, each as soon as the one before is answered."""
    done, answers = threading.Event(), list[int]()
    body = "&".join(f"{name}={quote_plus(value)}" for name, value in (FIELDS | fields).items())
    headers = {"Content-Type": FORM, "Origin": SITE}

    def send() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            while not done.is_set():
                connection.request("POST", "/mikita/messages", body.encode(), headers)
                answer = connection.getresponse()
                answer.read()
                answers.append(answer.status)

    threads = [threading.Thread(target=send) for _ in range(HOSTILE)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        done.set()
        for thread in threads:
            thread.join()
