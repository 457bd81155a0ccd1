"""Which revision of the source this folder holds, as git names it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from campaign import ROOT

PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Checkout:
    """A git commit, "" where there is none, and whether anything in the folder differs from it."""

    revision: str
    changed: bool


def checkout(root: Path = ROOT) -> Checkout:
    """Ask git; a folder that is no checkout of its own, as one from an archive, has no revision."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != root.resolve():
        return Checkout("", changed=False)
    return Checkout(_git(root, "rev-parse", "HEAD"), changed=bool(_git(root, "status", "--porcelain")))


def _git(root: Path, *words: str) -> str:
    """Return what git prints, or nothing where it refuses or is not there."""
    command = ["git", "--no-optional-locks", "-C", str(root), *words]
    try:
        done = subprocess.run(  # noqa: S603 # no word of it comes from outside
            command, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
