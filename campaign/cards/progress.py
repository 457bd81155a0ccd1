"""How far long work has come: told to whoever shows it, in this process or, by a file, in another."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[str, int, int], None]  # what is done, how many of how many; 0 where that is unknown
VARIABLE = "BUILD_PROGRESS_FILE"  # the environment's name of the file in which a command tells how far it is
OFTEN = 0.3  # seconds between two looks at a file


@dataclass(frozen=True)
class Step:
    """What a command does, and how far it is; `of` is 0 where nobody knows."""

    what: str
    done: int
    of: int


def silent(_what: str, _done: int, _of: int) -> None:
    """Show no progress."""


def seldom(progress: Progress, every: int) -> Progress:
    """Tell once in so many, and the last: often enough to be seen, and at no cost."""
    last: dict[str, int] = {}

    def tell(what: str, done: int, of: int) -> None:
        if done == of or done - last.get(what, 0) >= every:
            last[what] = done
            progress(what, done, of)

    return tell


def telling(file: Path) -> Progress:
    """Give what keeps a file up to date; it is whole whenever it is read."""
    last = 0.0

    def tell(what: str, done: int, of: int) -> None:
        nonlocal last
        if time.monotonic() - last < OFTEN and done != of:
            return
        last = time.monotonic()
        part = file.with_name(f".{file.name}.part")
        with suppress(OSError):  # no work fails for want of somebody to watch it
            part.write_text(json.dumps([what, done, of]), encoding="utf-8")
            part.replace(file)

    return tell


def told(file: Path) -> Step | None:
    """Read how far a command is; None before it has told anything."""
    try:
        what, done, of = json.loads(file.read_text(encoding="utf-8"))
        return Step(str(what), int(done), int(of))
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):  # or none of ours wrote it
        return None
