"""Work counted, not timed: lines of our own code, and letters handed to what is dear in others'."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from types import FrameType
from typing import Any
from unittest.mock import patch

from icu4py import breakers

from campaign.cards.type import glyph_runs
from campaign.settings import ROOT

OURS = tuple(f"{ROOT / folder}/" for folder in ("campaign", "receiver"))
A_LINE = 10  # letters: shaping or composing one costs about a tenth of running a line


@dataclass
class Work:
    """What was counted: in lines, a letter handed to others as a tenth of one."""

    lines: int = 0
    letters: int = 0

    @property
    def all(self) -> float:
        """Everything, in lines."""
        return self.lines + self.letters / A_LINE

    def hand(self, text: str) -> None:
        """Count letters, and a row of marks by its square, which is what sorting it takes."""
        self.letters += len(text)
        for mark, row in groupby(text, lambda character: unicodedata.combining(character) > 0):
            if mark:
                self.letters += sum(1 for _ in row) ** 2 // 2


def counted(function: Callable[[], object]) -> float:
    """Run a function, and tell how much work it was."""
    work = Work()
    with ExitStack() as stack:
        stack.enter_context(patch.object(unicodedata, "normalize", _handing(work, unicodedata.normalize, 1)))
        for module, name in (
            (breakers, "CharacterBreaker"),
            (breakers, "LineBreaker"),
            (glyph_runs, "_shaped"),
        ):
            place = 1 if name == "_shaped" else 0
            stack.enter_context(patch.object(module, name, _handing(work, getattr(module, name), place)))
        stack.enter_context(_traced(work))
        function()
    return work.all


def _handing(work: Work, function: Callable[..., Any], place: int) -> Callable[..., Any]:
    def handing(*arguments: Any, **more: Any) -> Any:
        work.hand(arguments[place])
        return function(*arguments, **more)

    return handing


@contextmanager
def _traced(work: Work):
    def line(_frame: FrameType, event: str, _argument: object):
        work.lines += event == "line"
        return line

    def call(frame: FrameType, _event: str, _argument: object):
        return line if frame.f_code.co_filename.startswith(OURS) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield
    finally:
        sys.settrace(before)
