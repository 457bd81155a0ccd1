"""Files that nothing uses: put into the wrong folder, or not called what they were meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from campaign.content import news
from campaign.content.editors_file import nearest
from campaign.errors import ContentError, Fix

# What Windows and word processors lay beside a text unasked.
UNASKED = re.compile(r"\..*|~\$.*|.*~|thumbs\.db|desktop\.ini", re.IGNORECASE)
UNUSED = "nothing uses this file"


def left_over(folder: Path, known: Iterable[str], optional: Iterable[str] = ()) -> Iterator[ContentError]:
    """Find each file of a folder that is none of those known; `optional` are names that may be missing."""
    for path in sorted(folder.iterdir()):
        if path.name in known or UNASKED.fullmatch(path.name) or _is_licence(path, known):
            continue
        if meant := _misnamed(path, optional):
            fix = Fix(0, path.name, meant) if path.name.lower() == meant and path.is_file() else None
            yield ContentError(path, 0, f"is not {meant}", f"name it {meant}, if that is what it is", fix=fix)
        else:
            remedy = news.misplaced(path) or "take it away; a picture is used once a text shows it"
            yield ContentError(path, 0, UNUSED, remedy)


def _misnamed(path: Path, optional: Iterable[str]) -> str | None:
    """Return the name of a file that may be missing, and for which this one was meant."""
    kind = "" if path.is_dir() else ".md"
    if path.suffix.lower() not in {kind, ".txt", ".docx", ".markdown"}:
        return None
    lacking = [name for name in optional if not (path.parent / name).exists() and name.endswith(kind)]
    near = nearest(path.stem, [Path(name).stem for name in lacking if Path(name).suffix == kind], alike=0.7)
    return f"{near}{kind}" if near else None


def _is_licence(path: Path, known: Iterable[str]) -> bool:
    """Tell whether a file says under which terms the one beside it may be used."""
    return path.suffix == ".license" and path.stem in known
