"""What `check` would say of what is shown, found in a process of its own: pages come first."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from campaign.content import checks
from campaign.content.campaign import load
from campaign.content.markup.parse_cache import reading_once
from campaign.errors import CandleError, ContentError

Found = tuple[ContentError, ...]
Find = Callable[..., Found | None]  # None: it was not looked at
Look = Callable[[Find, object, object], Found | None]
log = logging.getLogger(__name__)
BESIDE = 10  # how much nicer than the rest the process is


def of_campaign(folder: Path, day: date) -> Found | None:
    """Find what there is to say of a campaign; None of one with faults, which are told already."""
    try:
        with reading_once():
            return tuple(checks.of_campaign(load(folder), day))
    except (CandleError, OSError):  # a save came between: it is looked through again
        return None
    except Exception as error:  # one text must not end what looks through all others
        log.exception("a campaign could not be looked through")
        fault = f"was not looked through for slips: {type(error).__name__}"
        remedy = "report it to the developers, with the words you changed last"
        return (ContentError(folder / "campaign.toml", 0, fault, remedy, level="warning"),)


def of_labels(codes: Iterable[str], folder: Path) -> Found:
    """Find what the interface lacks in these languages."""
    return tuple(checks.untranslated(codes, folder))


def here(find: Find, first: object, second: object) -> Found | None:
    """Look at once, in this process."""
    return find(first, second)


@contextmanager
def apart() -> Iterator[Look]:
    """Look in another process while the block runs."""
    pool = _pool()

    def look(find: Find, first: object, second: object) -> Found | None:
        nonlocal pool
        try:
            return pool.submit(find, first, second).result()
        except BrokenProcessPool:  # it was killed: the next look has another one
            pool = _pool()
        except RuntimeError:  # the preview is being stopped
            pass
        return None

    try:
        yield look
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool() -> ProcessPoolExecutor:
    fresh = multiprocessing.get_context("spawn")  # a fork of many threads may hang
    return ProcessPoolExecutor(1, mp_context=fresh, initializer=_modest)


def _modest() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the preview, which ends this
    os.nice(BESIDE)
    threading.Thread(target=_end_with_preview, daemon=True).start()


def _end_with_preview() -> None:
    """Go with the preview if it is killed: the queue from which work comes would wait for ever."""
    if preview := multiprocessing.parent_process():
        preview.join()
        os._exit(1)
