"""PDF files read back by foreign programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def _tool(name: str, *arguments: str | Path) -> str:
    if not shutil.which(name):
        pytest.skip(f"no {name}: `make tools` installs it")
    done = subprocess.run([name, *map(str, arguments)], check=True, capture_output=True, text=True)
    return done.stdout


def text_of(path: Path, page: int | None = None) -> str:
    """The text as poppler reads it, without white space."""
    pages = ["-f", str(page), "-l", str(page)] if page else []
    return "".join(_tool("pdftotext", *pages, path, "-").split())
