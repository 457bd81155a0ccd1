"""One run of the press at a time, started from the desk as a process of its own: `build.py` and arguments.

What it said, how far it is and how it ended are files in a folder. They outlive the receiver, and so may the
run: whoever holds the lock on `run.lock` is a run that goes on. The kernel lets go of it with the process.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import MAXYEAR, MINYEAR, datetime
from pathlib import Path

from campaign import ROOT
from campaign.cards import progress
from campaign.errors import CandleError
from campaign.settings import PREFIX
from campaign.storage.disk import private_folder, replace_file

# The shell writes down how the command ended, though nobody waits for it. A trapped signal does not end the
# shell, and is the command's own affair again.
COMMAND = (sys.executable, str(ROOT / "build.py"))
SHELL = 'trap : INT TERM; umask 077; "$@" >said 2>complained; echo $? >.ended && mv .ended ended'


BY = f"{PREFIX}STAFF"  # in whose name it is written into the log of staff


class RunError(CandleError):
    """There is a run already, or none to be stopped."""


@dataclass(frozen=True)
class Asked:
    """What was asked for, by whom and when; `arguments` are those of `build.py`."""

    campaign: str
    what: str
    arguments: tuple[str, ...]
    by: str
    at: str
    process: int = 0
    continued: bool = False  # by itself, after the receiver was stopped with it


@dataclass(frozen=True)
class State:
    """The latest run: `status` is how it ended, None while it goes on or where it was cut short."""

    asked: Asked
    going_on: bool
    status: int | None
    said: str
    complained: str
    step: progress.Step | None


class PressRuns:
    """The runs of one folder, which all campaigns share: two at once would only be slower."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self, asked: Asked) -> None:
        """Begin a run; it goes on whatever becomes of this process.

        Raises:
            RunError: another one goes on.
        """
        private_folder(self._folder)
        with open(self._folder / "run.lock", "ab", opener=_private) as lock:
            if not _locked(lock.fileno()):
                raise RunError("Another run goes on. Wait until it has ended, or stop it.")
            self._forget()
            self._write(asked)  # before the run: whatever goes on has a name
            process = subprocess.Popen(  # noqa: S603 # our own command, and no shell reads its arguments
                ["/bin/sh", "-c", SHELL, "sh", *COMMAND, *asked.arguments],
                cwd=self._folder,
                env={**os.environ, progress.VARIABLE: str(self._folder / "progress"), BY: asked.by},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[lock.fileno()],  # with which it holds the lock
                start_new_session=True,
            )
            threading.Thread(target=process.wait, daemon=True).start()  # else it stayed on as a zombie
            self._write(replace(asked, process=process.pid))

    def latest(self) -> State | None:
        """Say how the latest run is, or was."""
        going_on = self._goes_on()  # first: if it ends now, the rest is there
        asked = _noted(self._read("run.json"))
        if asked is None:
            return None
        status = self._read("ended").strip()
        step = progress.told(self._folder / "progress")
        return State(
            asked,
            going_on,
            int(status) if status.isdecimal() and len(status) < 4 else None,
            self._read("said"),
            self._read("complained"),
            step,
        )

    def stop(self) -> None:
        """End the run as Ctrl-C does: what is half done is taken away, and nothing is lost.

        Raises:
            RunError: none goes on.
        """
        state = self.latest()
        if state is None or not state.going_on or not state.asked.process:
            raise RunError("It has ended already.")
        with suppress(ProcessLookupError):
            os.killpg(state.asked.process, signal.SIGTERM)

    def continue_interrupted(self) -> None:
        """Start a run again that was stopped together with the receiver; once, lest it stops it each time.

        The receiver itself begins whatever becomes of it: the disk is full, its arguments cannot be some.
        """
        state = self.latest()
        if state and not state.going_on and state.status is None and not state.asked.continued:
            with suppress(RunError, OSError, ValueError):
                self.start(replace(state.asked, continued=True))

    def _goes_on(self) -> bool:
        try:
            with (self._folder / "run.lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def _forget(self) -> None:
        for name in ("run.json", "said", "complained", "progress", "ended"):
            (self._folder / name).unlink(missing_ok=True)

    def _write(self, asked: Asked) -> None:
        replace_file(self._folder / "run.json", json.dumps(asdict(asked)).encode(), 0o600)

    def _read(self, name: str) -> str:
        with suppress(OSError):
            return (self._folder / name).read_text(encoding="utf-8", errors="replace")
        return ""


def _noted(written: str) -> Asked | None:
    """Read what is noted of a run; what somebody else wrote, or another version of this program, is none."""
    try:
        asked = Asked(**json.loads(written))
        words = {type(one) for one in (asked.campaign, asked.what, asked.by, *asked.arguments)}
        year = datetime.fromisoformat(asked.at).year
    except (ValueError, TypeError, RecursionError):
        return None
    sound = words == {str} and type(asked.process) is int and MINYEAR < year < MAXYEAR
    return replace(asked, arguments=tuple(asked.arguments)) if sound else None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _locked(descriptor: int) -> bool:
    """Take the lock; whoever only looks holds it for a moment, and a run until it ends."""
    for pause in (0.02, 0.1, 0):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(pause)
    return False
