"""How far long work has come: told to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # what is done, how many of how many; 0 where that is unknown


def silent(_what: str, _done: int, _of: int) -> None:
    """Show no progress."""
