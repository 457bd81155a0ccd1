"""Live editing: build again whenever a file of the page changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from jinja2 import TemplateError, TemplateSyntaxError
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
    except (TemplateError, OSError) as error:  # a designer's typo, or a file in the middle of a rename
        fault = _located(error)
        live.built(faults=fault)
        return fault
    live.built()
    return ""


def _located(error: TemplateError | OSError) -> str:
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}:{error.lineno}: {error.message}; mend the template"
    return f"{error}; mend it, and the page is built again"
