"""Slips of editors: each made alone in a campaign of nobody's, and what is said about it."""

from __future__ import annotations

import datetime
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from campaign import ROOT
from campaign.content import checks
from campaign.errors import ContentError
from campaign.language import po_files

SLIPS = ROOT / "tests" / "content" / "slips"
TODAY = datetime.date(2026, 11, 29)
RENAMED = "→"


@dataclass(frozen=True)
class Slip:
    """What was changed, and where the fault belongs; line 0 is the file as a whole."""

    kind: str
    file: str
    before: str
    after: str
    at: str | None = None
    elsewhere: str = ""

    def make(self, folder: Path) -> tuple[Path, int]:
        """Make the slip in a campaign's folder, and return file and line of the fault to expect."""
        path = folder / self.file
        if RENAMED in (self.before, self.after):
            return path.rename(folder / self.after.replace(RENAMED, "")), 0
        if not self.before and not self.after:
            path.unlink()
            return self._place(folder / self.elsewhere) if self.elsewhere else (path, 0)
        return self._edit(path, folder)

    def _edit(self, path: Path, folder: Path) -> tuple[Path, int]:
        old = path.read_text(encoding="utf-8") if self.before else ""
        assert old.count(self.before) >= 1, self
        new = old.replace(self.before, self.after, 1)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(new.encode())
        if not self.before or self.at == "":
            return path, 0
        place = folder / self.elsewhere if self.elsewhere else path
        return self._place(place, _first_difference(old, new))

    def _place(self, path: Path, changed: int = 0) -> tuple[Path, int]:
        text = path.read_text(encoding="utf-8")
        return path, text.count("\n", 0, text.index(self.at) if self.at else changed) + 1


def _first_difference(old: str, new: str) -> int:
    pairs = zip(old, new, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def seeded() -> Iterator[Slip]:
    """Return every slip that slips.toml holds."""
    for kind, table in tomllib.loads((SLIPS / "slips.toml").read_text(encoding="utf-8")).items():
        for row in table["slips"]:
            before, after = (RENAMED, row[2]) if row[1] == RENAMED else row[1:3]
            yield Slip(kind, row[0], before, after, *row[3:])


def sound_campaign(content: Path) -> Path:
    """Write the campaign without a slip, and return its folder."""
    folder = Path(shutil.copytree(SLIPS / "lena", content / "lena"))
    for language in ("en", "de"):
        Image.new("RGB", (40, 30), "#a58").save(folder / language / "reading-room.png")
    return folder


def found(content: Path) -> list[ContentError]:
    """Return every fault and every warning about a folder of campaigns."""
    return list(checks.findings(content, po_files.FOLDER, today=TODAY))


def handled(slip: Slip, content: Path) -> tuple[bool, str]:
    """Tell whether a slip gives one fault or warning in its right place, and what was said instead."""
    place, line = slip.make(sound_campaign(content))
    said = found(content)
    right = [(fault.path, fault.line) for fault in said] == [(place, line)]
    told = "\n    ".join(str(fault).replace(f"{content}/", "") for fault in said) or "nothing"
    return right, f"{place.relative_to(content)}:{line} {slip.after[:60]!r}\n    {told}"
