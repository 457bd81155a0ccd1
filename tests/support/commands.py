"""`build.py` and the receiver as processes of their own, forked from one that has read their modules.

Most of a start is that. What is measured of one, or read of how it began, wants to be started anew.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any, NoReturn

from campaign import ROOT

SCRIPT = "build.py"
LONGEST = 120.0  # seconds
LETTER = 200_000  # bytes: the arguments and the environment
READ = ("receiver.app", "receiver.process.server", "receiver.process.starting", "receiver.process.workers")


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
    """Starts processes; each sees its own arguments, environment, folder and umask."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked

    def run(
        self, *arguments: str, environ: Mapping[str, str], umask: int = 0o022
    ) -> subprocess.CompletedProcess[str]:
        """Run `build.py` with them in the project's folder, and return it when it has ended."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            started = self.start(*arguments, environ=environ, umask=umask, out=out.fileno(), err=err.fileno())
            status = started.wait(LONGEST)
            said = [_whole(file) for file in (out, err)]
        return subprocess.CompletedProcess([SCRIPT, *arguments], status, *said)

    def start(
        self,
        *arguments: str,
        environ: Mapping[str, str],
        out: int,
        err: int,
        umask: int = 0o022,
        module: str = "",
    ) -> Started:
        """Start `build.py` with them, or another module as the leader of a group of its own."""
        letter = {"arguments": arguments, "environ": dict(environ), "umask": umask, "module": module}
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            socket.send_fds(self._asked, [json.dumps(letter).encode()], [out, err, its.fileno()])
        except OSError:
            ours.close()
            raise
        finally:
            its.close()
        return Started(ours, [module or SCRIPT, *arguments])


def _whole(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


@cache
def starting() -> Commands:
    """Have the process that is forked, as long as this one lasts."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        command = [sys.executable, "-m", "tests.support.commands", str(its.fileno())]
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()])

    def end() -> None:
        ours.close()
        process.wait(timeout=LONGEST)

    atexit.register(end)
    return Commands(ours)


def serve(asked: socket.socket) -> None:
    """Fork a process for each letter, until nobody can write one any more."""
    for module in {*importlib.import_module("build").MODULES.values()}:
        importlib.import_module(f"commands.{module}")
    for module in READ:
        importlib.import_module(module)
    _warm_up()
    gc.freeze()
    while True:
        letter, files, _, _ = socket.recv_fds(asked, LETTER, 3)
        _let_go_of_the_ended()
        if not letter:
            return
        if not os.fork():
            asked.close()
            *said, told = files
            if process := os.fork():
                _tell_of(process, said, told)
            os.close(told)
            become(json.loads(letter), said)
            return
        for file in files:
            os.close(file)


def _warm_up() -> None:
    """Do once what each would do first: what is compiled and looked up for it, all of them share."""
    from campaign.content.campaign import load_all
    from campaign.storage import database

    with tempfile.TemporaryDirectory() as folder:
        opened = database.connect(f"sqlite:///{folder}/candle.sqlite")
        database.migrate(opened)
        opened.close()
    load_all(ROOT / "content")


def _let_go_of_the_ended() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _tell_of(process: int, said: list[int], told: int) -> NoReturn:
    """Say which process it is, and how it ended once it has."""
    try:
        for file in said:
            os.close(file)
        os.write(told, str(process).encode())
        os.write(told, str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])).encode())
    finally:
        os._exit(0)  # also where nobody listens any more


def become(letter: dict[str, Any], files: list[int]) -> None:
    """Run the program as a process that a person or a service starts would."""
    for number, file in zip((0, 1, 2), (os.open(os.devnull, os.O_RDONLY), *files), strict=True):
        os.dup2(file, number)
        os.close(file)
    os.umask(letter["umask"])
    os.environ.clear()
    os.environ.update(letter["environ"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if letter["module"]:
        os.setsid()
        sys.argv = [letter["module"], *letter["arguments"]]
        runpy.run_module(letter["module"], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [SCRIPT, *letter["arguments"]]
        runpy.run_path(str(ROOT / SCRIPT), run_name="__main__")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as handed:
        serve(handed)
