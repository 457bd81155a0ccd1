"""Locks that the workers of a receiver share: the kernel's, which takes back those of the dead.

Each is a byte of a file in which nothing is. Python's own calls let go of the interpreter: where others want
it, a lock that nobody holds takes two switches of threads, and a post takes six locks. So the C library's are
called with the interpreter in hand, and only who has to wait for a lock lets go of it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import sys
from collections.abc import Callable
from functools import cache
from itertools import count
from tempfile import TemporaryFile

# `struct flock` of a 64-bit Linux: the kind, from where the first byte is counted, that, how many, and whose.
_FLOCK = struct.Struct("hhqqi0q")
_places = count()


@cache
def _file() -> int:
    """Open a file without a name, which the kernel locks byte by byte; a full disk has no room for one."""
    if sys.platform == "linux":
        return os.memfd_create("locks")
    with TemporaryFile() as file:
        return os.dup(file.fileno())


@cache
def _at_once() -> Callable[[int, int, bytes], int] | None:
    """Return the C library's `fcntl`, called with the interpreter in hand, or None where it is another."""
    if sys.platform != "linux" or struct.calcsize("P") != 8:
        return None
    import ctypes  # late: one worker alone needs no such lock

    found: Callable[[int, int, bytes], int] = ctypes.PyDLL(None).fcntl
    return found


class KernelLock:
    """One lock. To the kernel it is its process's: threads of one keep each other out by another."""

    def __init__(self) -> None:
        self._place = next(_places)
        self._file = _file()
        self._take, self._give = (
            _FLOCK.pack(kind, os.SEEK_SET, self._place, 1, 0) for kind in (fcntl.F_WRLCK, fcntl.F_UNLCK)
        )

    def acquire(self) -> None:
        """Wait for it.

        Where threads of two workers wait crosswise the kernel sees a circle and refuses one of them. There is
        none, for each holds the one that it is about to give back.
        """
        if self._is_done(self._take):
            return
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX, 1, self._place)
            except OSError as error:
                if error.errno != errno.EDEADLK:
                    raise
            else:
                return

    def acquire_now(self) -> bool:
        """Tell whether nobody held it, and it is this process's now."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, self._place)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            return False
        return True

    def release(self) -> None:
        """Give it back."""
        if not self._is_done(self._give):
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, self._place)

    def _is_done(self, wanted: bytes) -> bool:
        """Tell whether the kernel did it at once."""
        call = _at_once()
        return call is not None and call(self._file, fcntl.F_SETLK, wanted) == 0
