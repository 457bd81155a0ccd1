"""What the bytes of a file of sheets depend on: this program, the libraries, Python and zlib."""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from functools import cache
from pathlib import Path

from campaign import ROOT

# What the bytes of a file depend on, besides these libraries, Python and zlib.
PROGRAM = (
    "campaign/cards",
    "campaign/press/made_with.py",
    "campaign/press/picture_cache.py",
    "campaign/press/rendering.py",
    "campaign/press/stacks.py",
    "campaign/press/ticket.py",
)
LIBRARIES = ("uharfbuzz", "icu4py", "pymupdf", "pillow", "resvg-py")


@cache
def program_digest(root: Path = ROOT) -> str:
    """Name exactly the part of this program that sets and draws: any change of it may move a letter."""
    digest = hashlib.sha256()
    for parts in sorted(file.split("/") for part in PROGRAM for file in _files(root, part)):
        file = "/".join(parts)
        with open(f"{root}/{file}", "rb") as opened:  # noqa: PTH123 # of many files, and a third of the time
            sha256 = hashlib.sha256(opened.read()).hexdigest()
        digest.update(f"{file} {sha256}\n".encode())
    return digest.hexdigest()


def _files(root: Path, part: str) -> list[str]:
    """List the files of a part of the program that decide the bytes, by their paths from `root`."""
    if part.endswith(".py"):
        return [part]
    return [
        f"{folder}/{name}".removeprefix(f"{root}/")
        for folder, _, names in os.walk(root / part)
        for name in names
        if name.endswith((".py", ".to_unicode"))
    ]


@cache
def version(name: str) -> str:
    """Read a library's version where its installer wrote it.

    `importlib.metadata` finds the same, but to load it takes ten times as long as all of this.
    """
    files = [file for folder in _installed().get(name, []) if (file := folder / "METADATA").is_file()]
    if len(files) == 1:
        for line in files[0].read_text(encoding="utf-8").splitlines():
            if line.startswith("Version:"):
                return line.partition(":")[2].strip()
    from importlib.metadata import version as known  # late: see above; it knows other installers too

    return known(name)


@cache
def _installed() -> dict[str, list[Path]]:
    """Give by a library's name the folders that tell of it, in the first place that holds any.

    One that may not be read holds none, as for Python itself.
    """
    found: dict[str, list[Path]] = {}
    for place in filter(os.path.isdir, sys.path):
        here: dict[str, list[Path]] = {}
        for folder in Path(place).glob("*.dist-info"):
            name = folder.name.partition("-")[0].lower().replace("_", "-")
            here.setdefault(name, []).append(folder)
        found = here | found
    return found


def versions() -> dict[str, str]:
    """Name all that decides the bytes: the libraries and this program, with their versions."""
    named = {name: version(name) for name in LIBRARIES} | {"candle": program_digest()}
    # What `platform.python_version` gives; to load that takes as long as fifty words to shape.
    return named | {"python": sys.version.split()[0], "zlib": zlib.ZLIB_RUNTIME_VERSION}
