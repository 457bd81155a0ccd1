"""A process measured from outside: the time and the memory of itself and its children, and what it said."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers import ROOT

# What was compiled is kept, as wherever the program is installed.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: `cpu` in seconds, user and system; `peak` in bytes; `said` is its output.

    `wall` are the seconds until its end.

    A process is born with the memory of the one that started it, so a peak means nothing below that: measure
    from a small one.
    """

    cpu: float
    peak: int
    said: str
    wall: float


@dataclass
class Others:
    """How many of the processor's cores other programs kept busy in the mean."""

    cores: float = 0.0


@contextmanager
def watched() -> Iterator[Others]:
    """Watch what other programs take while the block runs: what the machine does, without what is ours."""
    others = Others()
    before, ours, begun = _machine(), _ours(), time.monotonic()
    yield others
    others.cores = (_machine() - before - _ours() + ours) / (time.monotonic() - begun)


def _machine() -> float:
    """Give the seconds that all cores together have worked."""
    with open("/proc/stat", encoding="ascii") as file:  # noqa: PTH123
        user, nice, system, _idle, _waiting, *interrupts = map(int, file.readline().split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def _ours() -> float:
    return sum(os.times()[:4])


def run(command: Sequence[str | Path], **environment: str) -> Run:
    """Run a command from the repository's root to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    begun = time.monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | COMPILED | environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, said, time.monotonic() - begun)
