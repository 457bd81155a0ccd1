"""The disk: what only its owner may read, what waits until it is written, what is said when it is not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from campaign.errors import CandleError


def private_folder(path: Path) -> list[Path]:
    """Make a folder, and those above it, that nobody else may enter, whatever the umask; return the new ones.

    A folder that is there already is somebody's, and stays as it is.
    """
    new = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(new):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    return new


def private_file(path: Path) -> BinaryIO:
    """Make a file to be written that nobody else may read, whatever the umask.

    Raises:
        FileExistsError: it is there already, and may be somebody else's or a link.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "wb")


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
