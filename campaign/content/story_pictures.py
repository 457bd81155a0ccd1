"""The pictures that a text may show: found by the names that people see, published under plain ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from campaign.errors import ContentError

# The ending of what a text may show, in small letters, and the one that it is published with.
SUFFIXES = {".jpg": ".jpg", ".jpeg": ".jpg", ".png": ".png", ".webp": ".webp", ".svg": ".svg"}


@dataclass(frozen=True)
class StoryPictures:
    """The pictures beside an edition's texts: each file by the name that it is published under."""

    files: Mapping[str, Path] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)

    def published(self, written: str) -> str | None:
        """Return the published name of the picture that a text names, if it is there."""
        return self.seen.get(_seen_as(written)) or self.seen.get(_seen_as(unquote(written)))


def find(home: Path, faults: list[ContentError]) -> StoryPictures:
    """Find the pictures of a folder; two that people cannot tell apart by name go to `faults`."""
    files: dict[str, Path] = {}
    seen: dict[str, str] = {}
    for path in sorted(home.iterdir()):
        if path.suffix.lower() in SUFFIXES:
            name = published_name(path)
            if other := files.get(name) or files.get(seen.get(_seen_as(path.name), "")):
                fault = f"cannot be told from {other.name} by its name"
                faults.append(ContentError(path, 0, fault, "name one of them otherwise, in the text too"))
            files[name] = path
            seen[_seen_as(path.name)] = name
    return StoryPictures(files, seen)


def published_name(path: Path) -> str:
    """Name a picture on the page: its letters in one form, its ending that of what is written there."""
    return unicodedata.normalize("NFC", path.stem) + SUFFIXES[path.suffix.lower()]


def _seen_as(name: str) -> str:
    """Fold what people do not see of a name: how its letters are put together, and capital letters."""
    return unicodedata.normalize("NFC", name.removeprefix("./")).casefold()
