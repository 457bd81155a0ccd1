"""`build.py` as a process of its own, forked from one that has read its modules: most of a start is that."""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from campaign import ROOT

SCRIPT = ROOT / "build.py"
LONGEST = 120.0  # seconds
LETTER = 200_000  # bytes: the arguments and the environment


class Commands:
    """Starts commands, one after the other; each sees its own arguments, environment, folder and umask."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked

    def run(
        self, *arguments: str, environ: Mapping[str, str], umask: int = 0o022
    ) -> subprocess.CompletedProcess[str]:
        """Run `build.py` with them in the project's folder, and return it when it has ended."""
        letter = json.dumps({"arguments": arguments, "environ": dict(environ), "umask": umask}).encode()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            socket.send_fds(self._asked, [letter], [out.fileno(), err.fileno()])
            status = int(self._asked.recv(16))
            said = [_whole(file) for file in (out, err)]
        return subprocess.CompletedProcess([str(SCRIPT), *arguments], status, *said)


def _whole(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


@contextmanager
def starting() -> Iterator[Commands]:
    """Have the process that is forked while the block runs."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with its:
            command = [sys.executable, "-m", "tests.support.commands", str(its.fileno())]
            process = subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()])
        ours.settimeout(LONGEST)
        yield Commands(ours)
    process.wait(timeout=LONGEST)


def serve(asked: socket.socket) -> None:
    """Fork a command for each letter, until nobody can write one any more."""
    for module in {*importlib.import_module("build").MODULES.values()}:
        importlib.import_module(f"commands.{module}")
    gc.freeze()
    while True:
        letter, files, _, _ = socket.recv_fds(asked, LETTER, 2)
        if not letter:
            return
        process = os.fork()
        if not process:
            asked.close()
            become(json.loads(letter), files)
            return
        for file in files:
            os.close(file)
        asked.send(str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])).encode())


def become(letter: dict[str, Any], files: list[int]) -> None:
    """Run the script as a process that a person starts would."""
    for number, file in zip((0, 1, 2), (os.open(os.devnull, os.O_RDONLY), *files), strict=True):
        os.dup2(file, number)
        os.close(file)
    os.umask(letter["umask"])
    os.environ.clear()
    os.environ.update(letter["environ"])
    sys.argv = [SCRIPT.name, *letter["arguments"]]
    runpy.run_path(str(SCRIPT), run_name="__main__")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as handed:
        serve(handed)
