"""Lists beside the database, a line an entry: what is added is on the disk, and a line that was torn goes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from campaign.storage.disk import open_beside_database, read_within

LONGEST = 64 * 2**20  # bytes, of some 100 an entry
LAST = 64 * 2**10  # bytes at the end that are looked through for the beginning of a torn line
NO_TEXT = "\ufffd"


def append(file: Path, title: str, lines: Iterable[str]) -> None:
    """Add lines, below the title in a new file; who may read the database may read the file.

    Raises:
        OSError: it cannot be written.
    """
    descriptor = open_beside_database(file, os.O_RDWR | os.O_APPEND)
    with os.fdopen(descriptor, "r+b") as opened:
        length = opened.seek(0, os.SEEK_END)
        opened.seek(max(length - LAST, 0))  # somebody else may have made it very long
        held = opened.read()
        # A power cut tore the last line; it was never acknowledged.
        opened.truncate(length - len(held) + held.rfind(b"\n") + 1)
        opened.write("".join([*([] if held else [title]), *lines]).encode())
        opened.flush()
        os.fsync(descriptor)


def read(file: Path) -> Iterator[tuple[str, str]]:
    """Yield each entry with its place; what is no text stands there as U+FFFD, for its reader to refuse.

    Raises:
        OSError: it cannot be read, or is none: whoever may write beside it could put there what never ends.
    """
    held = read_within(file, LONGEST)
    lines = held.decode("utf-8", errors="replace").split("\n")[:-1]  # the last one is torn, or nothing
    return ((f"{file}:{n}", line) for n, line in enumerate(lines, 1) if line and line[0] != "#")
