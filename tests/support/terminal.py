"""build.py at a terminal, as a person runs it: what it shows there, and how it answers a signal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from campaign import ROOT
from campaign.storage.database import Database
from tests.conftest import APPROVAL_KEY, SECRET_KEY


def environ(database: Database, build_dir: Path) -> dict[str, str]:
    """Give the settings of a test, and nothing of those of this machine."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")}
    return others | {
        "CANDLE_SECRET_KEY": SECRET_KEY,
        "CANDLE_APPROVAL_KEY": APPROVAL_KEY,
        "CANDLE_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "CANDLE_BUILD_DIR": str(build_dir),
    }


@dataclass
class Shown:
    """A running build.py whose stderr is a terminal, and what it has shown there so far."""

    process: subprocess.Popen[str]
    terminal: int
    text: str = ""

    def until(self, words: str) -> None:
        """Wait until it shows these words.

        Raises:
            AssertionError: it ended without.
        """
        while words not in self.text:
            assert self._more(), f"it ended and never showed {words!r}:\n{self.text}"

    def end(self) -> tuple[int, str]:
        """Wait for its end, and give its status and what it printed."""
        while self._more():
            pass
        printed, _ = self.process.communicate(timeout=60)
        return self.process.returncode, printed

    def _more(self) -> bool:
        try:
            got = os.read(self.terminal, 65536)
        except OSError:  # so Linux tells the end of a terminal
            return False
        self.text += got.decode(errors="replace")
        return bool(got)


@contextmanager
def build(*arguments: str, environ: Mapping[str, str]) -> Iterator[Shown]:
    """Start `build.py` with these arguments; it is killed when the block ends."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "build.py", *arguments],
        cwd=ROOT, env={**environ, "TERM": "xterm", "COLUMNS": "100"}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=its,
        # A shell lets what it starts in the background ignore Ctrl-C, and all that this starts in turn.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    os.close(its)
    try:
        yield Shown(process, ours)
    finally:
        process.kill()
        process.communicate()
        os.close(ours)
