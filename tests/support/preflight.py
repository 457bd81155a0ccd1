"""PDFBox Preflight: a foreign judge of PDF/A-1b."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

JARS = Path("/usr/share/java")
NEEDED = (
    *("preflight", "xmpbox", "pdfbox2", "fontbox2"),
    *("commons-logging", "commons-io", "javax.activation", "jaxb-api"),
)


def faults(path: Path) -> str:
    """Give what Preflight finds wrong in a file, "" for a valid one; without it, skip unless CI is set."""
    jars = [JARS / f"{name}.jar" for name in NEEDED]
    if not shutil.which("java") or not all(jar.exists() for jar in jars):
        assert not os.environ.get("CI"), "no PDFBox Preflight: run `make tools`"
        pytest.skip("no PDFBox Preflight: `make tools` installs it")
    command = [
        "java",
        "-cp",
        ":".join(map(str, jars)),
        "org.apache.pdfbox.preflight.Validator_A1b",
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    return "" if said.endswith("is a valid PDF/A-1b file") else said
