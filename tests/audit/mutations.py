"""Seeded defects: each of `mutations.toml` is put into a copy of the program for the audit to notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from campaign import ROOT
from tests.audit.stage import RIGHT_TO_LEFT

LIST = Path(__file__).with_name("mutations.toml")
COPIED = ("build.py", "campaign", "commands", "content", "receiver", "site", "tests", "pyproject.toml")
LONGEST = 900  # seconds for one of them


@dataclass(frozen=True)
class Mutation:
    """One line of `mutations.toml`."""

    defect: str
    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Verdict:
    """What the audit said first of a mutation; "" when it noticed nothing."""

    mutation: Mutation
    noticed: str


def listed() -> tuple[Mutation, ...]:
    """Read the list."""
    return tuple(Mutation(**line) for line in tomllib.loads(LIST.read_text(encoding="utf-8"))["mutations"])


def mutated(text: str, mutation: Mutation) -> str:
    """Return a file's text with the defect in it.

    Raises:
        ValueError: what it replaces does not stand there once.
    """
    if text.count(mutation.old) != 1:
        raise ValueError(
            f"{LIST.name}: {mutation.old!r} stands {text.count(mutation.old)} times in {mutation.file}"
        )
    return text.replace(mutation.old, mutation.new)


def verdicts(pictures: Path | None = None) -> Iterator[Verdict]:
    """Try them all, one after the other, against the audit's first finding."""
    with tempfile.TemporaryDirectory(prefix="audit-mutations-") as folder:
        copy = Path(folder) / "program"
        for name in COPIED:
            source = ROOT / name
            copied = shutil.copytree if source.is_dir() else shutil.copy
            copy.mkdir(exist_ok=True)
            copied(source, copy / name)
        for mutation in listed():
            file = copy / mutation.file
            whole = file.read_text(encoding="utf-8")
            file.write_text(mutated(whole, mutation), encoding="utf-8")
            yield Verdict(mutation, _first_fault(copy, pictures or Path(folder) / "pictures"))
            file.write_text(whole, encoding="utf-8")


def _first_fault(copy: Path, pictures: Path) -> str:
    command = [sys.executable, "-m", "tests.audit", "everybody", "--first", "--language", RIGHT_TO_LEFT]
    done = subprocess.run(
        [*command, "--pictures", str(pictures)], cwd=copy, capture_output=True, text=True, timeout=LONGEST
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    if done.returncode == 0:
        return ""
    return lines[0].strip() if lines else f"the audit broke: {done.stderr.strip()[-300:]}"
