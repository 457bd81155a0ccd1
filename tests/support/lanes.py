"""Which cases of a kind `make check` tries: the first ones. `make test` tries all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet


def first(number: int, cases: Iterable[Any]) -> list[Any]:
    """Mark all but the first of a test's cases as `slow`; a plain tuple is a case of several arguments."""
    listed = list(cases)
    return listed[:number] + [_slow(case) for case in listed[number:]]


def _slow(case: Any) -> ParameterSet:
    values = case if type(case) is tuple else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)
