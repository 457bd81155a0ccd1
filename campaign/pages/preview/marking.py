"""A fault as an editor sees it: the line it stands on, with the place marked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from campaign.content.editors_file import LONGEST
from campaign.content.fixing import LINE_ENDS
from campaign.content.unused import UNUSED
from campaign.errors import ContentError, Fix

MOST_SHOWN = 200  # letters of a line, around the place
QUOTED = re.compile(r'"([^"]+)"|(\{\{.*?\}\})|\'([^\']+)\'|`([^`]+)`')


@dataclass(frozen=True)
class Marked:
    """One fault or warning; `before`, `place` and `after` are its line, `becomes` is the line once fixed.
    `unused` is a file that nothing shows.

    `id` names it for as long as it is told; `file` is where it can be edited here, or "" elsewhere.
    """

    id: str
    path: str
    file: str
    line: int
    level: str
    fault: str
    remedy: str
    before: str
    place: str
    after: str
    becomes: str | None
    unused: bool = False


def mark(found: Iterable[ContentError], content_dir: Path) -> tuple[Marked, ...]:
    """Mark each of the faults and warnings."""
    return tuple(_marked(one, content_dir) for one in found)


def name(one: ContentError) -> str:
    """Name a fault by all that it says."""
    return hashlib.sha256(f"{one.path}\0{one}\0{one.fix}".encode(errors="surrogatepass")).hexdigest()[:16]


def _marked(one: ContentError, content_dir: Path) -> Marked:
    line = _line(one.path, one.line)
    start, end = _place(one, line)
    inside = one.path.is_relative_to(content_dir)
    fix = one.fix
    return Marked(
        id=name(one),
        path=one.shown_path,
        file=one.path.relative_to(content_dir).as_posix() if inside else "",
        line=one.line,
        level=one.level,
        fault=one.fault,
        remedy=one.remedy,
        before=_end_of(line[:start]),
        place=_beginning_of(line[start:end]),
        after=_beginning_of(line[end:]),
        becomes=_becomes(one.path, fix) if fix else None,
        unused=one.fault == UNUSED,
    )


def _becomes(path: Path, fix: Fix) -> str:
    if fix.bare:
        return "the same picture, without place and camera"
    return fix.new if "\n" in fix.old or not fix.line else _line(path, fix.line).replace(fix.old, fix.new, 1)


def _end_of(text: str) -> str:
    return f"…{text[-MOST_SHOWN:]}" if len(text) > MOST_SHOWN else text


def _beginning_of(text: str) -> str:
    return f"{text[:MOST_SHOWN]}…" if len(text) > MOST_SHOWN else text


def _line(path: Path, number: int) -> str:
    """Read one line of a file; "" where there is none, or where all of it is meant: that may be a pipe."""
    if not number:
        return ""
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
    lines = LINE_ENDS.split(text)[::2]
    return lines[number - 1] if number <= len(lines) else ""


def _place(one: ContentError, line: str) -> tuple[int, int]:
    """Find what the fault is about: what its fix replaces of the line, what its words quote, or all of it."""
    if one.fix and one.fix.line == one.line and one.fix.old in line and one.fix.old != line:
        start = line.index(one.fix.old)
        return start, start + len(one.fix.old)
    for quoted in _quoted(one.fault):
        if quoted in line:
            return line.index(quoted), line.index(quoted) + len(quoted)
    bare = line.strip()
    start = line.index(bare) if bare else 0
    return start, start + len(bare)


def _quoted(words: str) -> Iterator[str]:
    for found in QUOTED.finditer(words):
        yield next(part for part in found.groups() if part)
    _, named, behind = words.rpartition(": ")
    if named:
        yield behind
