"""Which cases of a kind `make check` and `make test` try: the first ones. `make soak` tries the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet


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
