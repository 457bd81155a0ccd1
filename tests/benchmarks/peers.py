"""What others use instead of Candle, each with a virtual environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ROOT / "_build/benchmarks"


def installed(name: str, requirements: Path) -> bool:
    """Tell whether an environment holds what its requirements ask for."""
    kept = ENVIRONMENTS / name / requirements.name
    return kept.is_file() and kept.read_bytes() == requirements.read_bytes()


def python(name: str, requirements: Path) -> Path:
    """Give the Python of an environment; it is made where it is missing or its requirements changed.

    Raises:
        subprocess.CalledProcessError: the packages cannot be installed.
    """
    folder = ENVIRONMENTS / name
    found = folder / "bin/python"
    if not installed(name, requirements):
        print(f"installing {name} into {folder.relative_to(ROOT)}", file=sys.stderr)  # noqa: T201
        venv.create(folder, clear=True, with_pip=True)
        pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([found, *pip, "--requirement", requirements], check=True)
        shutil.copy(requirements, folder)  # last: what is half installed is made again
    return found
