"""How much an editors' folder may hold, so that looking through it takes a moment whatever was put there."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from campaign.errors import ContentError, ContentErrors

MOST_PATHS = 20_000  # files and folders: a receiver looks at each once a second
MOST_TEXT = 8 * 1024 * 1024  # bytes of texts: six languages of ours are a thirtieth of that
TEXTS = frozenset((".md", ".toml"))
Fingerprint = tuple[tuple[str, int, int], ...]


def paths(folder: Path) -> list[Path]:
    """List what lies below a folder in its order, and of too much no more than shows that it is."""
    return sorted(islice(folder.rglob("*"), MOST_PATHS + 1))


def check(folder: Path) -> None:
    """See that a folder can be looked through, and its texts read, in a moment.

    Raises:
        ContentErrors: it holds too much.
    """
    found = paths(folder)
    if len(found) > MOST_PATHS:
        fault = f"holds more than {MOST_PATHS} files and folders"
        raise ContentErrors([ContentError(folder, 0, fault, "take away what does not belong there")])
    texts = sum(_size(path) for path in found if path.suffix.lower() in TEXTS)
    if texts > MOST_TEXT:
        fault = f"holds more than {MOST_TEXT >> 20} MB of texts"
        raise ContentErrors([ContentError(folder, 0, fault, "take away what no page shows")])


def fingerprint(folder: Path) -> Fingerprint:
    """Return what changes when a file below `folder` does: names, times and sizes, not what they hold."""
    found = []
    for file in paths(folder):
        try:
            status = file.stat()
        except OSError:  # an editor saves by renaming: it may be gone already
            continue
        found.append((str(file), status.st_mtime_ns, status.st_size))
    return tuple(found)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:  # an editor saves by renaming: it may be gone already
        return 0
