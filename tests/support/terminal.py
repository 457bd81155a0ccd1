"""build.py at a terminal, as a person runs it: what it shows there, and how it answers a signal."""

from __future__ import annotations

import codecs
import os
import pty
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from campaign.storage.database import Database
from tests.conftest import APPROVAL_KEY, SECRET_KEY
from tests.support.commands import Started, starting


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

    process: Started
    terminal: int
    out: IO[bytes]
    text: str = ""
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

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
        status = self.process.wait(timeout=60)
        self.out.seek(0)
        return status, self.out.read().decode()

    def _more(self) -> bool:
        try:
            got = os.read(self.terminal, 65536)
        except OSError:  # so Linux tells the end of a terminal
            return False
        self.text += self._decoder.decode(got)  # a read may end within a letter
        return bool(got)


@contextmanager
def build(*arguments: str, environ: Mapping[str, str]) -> Iterator[Shown]:
    """Start `build.py` with these arguments; it is killed when the block ends."""
    ours, its = pty.openpty()
    environ = {**environ, "TERM": "xterm", "COLUMNS": "100"}
    with tempfile.TemporaryFile() as out:
        process = starting().start(*arguments, environ=environ, out=out.fileno(), err=its)
        os.close(its)
        try:
            yield Shown(process, ours, out)
        finally:
            process.kill()
            process.wait()
            os.close(ours)
