"""Lists beside the database, a line an entry: what is added is on the disk, and a line that was torn goes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from campaign.storage.disk import open_beside_database


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
    """Yield each entry with its place.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is no list.
    """
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]  # the last one is torn, or nothing
    return ((f"{file}:{n}", line) for n, line in enumerate(lines, 1) if line and line[0] != "#")
