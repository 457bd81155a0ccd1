"""Faults mended that a program knows how to mend: in the file, on its line, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from campaign.errors import ContentError
from campaign.storage.disk import replace_file

LINE_ENDS = re.compile(r"(\r\n|\n|\r)")
MOST_ROUNDS = 20  # one fault may stand behind another


def fix_all(find: Callable[[], Iterable[ContentError]]) -> Iterator[ContentError]:
    """Mend what `find` finds until nothing is left that a program can mend; yield what was mended."""
    for _ in range(MOST_ROUNDS):
        mended = fix(find())
        if not mended:
            return
        yield from mended


def fix(faults: Iterable[ContentError]) -> list[ContentError]:
    """Mend faults of one look, as far as a program can and once a line, and return what was mended."""
    mendable = sorted((fault for fault in faults if fault.fix), key=_path)
    return [fault for _, some in groupby(mendable, key=_path) for fault in _fixed(list(some))]


def _path(fault: ContentError) -> Path:
    return fault.path


def _fixed(faults: list[ContentError]) -> list[ContentError]:
    """Mend one file, once a line, and return what was mended; its line ends stay as they are."""
    path = faults[0].path
    lines = LINE_ENDS.split(path.read_bytes().decode("utf-8"))
    mended: dict[int, ContentError] = {}
    for fault in faults:
        fix = fault.fix
        place = 2 * (fix.line - 1) if fix else 0
        if fix and fix.line not in mended and place < len(lines) and fix.old in lines[place]:
            lines[place] = lines[place].replace(fix.old, fix.new, 1)
            mended[fix.line] = fault
    if mended:
        replace_file(path, "".join(lines).encode("utf-8"))  # content/ is watched
    return list(mended.values())
