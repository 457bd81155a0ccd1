"""What the bytes of a file of sheets depend on: this program, the libraries, Python and zlib."""

from __future__ import annotations

import hashlib
import platform
import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from campaign import ROOT

# What the bytes of a file depend on, besides these libraries, Python and zlib.
PROGRAM = (
    "campaign/cards",
    "campaign/press/drawing.py",
    "campaign/press/made_with.py",
    "campaign/press/picture.py",
    "campaign/press/rendering.py",
    "campaign/press/setup.py",
)
LIBRARIES = ("uharfbuzz", "icu4py", "pymupdf", "pillow", "resvg-py")


@cache
def program_digest(root: Path = ROOT) -> str:
    """Name exactly the part of this program that sets and draws: any change of it may move a letter."""
    files = [
        file
        for part in PROGRAM
        for file in ((root / part).rglob("*") if (root / part).is_dir() else [root / part])
        if file.suffix in (".py", ".to_unicode")
    ]
    digest = hashlib.sha256()
    for file in sorted(files):
        with file.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        digest.update(f"{file.relative_to(root)} {sha256}\n".encode())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Name all that decides the bytes: the libraries and this program, with their versions."""
    named = {name: version(name) for name in LIBRARIES} | {"candle": program_digest()}
    return named | {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
