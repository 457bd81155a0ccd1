"""Lists beside the database, one entry a line: what is added is on the disk, and a torn line is dropped."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from campaign.errors import CandleError
from campaign.storage.disk import open_beside_database, opened_within, private_folder

LONGEST = 64 * 2**20  # bytes, of some 100 an entry
PIECE = 64 * 2**10  # bytes
MOMENT = 0.05  # seconds in which whoever adds a line has added all of it
NO_TEXT = "\ufffd"


class ListError(CandleError):
    """A list that cannot be read or written."""


def append(file: Path, title: str, lines: Iterable[str]) -> None:
    """Add lines, below the title in a new file; who may read the database may read the file.

    Raises:
        ListError: it cannot be written.
    """
    try:
        private_folder(file.parent)
        descriptor = open_beside_database(file, os.O_RDWR | os.O_APPEND)
        with os.fdopen(descriptor, "r+b") as opened:
            whole = _drop_torn(opened)
            opened.seek(0, os.SEEK_END)
            opened.write("".join([*([] if whole else [title]), *lines]).encode())
            opened.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise ListError(f"{file}: {error.strerror}; make room, or let Candle's user write it") from error


def _drop_torn(opened: BinaryIO) -> int:
    """Take away what a power cut tore, which was never acknowledged; return where the last whole line ends.

    Where nothing is torn nothing is cut off, for somebody else may be adding a line; nor where it grows, for
    half of their line may be seen.
    """
    end, length = _ends(opened)
    while end < length:
        time.sleep(MOMENT)
        seen, (end, length) = length, _ends(opened)
        if length == seen:
            opened.truncate(end)
            break
    return end


def _ends(opened: BinaryIO) -> tuple[int, int]:
    """Return where the last whole line ends and where all does, piece by piece: it may be very long."""
    length = end = opened.seek(0, os.SEEK_END)
    last = 0
    while not last and end > max(length - LONGEST, 0):
        begin = max(end - PIECE, 0)
        opened.seek(begin)
        last = opened.read(end - begin).rfind(b"\n") + 1
        end = begin + last
    return end, length


def read(file: Path) -> Iterator[tuple[str, str]]:
    """Yield each entry with its place, none where there is no list yet; what is no text stands as U+FFFD.

    Line by line: no more of the file is held than that.

    Raises:
        ListError: it cannot be read, or is none: whoever may write beside it could put there what never ends.
    """
    try:
        with opened_within(file, LONGEST) as opened:
            for number, raw in enumerate(opened, 1):
                if raw.endswith(b"\n") and raw != b"\n" and not raw.startswith(b"#"):  # else torn, or nothing
                    yield f"{file}:{number}", raw[:-1].decode("utf-8", errors="replace")
    except FileNotFoundError:
        return
    except OSError as error:
        shorter = f"; give its lines in several files of less than {LONGEST >> 20} MB"
        why = f"{error.strerror}{shorter if error.errno == errno.EFBIG else ''}"
        raise ListError(f"{file}: cannot be read as a list; {why}") from error
