"""The root of every error that Candle raises on purpose, and the faults that people make in content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from campaign import ROOT


class CandleError(Exception):
    """Say in plain words what is wrong, where, and what to do about it.

    The commands print the message and exit with status 1; a person never sees a traceback for one of these.
    """


class SettingsError(CandleError):
    """A setting that is unknown, missing or cannot be used."""


Level = Literal["fault", "warning"]


@dataclass(frozen=True)
class Fix:
    """What a program can mend: from this line on, counted from 1, `new` takes the place of `old`.

    Line 0 is the file's own name. `bare`: the picture is written anew without what its camera noted.
    """

    line: int
    old: str
    new: str
    bare: bool = False


class ContentError(CandleError):
    """One fault in the content: in which file, on which line, and what to do about it.

    `line` counts from 1; 0 means the file as a whole. A warning keeps nothing from being published. `fix` is
    there where a program knows what would be right. A fault that does not stop `site` is named by `check`
    alone.
    """

    stops_site = True
    below = 0  # the lines below its own that it is about, where it has no fix to say so

    def __init__(
        self,
        path: Path,
        line: int,
        fault: str,
        remedy: str,
        *,
        level: Level = "fault",
        fix: Fix | None = None,
    ) -> None:
        super().__init__(path, line, fault, remedy)
        self.path = path
        self.line = line
        self.fault = fault
        self.remedy = remedy
        self.level = level
        self.fix = fix

    @property
    def shown_path(self) -> str:
        """The file as people call it: from the project's folder on, where it lies in there."""
        return str(self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path)

    def __str__(self) -> str:
        place = f"{self.shown_path}:{self.line}" if self.line else self.shown_path
        warning = "warning: " if self.level == "warning" else ""
        # What it quotes may hold line ends, and would else write lines of its own, or commands to a forge.
        return " ".join(f"{place}: {warning}{self.fault}; {self.remedy}".splitlines())


def in_plain_words(error: Exception) -> str | None:
    """Say what a person can mend; None of a closed pipe, which click knows, and of a fault of ours."""
    if isinstance(error, CandleError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"{error.name}: is not installed; make install"
    if isinstance(error, OSError) and error.filename is not None:
        remedy = "; give this user the right to it" if isinstance(error, PermissionError) else ""
        return f"{error.filename}: {error.strerror}{remedy}"
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        return "a name or a path is given in bytes that are no UTF-8; write it in UTF-8"
    return None


class ContentErrors(CandleError):
    """Every fault of the content, in the order of files and lines; one line each when printed."""

    def __init__(self, faults: Iterable[ContentError]) -> None:
        once = {str(fault): fault for fault in faults}.values()  # two campaigns may meet the same fault
        self.faults = tuple(sorted(once, key=lambda fault: (str(fault.path), fault.line)))
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
