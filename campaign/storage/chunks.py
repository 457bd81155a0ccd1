"""Chunks: so much of very many rows or values as one statement takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

CHUNK = 500  # rows or values: below SQLite's limit of variables


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Yield lists of at most `CHUNK` of them, in their order."""
    iterator = iter(values)
    while some := list(islice(iterator, CHUNK)):
        yield some
