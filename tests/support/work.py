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

from campaign.cards.fonts.faces import Face
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

    def hand(self, text: str, *, sorted_: bool) -> None:
        """Count letters, and a row of marks that are sorted by its square, which is what that takes."""
        self.letters += len(text)
        if not sorted_:
            return
        for mark, row in groupby(text, lambda character: unicodedata.combining(character) > 0):
            if mark:
                self.letters += sum(1 for _ in row) ** 2 // 2


def counted(function: Callable[[], object]) -> float:
    """Run a function, and tell how much work it was."""
    work = Work()
    with ExitStack() as stack:
        for module, name, place, sorted_ in (
            (unicodedata, "normalize", 1, True),
            (breakers, "CharacterBreaker", 0, False),  # it passes over a row of marks
            (breakers, "LineBreaker", 0, False),
            (Face, "shaped", 1, True),
        ):
            handing = _handing(work, getattr(module, name), place, sorted_=sorted_)
            stack.enter_context(patch.object(module, name, handing))
        stack.enter_context(_traced(work))
        function()
    return work.all


def _handing(work: Work, function: Callable[..., Any], place: int, *, sorted_: bool) -> Callable[..., Any]:
    def handing(*arguments: Any, **more: Any) -> Any:
        work.hand(arguments[place], sorted_=sorted_)
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
