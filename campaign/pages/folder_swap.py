"""A folder that is replaced at once: whoever reads it sees the old one or the new one, never none."""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaign.errors import CandleError

_FROM_HERE = -100  # AT_FDCWD: a path is taken as usual
_EXCHANGE = 2  # RENAME_EXCHANGE


class PagesError(CandleError):
    """A folder that the page must not be frozen into."""


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """Give an empty folder beside `output`, and put it in the place of `output` if the block succeeds.

    Raises:
        PagesError: `output` holds something other than an earlier build.
    """
    if output.exists() and not (output / "_headers").exists() and any(output.iterdir()):
        raise PagesError(f"{output}: holds something other than an earlier build; name an empty folder")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as aside:
        folder = Path(aside) / "new"
        folder.mkdir()  # readable for the web server, which the temporary folder itself is not
        yield folder
        if not output.exists():
            folder.rename(output)
        elif not _exchange(folder, output):
            output.rename(Path(aside) / "old")
            folder.rename(output)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system and the disk know how."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    failed: int = rename(_FROM_HERE, os.fsencode(one), _FROM_HERE, os.fsencode(other), _EXCHANGE)
    return not failed
