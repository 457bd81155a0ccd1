"""Faults mended that a program knows how to mend: in the file, on its line, and nowhere else.

A file's name is mended, too, and a photograph that says where it was taken is written without that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from campaign.errors import ContentError, Fix
from campaign.storage.disk import replace_file

LINE_ENDS = re.compile(r"(\r\n|\n|\r)")
ADDRESS = re.compile(r"\]\([^)\n]*|<[^>\n]*|://\S*")
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
    by_path = attrgetter("path")
    mendable = sorted((fault for fault in faults if fault.fix), key=by_path)
    return [fault for path, some in groupby(mendable, key=by_path) for fault in _fixed(path, some)]


def _fixed(path: Path, faults: Iterable[ContentError]) -> list[ContentError]:
    """Mend one file, once a line, and return what was mended; its line ends stay as they are."""
    fixes = [(fault, fault.fix) for fault in faults if fault.fix]
    whole = [(fault, fix) for fault, fix in fixes if not fix.line]
    if whole:
        return [fault for fault, fix in whole if (_bare(path) if fix.bare else _rename(path, fix))][:1]
    lines = LINE_ENDS.split(path.read_bytes().decode("utf-8"))
    mended: list[ContentError] = []
    touched: set[int] = set()
    for fault, fix in fixes:
        if touched.isdisjoint(_lines(fix)) and _put(fix, lines):
            touched.update(_lines(fix))
            mended.append(fault)
    if mended:
        replace_file(path, "".join(lines).encode("utf-8"))  # content/ is watched
    return mended


def _rename(path: Path, fix: Fix) -> bool:
    """Give a file the name that was meant, unless another one has it; tell whether it was done."""
    new = path.with_name(fix.new)
    if not path.is_file() or (new.exists() and not new.samefile(path)):
        return False
    path.rename(new)
    return True


def _bare(path: Path) -> bool:
    """Write a picture anew without what its camera noted; tell whether it was."""
    from campaign.cards.illustration import fault, photo_metadata  # late: few mend a picture

    try:
        replace_file(path, photo_metadata.bare(path.read_bytes()))
    except fault.PictureFault:  # which is told as a fault of its own
        return False
    return True


def _lines(fix: Fix) -> range:
    return range(fix.line, fix.line + fix.old.count("\n") + 1)


def _in_address(old: str, stretch: str) -> bool:
    """Tell whether what is to be mended stands there twice, also in an address: which one is meant?"""
    return stretch.count(old) > 1 and any(old in found[0] for found in ADDRESS.finditer(stretch))


def _put(fix: Fix, lines: list[str]) -> bool:
    """Mend a file's lines, each with its end behind it; tell whether the fault was there."""
    start, end = 2 * (fix.line - 1), 2 * (fix.line + fix.old.count("\n")) - 1
    newline = next(iter(lines[1:2]), "\n")
    stretch, old = "".join(lines[start:end]), fix.old.replace("\n", newline)
    if old not in stretch:  # letters and their marks may stand apart in the file
        stretch = unicodedata.normalize("NFC", stretch)
    if end > len(lines) or old not in stretch or _in_address(old, stretch):
        return False
    lines[start] = stretch.replace(old, fix.new.replace("\n", newline), 1)
    lines[start + 1 : end] = [""] * (end - start - 1)  # the others keep their places
    return True
