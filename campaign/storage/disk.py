"""The disk: waiting until something is on it, and what is said when it takes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaign.errors import CandleError


def sync(path: Path) -> None:
    """Wait until a file or a folder's list of files is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def refused_writes(path: Path, refusal: type[CandleError], remedy: str) -> Iterator[None]:
    """Turn a full disk or a missing permission into a refusal in plain words.

    Raises:
        CandleError: a `refusal` that names the path, the reason and the remedy.
    """
    try:
        yield
    except OSError as error:
        raise refusal(f"{path}: cannot be written ({error.strerror or error}); {remedy}") from error
