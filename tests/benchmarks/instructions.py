"""A process measured in instructions, which do not depend on what else the machine does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.peers import ROOT
from tests.benchmarks.process import COMPILED

COLLECTED = re.compile(r"Collected : (\d+)")
MILLION = 1_000_000


class NotInstalled(Exception):
    """What counts them is not there."""


def instructions(command: Sequence[str | Path], **environment: str) -> int:
    """Count what a command and the threads in it execute, from the repository's root to its end.

    Raises:
        NotInstalled: there is no valgrind.
        subprocess.CalledProcessError: the command failed.
    """
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise NotInstalled("valgrind is missing: apt-get install valgrind")
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        counting = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log.name}"]
        subprocess.run(
            [*counting, *command],
            cwd=ROOT,
            env=os.environ | COMPILED | {"PYTHONHASHSEED": "0"} | environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        found = COLLECTED.search(Path(log.name).read_text(encoding="utf-8"))
    assert found
    return int(found[1])
