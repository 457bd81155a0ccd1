"""How far long work has come: bars on a terminal, or a file that the desk reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from campaign.cards import progress
from campaign.cards.progress import Progress


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Show on a terminal how far long work has come, or tell it in the file that the desk reads."""
    if not sys.stderr.isatty():
        file = os.environ.get(progress.VARIABLE)
        yield progress.telling(Path(file)) if file else progress.silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(file=sys.__stderr__), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of or None)
            bars.update(tasks[what], completed=done)

        yield show
