"""Live editing: build again whenever a file of the page changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import watch

from campaign.errors import CandleError
from campaign.pages.hosting import Live


def rebuilding(build: Callable[[], None], folders: list[Path], live: Live) -> Iterator[str]:
    """Run `build` now and after each change below `folders`; yield its faults, or "" when there are none."""
    yield _build_once(build, live)
    for _changes in watch(*folders, debounce=80, step=20, raise_interrupt=True):
        yield _build_once(build, live)


def _build_once(build: Callable[[], None], live: Live) -> str:
    try:
        build()
    except CandleError as error:
        live.built(faults=str(error))
        return str(error)
    live.built()
    return ""
