"""A process measured from outside: the time and the memory of itself and its children, and what it said."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers import ROOT


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: `cpu` in seconds, user and system; `peak` in bytes; `said` is its output.

    A process is born with the memory of the one that started it, so a peak means nothing below that: measure
    from a small one.
    """

    cpu: float
    peak: int
    said: str


def run(command: Sequence[str | Path], **environment: str) -> Run:
    """Run a command from the repository's root to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, said)
