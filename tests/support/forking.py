"""What `commands.py` starts in the folder of an installation: it reads the modules there, and is forked.

It stands alone, because an installation may hold an older version of everything else.
"""

from __future__ import annotations

import gc
import importlib
import marshal
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

SCRIPT = "build.py"
LETTER = 200_000  # bytes: the arguments and the environment
READ = ("receiver.app", "receiver.process.server", "receiver.process.starting", "receiver.process.workers")


def serve(listening: socket.socket, alive: int) -> None:
    """Fork a process for each letter, until nobody holds the other end of `alive` any more."""
    read_modules()
    gc.freeze()
    while True:
        ready, _, _ = select.select([listening, alive], [], [])
        _let_go_of_the_ended()
        if alive in ready:
            return
        told, _ = listening.accept()
        letter, files, _, _ = socket.recv_fds(told, LETTER, 3)
        if letter and not os.fork():
            listening.close()
            os.close(alive)
            if process := os.fork():
                _tell_of(process, files, told)
            told.close()
            become(marshal.loads(letter), files)
            return
        for file in files:
            os.close(file)
        told.close()


def read_modules() -> None:
    """Read what each process would read first, as far as this version has it."""
    for module in pkgutil.iter_modules(importlib.import_module("commands").__path__):
        importlib.import_module(f"commands.{module.name}")
    with suppress(ImportError):
        for module in READ:
            importlib.import_module(module)
    with suppress(ImportError):
        _warm_up()


def _warm_up() -> None:
    """Do once what each would do first: what is compiled and looked up for it, all of them share."""
    from campaign.content.campaign import load_all
    from campaign.storage import database

    with tempfile.TemporaryDirectory() as folder:
        opened = database.connect(f"sqlite:///{folder}/candle.sqlite")
        database.migrate(opened)
        opened.close()
    load_all(Path("content").resolve())


def _let_go_of_the_ended() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _tell_of(process: int, files: list[int], told: socket.socket) -> NoReturn:
    """Say which process it is, and how it ended once it has."""
    try:
        for file in files:
            os.close(file)
        told.send(str(process).encode())
        told.send(str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])).encode())
    finally:
        os._exit(0)  # also where nobody listens any more


def become(letter: dict[str, Any], files: list[int]) -> None:
    """Run the program as a process that a person or a service starts would."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    if letter["user"]:
        _become_somebody(*letter["user"])
    os.umask(letter["umask"])
    os.chdir(letter["folder"])
    os.environ.clear()
    os.environ.update(letter["environ"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = list(letter["words"])
    match sys.argv:
        case ["-c", code, *_]:
            del sys.argv[1]
            sys.path[0] = ""
            sys.modules["__main__"] = main = ModuleType("__main__")
            exec(compile(code, "<string>", "exec"), vars(main))
        case ["-m", module, *_]:
            os.setsid()
            del sys.argv[0]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case [script, *_]:
            runpy.run_path(str(Path(script).resolve()), run_name="__main__")


def _become_somebody(user: int, group: int, groups: list[int]) -> None:
    """Be who a login or systemd makes of root; /proc tells of a process as if it had begun so."""
    os.setgroups(groups)
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    importlib.import_module("ctypes").CDLL(None).prctl(4, 1)  # PR_SET_DUMPABLE


if __name__ == "__main__":
    sys.path[0] = str(Path.cwd())
    sys.dont_write_bytecode = os.geteuid() != Path.cwd().stat().st_uid  # in somebody else's folder
    with socket.socket(fileno=int(sys.argv[1])) as handed:
        serve(handed, int(sys.argv[2]))
