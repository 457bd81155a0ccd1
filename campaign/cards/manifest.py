"""manifest.csv: what lies where in a batch, and what set it. No surname, no e-mail, no words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

DIGITS = 16  # of a font's SHA-256: enough to tell two versions apart, and readable in a table


class Entry(NamedTuple):
    """One line: a message's place. `versions` and `fonts` repeat, so that each line stands for itself."""

    card: int
    sheet: int
    position: int
    message: str
    text_sha256: str
    versions: str
    fonts: str


def start(path: Path) -> None:
    """Begin a manifest: plain CSV (RFC 4180) with one header line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(Entry._fields)


def add(path: Path, entries: Iterable[Entry]) -> None:
    """Add lines to a manifest."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(entries)


def read(path: Path) -> list[Entry]:
    """Read a manifest back."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Entry(
                int(row["card"]),
                int(row["sheet"]),
                int(row["position"]),
                row["message"],
                row["text_sha256"],
                row["versions"],
                row["fonts"],
            )
            for row in csv.DictReader(file)
        ]


def listed(versions: Mapping[str, str]) -> str:
    """Write names and versions, or font files and hashes, in one cell: `a 1; b 2`."""
    return "; ".join(f"{name} {version[:DIGITS]}" for name, version in sorted(versions.items()))
