"""PDF files read back by foreign programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def tool(name: str, *arguments: str | Path) -> str:
    """Run a system tool and give what it prints; skip the test where it is missing."""
    if not shutil.which(name):
        pytest.skip(f"no {name}: `make tools` installs it")
    done = subprocess.run([name, *map(str, arguments)], check=True, capture_output=True, text=True)
    return done.stdout


def text_of(path: Path, page: int | None = None) -> str:
    """The text as poppler reads it, without white space."""
    pages = ["-f", str(page), "-l", str(page)] if page else []
    return "".join(tool("pdftotext", *pages, path, "-").split())


def rows_of(path: Path) -> list[str]:
    """The lines of the first page as a person reads them, columns one space apart."""
    laid_out = tool("pdftotext", "-layout", "-l", "1", path, "-")
    return [" ".join(row.split()) for row in laid_out.splitlines() if row.strip()]


def check(path: Path) -> None:
    """Fail where qpdf finds a fault."""
    tool("qpdf", "--check", path)


def fonts_of(path: Path) -> list[list[str]]:
    """The fonts as poppler lists them: name, type, encoding, embedded, subset, with a map to Unicode."""
    rows = tool("pdffonts", path).splitlines()[2:]
    return [[row[:36].strip(), *row[36:].rsplit(maxsplit=5)[1:4]] for row in rows]


def ink_of(path: Path) -> list[tuple[float, float, float, float]]:
    """The shares of cyan, magenta, yellow and black on each page, as Ghostscript sees them."""
    rows = tool("gs", "-q", "-o", "-", "-sDEVICE=inkcov", path).splitlines()
    return [tuple(map(float, row.split()[:4])) for row in rows if row.split()[4:5] == ["CMYK"]]  # type: ignore[misc]
