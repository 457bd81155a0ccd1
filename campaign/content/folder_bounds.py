"""How much an editors' folder may hold, so that looking through it takes a moment whatever was put there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from campaign.errors import ContentError, ContentErrors

MOST_PATHS = 20_000  # files and folders: a receiver looks at each once a second
MOST_TEXT = 8 * 1024 * 1024  # bytes of texts: six languages of ours are a thirtieth of that
MOST_STRANGE = 20  # named at a time
TEXTS = frozenset((".md", ".toml"))
Fingerprint = tuple[tuple[str, int, int], ...]


def paths(folder: Path) -> list[Path]:
    """List what lies below a folder in its order, and of too much no more than shows that it is."""
    return sorted(Path(entry.path) for entry in _entries(folder))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield what lies below a folder, without following links; a preview does this at each save."""
    return islice(_below(folder), MOST_PATHS + 1)


def _below(folder: Path) -> Iterator[os.DirEntry[str]]:
    waiting: list[str] = [str(folder)]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as inside:  # it may be gone already
            for entry in inside:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def check(folder: Path) -> None:
    """See that a folder can be looked through, and its texts read, in a moment.

    Raises:
        ContentErrors: it holds too much.
    """
    found = list(_entries(folder))
    if len(found) > MOST_PATHS:
        fault = f"holds more than {MOST_PATHS} files and folders"
        raise ContentErrors([ContentError(folder, 0, fault, "take away what does not belong there")])
    texts = sum(_size(entry) for entry in found if Path(entry.name).suffix.lower() in TEXTS)
    if texts > MOST_TEXT:
        fault = f"holds more than {MOST_TEXT >> 20} MB of texts"
        raise ContentErrors([ContentError(folder, 0, fault, "take away what no page shows")])


def no_files(folder: Path) -> list[ContentError]:
    """Find what is neither file nor folder: a pipe would keep whoever reads it for ever."""
    strange = islice((Path(entry.path) for entry in _entries(folder) if not _is_plain(entry)), MOST_STRANGE)
    return [ContentError(path, 0, "is no file", "put the file itself in its place") for path in strange]


def fingerprint(folder: Path) -> Fingerprint:
    """Return what changes when a file below `folder` does: names, times and sizes, not what they hold."""
    found = []
    for entry in _entries(folder):
        try:
            status = entry.stat()
        except OSError:  # an editor saves by renaming: it may be gone already
            continue
        found.append((entry.path, status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))


def _is_plain(entry: os.DirEntry[str]) -> bool:
    try:
        plain = entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)
        return plain or entry.is_symlink()  # where that leads is looked at with the file
    except OSError:  # it may be gone already
        return True


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:  # an editor saves by renaming: it may be gone already
        return 0
