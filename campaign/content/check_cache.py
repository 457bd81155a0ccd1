"""What `build.py check` found of content without a fault, good until anything that it depends on changes."""

from __future__ import annotations

import hashlib
import json
import os
import site
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from campaign import ROOT
from campaign.errors import ContentError
from campaign.storage.disk import private_folder, replace_file

NAME = "check.json"
PROGRAM = (
    "build.py",
    "campaign",
    "commands",
    "receiver",
    "site",
)  # what is checked with, and what shows words
MOST_PATHS = 20_000
LONGEST = 64 * 1024 * 1024  # bytes of one file


class NotCacheable(Exception):
    """Content of which nothing is kept: it holds links, or more than can be read in a moment."""


@dataclass(frozen=True)
class Sound:
    """Content that can be published: what should be looked at before, and what is printed by another road."""

    warnings: tuple[ContentError, ...]
    notes: tuple[str, ...]


def digest(content_dir: Path, now: datetime | None = None) -> str | None:
    """Name everything that a check depends on; None where that cannot be done.

    That is the content to the byte, the program by its files' times, the installed parts by their versions,
    and the days that it is anywhere on Earth.
    """
    seen = hashlib.sha256()
    try:
        for fact in (*_surroundings(now or datetime.now(UTC)), *_content(content_dir)):
            seen.update(f"{len(fact)} {fact}".encode("utf-8", "surrogateescape"))
    except (NotCacheable, OSError):
        return None
    return seen.hexdigest()


def remembered(build_dir: Path, key: str | None) -> Sound | None:
    """Return what was found of the same content before, None where that is not known."""
    try:
        kept = json.loads((build_dir / NAME).read_bytes())
        if key is None or kept["digest"] != key:
            return None
        warnings = tuple(
            ContentError(Path(path), line, fault, remedy, level="warning")
            for path, line, fault, remedy in kept["warnings"]
        )
        return Sound(warnings, tuple(kept["notes"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None  # none yet, or no whole one: it is found anew


def remember(build_dir: Path, key: str | None, sound: Sound) -> None:
    """Keep what was found; whoever cannot write there does without."""
    if key is None:
        return
    warnings = [(str(one.path), one.line, one.fault, one.remedy) for one in sound.warnings]
    kept = {"digest": key, "warnings": warnings, "notes": sound.notes}
    with suppress(OSError):
        private_folder(build_dir)
        replace_file(build_dir / NAME, json.dumps(kept).encode())


def _surroundings(now: datetime) -> Iterator[str]:
    """Give the days, the interpreter, the installed parts and the program."""
    yield from (str(now.date()), str((now + timedelta(hours=14)).date()), sys.version, str(ROOT))
    for folder in site.getsitepackages():
        yield " ".join(sorted(one.name for one in os.scandir(folder) if one.name.endswith("-info")))
    for top in PROGRAM:
        for path, status in _files(ROOT / top):
            yield f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _content(content_dir: Path) -> Iterator[str]:
    """Give each file's name and the digest of its bytes."""
    for path, status in _files(content_dir):
        if status.st_size > LONGEST:
            raise NotCacheable
        yield f"{path} {hashlib.sha256(Path(path).read_bytes()).hexdigest()}"


def _files(top: Path) -> list[tuple[str, os.stat_result]]:
    """List the files below a folder in order, without what Python writes there itself."""
    found, waiting = [], [str(top)]
    while waiting:
        path = waiting.pop()
        status = os.lstat(path)
        if S_ISDIR(status.st_mode):
            waiting.extend(one.path for one in os.scandir(path) if one.name != "__pycache__")
        elif S_ISREG(status.st_mode):
            found.append((path, status))
        else:
            raise NotCacheable
        if len(found) + len(waiting) > MOST_PATHS:
            raise NotCacheable
    return sorted(found)
