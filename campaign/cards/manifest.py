"""manifest.csv: what lies where in a batch, and what set it. No surname, no e-mail, no words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

DIGITS = 16  # of a font's SHA-256: enough to tell two versions apart, and readable in a table


@dataclass(frozen=True)
class Entry:
    """One line: a message's place. `versions` and `fonts` repeat, so that each line stands for itself."""

    card: int
    sheet: int
    position: int
    message: str
    text_sha256: str
    versions: str
    fonts: str


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write the manifest as plain CSV (RFC 4180) with one header line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in fields(Entry))
        writer.writerows(map(astuple, entries))


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
