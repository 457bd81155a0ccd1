"""The lanes of the tests: which cases each of check, test and soak tries, and where their files are."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

MEMORY = Path("/dev/shm")
PREFIX = "candle-lane-"
ROOM = 2 * 2**30  # bytes: a run of the fast lane leaves half a gigabyte until it ends


def is_fast(config: pytest.Config) -> bool:
    """Tell whether this is a run of `make check`."""
    return "not slow" in config.getoption("markexpr")


def folder_in_memory() -> str | None:
    """Make a folder where a commit waits for no disk; None where there is no room for one.

    This process holds it by a lock, which the kernel releases however the process ends: so the next run
    knows what a killed one left, and removes it.
    """
    if not os.access(MEMORY, os.W_OK):
        return None
    turn = os.open(MEMORY, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)  # or another run could sweep a folder before it is held
        _sweep()
        if shutil.disk_usage(MEMORY).free < ROOM:
            return None
        folder = tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY)
        fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)  # never closed
        return folder
    finally:
        os.close(turn)


def _sweep() -> None:
    """Remove the folders that nobody holds."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        with suppress(OSError):  # it is held, or another user's
            found = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(found)


def first(number: int, cases: Iterable[Any]) -> list[Any]:
    """Mark all but the first of a test's cases as `slow`; a plain tuple is a case of several arguments."""
    listed = list(cases)
    return listed[:number] + [_marked(case, pytest.mark.slow) for case in listed[number:]]


def few(number: int, cases: Iterable[Any]) -> list[Any]:
    """Mark all but the first of a test's cases as `soak`: they are of one kind, and dear."""
    listed = list(cases)
    return listed[:number] + [_marked(case, pytest.mark.soak) for case in listed[number:]]


def _marked(case: Any, mark: pytest.MarkDecorator) -> ParameterSet:
    values = case if type(case) is tuple else (case,)
    return pytest.param(*values, marks=mark)
