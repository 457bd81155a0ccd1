"""One test over a table: a row costs what it does, and each that fails is told by its name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Told = Sequence[str] | Callable[[Any], Any] | None


def table(names: str | Sequence[str], rows: Iterable[Any], ids: Told = None) -> Callable[..., Any]:
    """Run a test over all rows, where `parametrize` makes a test of each: for rows of a few milliseconds.

    Pytest and its processes take two and a half for a test, whatever it does, and an app of its own ninety.
    What a row does not give are fixtures, made once: no row may mind what those before it left there.
    """
    named = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    listed = list(rows)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        asked = inspect.signature(test)
        assert set(named) <= asked.parameters.keys(), "a row gives nothing that is not asked for"

        def over_all_rows(**fixtures: Any) -> None:
            assert listed, "a table without rows tries nothing"
            failed = [told for number, row in enumerate(listed) if (told := _tried(number, row, fixtures))]
            if failed:
                said = "\n".join(f"{name}: {type(fault).__name__}: {fault}" for name, fault in failed)
                raise AssertionError(f"{len(failed)} of {len(listed)} rows fail\n{said}") from failed[0][1]

        def _tried(number: int, row: Any, fixtures: dict[str, Any]) -> tuple[str, BaseException] | None:
            values = tuple(row) if len(named) > 1 else (row,)
            try:
                test(**dict(zip(named, values, strict=True)), **fixtures)
            except (Exception, pytest.fail.Exception) as fault:
                return _name(number, row, values, ids), fault
            return None

        over_all_rows.__name__, over_all_rows.__doc__ = test.__name__, test.__doc__
        over_all_rows.__module__ = test.__module__
        fixtures = [one for name, one in asked.parameters.items() if name not in named]
        over_all_rows.__signature__ = asked.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return over_all_rows

    return decorate


def _name(number: int, row: Any, values: tuple[Any, ...], ids: Told) -> str:
    """Name a row by what it was called, else by what it holds."""
    if callable(ids):
        return "-".join(str(ids(value)) for value in values)
    return f"row {number}, {ids[number] if ids else repr(row)[:200]}"
