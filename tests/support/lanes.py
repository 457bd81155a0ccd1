"""The lanes of the tests: which cases each of check, test and soak tries, and where their files are."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30  # bytes: a run of the fast lane leaves half a gigabyte until it ends


def is_fast(config: pytest.Config) -> bool:
    """Tell whether this is a run of `make check`."""
    return "not slow" in config.getoption("markexpr")


def folder_in_memory() -> str | None:
    """Make a folder where a commit waits for no disk; None where there is no room for one."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return tempfile.mkdtemp(prefix="candle-check-", dir=MEMORY)


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
