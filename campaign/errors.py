"""The root of every error that Candle raises on purpose, and the faults that people make in content."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from campaign import ROOT


class CandleError(Exception):
    """Say in plain words what is wrong, where, and what to do about it.

    The commands print the message and exit with status 1; a person never sees a traceback for one of these.
    """


class SettingsError(CandleError):
    """A setting that is unknown, missing or cannot be used."""


class ContentError(CandleError):
    """One fault in the content: in which file, on which line, and what to do about it.

    `line` counts from 1; 0 means the file as a whole.
    """

    def __init__(self, path: Path, line: int, fault: str, remedy: str) -> None:
        super().__init__(path, line, fault, remedy)
        self.path = path
        self.line = line
        self.fault = fault
        self.remedy = remedy

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        place = f"{path}:{self.line}" if self.line else f"{path}"
        return f"{place}: {self.fault}; {self.remedy}"


class ContentErrors(CandleError):
    """Every fault of the content, in the order of files and lines; one line each when printed."""

    def __init__(self, faults: Iterable[ContentError]) -> None:
        once = {str(fault): fault for fault in faults}.values()  # two campaigns may meet the same fault
        self.faults = tuple(sorted(once, key=lambda fault: (str(fault.path), fault.line)))
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
