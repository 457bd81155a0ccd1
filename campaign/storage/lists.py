"""Lists beside the database, a line an entry: what is added is on the disk, and a line that was torn goes."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from campaign.storage.disk import open_beside_database

LONGEST = 64 * 2**20  # bytes, of some 100 an entry
NO_TEXT = "\ufffd"


def append(file: Path, title: str, lines: Iterable[str]) -> None:
    """Add lines, below the title in a new file; who may read the database may read the file.

    Raises:
        OSError: it cannot be written.
    """
    descriptor = open_beside_database(file, os.O_RDWR | os.O_APPEND)
    with os.fdopen(descriptor, "r+b") as opened:
        held = opened.read()
        opened.truncate(held.rfind(b"\n") + 1)  # a power cut tore that line; it was never acknowledged
        opened.write("".join([*([] if held else [title]), *lines]).encode())
        opened.flush()
        os.fsync(descriptor)


def read(file: Path) -> Iterator[tuple[str, str]]:
    """Yield each entry with its place; what is no text stands there as U+FFFD, for its reader to refuse.

    Raises:
        OSError: it cannot be read, or is none: whoever may write beside it could put there what never ends.
    """
    held = first_bytes(file, LONGEST + 1)
    if len(held) > LONGEST:
        raise OSError(errno.EFBIG, "it is too long")
    lines = held.decode("utf-8", errors="replace").split("\n")[:-1]  # the last one is torn, or nothing
    return ((f"{file}:{n}", line) for n, line in enumerate(lines, 1) if line and line[0] != "#")


def first_bytes(file: Path, number: int) -> bytes:
    """Read what a file begins with.

    Raises:
        OSError: it cannot be read, or is no file: a pipe would keep its reader for ever.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        return opened.read(number)
