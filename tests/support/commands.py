"""`build.py` and the receiver as processes of their own, forked from one that has read their modules.

Most of a start is that. What is measured of one, or read of how it began, wants to be started anew.
"""

from __future__ import annotations

import atexit
import marshal
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from campaign import ROOT
from tests.support import forking, typed

LONGEST = 120.0  # seconds


class Started:
    """A process that runs, as `subprocess.Popen` has it."""

    def __init__(self, told: socket.socket, arguments: list[str]) -> None:
        self.args, self._told = arguments, told
        self.returncode: int | None = None
        told.settimeout(LONGEST)
        self.pid = int(told.recv(16))

    def poll(self) -> int | None:
        """Return its status if it has ended."""
        try:
            return self.wait(timeout=0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return its status.

        Raises:
            subprocess.TimeoutExpired: it goes on.
        """
        if self.returncode is None:
            self._told.settimeout(timeout)
            try:
                self.returncode = int(self._told.recv(16) or -signal.SIGKILL)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
            self._told.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)


class Commands:
    """Starts processes of the program in `folder`; each sees its own arguments, environment and umask.

    `shell` is a folder for PATH: the `python` in it hands on what is typed.
    """

    def __init__(self, folder: Path = ROOT, python: str = sys.executable) -> None:
        self.folder = folder
        self.shell = Path(tempfile.mkdtemp(prefix="candle-python-"))
        self.shell.chmod(0o755)
        self._place = str(self.shell / "socket")
        (self.shell / "real").symlink_to(python)
        (self.shell / "project").symlink_to(folder.resolve())
        script = Path(typed.__file__).read_text(encoding="utf-8")
        (self.shell / "python").write_text(f"#!{os.path.realpath(python)} -IS\n{script}", encoding="utf-8")
        (self.shell / "python").chmod(0o755)
        self._alive, self._process = self._begun(python)

    def _begun(self, python: str) -> tuple[int, subprocess.Popen[bytes]]:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listening.bind(self._place)
        Path(self._place).chmod(0o666)  # who stands for it is whoever types
        listening.listen(100)
        its, ours = os.pipe()
        numbers = (listening.fileno(), its)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")}
        process = subprocess.Popen(
            [python, forking.__file__, *map(str, numbers)], cwd=self.folder, env=environ, pass_fds=numbers
        )
        listening.close()
        os.close(its)
        return ours, process

    def end(self) -> None:
        """Start nothing any more."""
        os.close(self._alive)
        self._process.wait(timeout=LONGEST)
        shutil.rmtree(self.shell)

    def run(
        self, *arguments: str, environ: Mapping[str, str], umask: int = 0o022
    ) -> subprocess.CompletedProcess[str]:
        """Run `build.py` with them in the project's folder, and return it when it has ended."""
        return self.run_python(forking.SCRIPT, *arguments, environ=environ, umask=umask)

    def run_python(
        self,
        *words: str,
        environ: Mapping[str, str],
        umask: int = 0o022,
        user: Sequence[Any] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run `python` with these words, and return it when it has ended."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            files = {"out": out.fileno(), "err": err.fileno()}
            started = self._started([*words], environ, umask, user, **files)
            status = started.wait(LONGEST)
            said = [_whole(file) for file in (out, err)]
        return subprocess.CompletedProcess([*words], status, *said)

    def start(
        self,
        *arguments: str,
        environ: Mapping[str, str],
        out: int,
        err: int,
        umask: int = 0o022,
        module: str = "",
        user: Sequence[Any] = (),
    ) -> Started:
        """Start `build.py` with them, or another module as the leader of a group of its own."""
        words = [*(("-m", module) if module else (forking.SCRIPT,)), *arguments]
        return self._started(words, environ, umask, user, out, err)

    def _started(
        self,
        words: list[str],
        environ: Mapping[str, str],
        umask: int,
        user: Sequence[Any],
        out: int,
        err: int,
    ) -> Started:
        letter = {"words": words, "folder": str(self.folder), "umask": umask, "user": [*user]}
        told = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        told.connect(self._place)
        with Path(os.devnull).open("rb") as nothing:
            files = [nothing.fileno(), out, err]
            socket.send_fds(told, [marshal.dumps(letter | {"environ": dict(environ)})], files)
        return Started(told, words)


def _whole(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


@cache
def starting() -> Commands:
    """Have the process that is forked, as long as this one lasts."""
    made = Commands()
    atexit.register(made.end)
    return made
