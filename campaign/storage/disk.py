"""The disk: what only its owner may read, what waits until it is written, what is said when it is not."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from campaign.errors import CandleError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

OTHER_USER_MAKES = 0.5  # seconds in which a file that the other user makes becomes ours too


def private_folder(path: Path) -> list[Path]:
    """Make a folder, and those above it, that nobody else may enter, whatever the umask; return the new ones.

    A folder that is there already is somebody's, and stays as it is.
    """
    new = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(new):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    return new


def private_file(path: Path) -> BinaryIO:
    """Make a file to be written that nobody else may read, whatever the umask.

    Raises:
        FileExistsError: it is there already, and may be somebody else's or a link.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "wb")


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it; of a link the link alone, wherever it leads.

    Raises:
        OSError: something of it cannot be removed.
    """
    if path.is_dir() and not path.is_symlink():
        import shutil  # late: what archives it could unpack takes longer to load than all of this

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put a file in the place of another in one step, with its mode, or `mode` where it is new.

    Nobody reads half of it, and its name meanwhile nobody can guess, so that no link leads it elsewhere.
    """
    import tempfile  # late, as above

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
        unfinished.chmod(path.stat().st_mode & 0o777 if path.exists() else mode)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def first_bytes(path: Path, number: int) -> bytes:
    """Read what a file begins with.

    Raises:
        OSError: it cannot be read, or is no file: a pipe would keep its reader for ever, a device never ends.
    """
    with _opened(path) as opened:
        return opened.read(number)


@contextmanager
def opened_within(path: Path, most: int) -> Iterator[BinaryIO]:
    """Open a file that somebody else may have written, to be read piece by piece, up to a length.

    Raises:
        OSError: as for `first_bytes`, or it is longer.
    """
    with _opened(path) as opened:
        if os.fstat(opened.fileno()).st_size > most:
            raise _too_long(path)
        with io.BufferedReader(_Within(opened, path, most)) as bounded:
            yield bounded


class _Within(io.RawIOBase):
    """A file that may grow while it is read, or that hides its length: no more than so much of it is read."""

    def __init__(self, opened: io.BufferedReader, path: Path, most: int) -> None:
        self._opened, self._path, self._left = opened, path, most

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes into a buffer; return how many."""
        count = self._opened.readinto(buffer)
        self._left -= count
        if self._left < 0:
            raise _too_long(self._path)
        return count


def _opened(path: Path) -> io.BufferedReader:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no file", str(path))
    return os.fdopen(descriptor, "rb")


def _too_long(path: Path) -> OSError:
    return OSError(errno.EFBIG, "it is too long", str(path))


def read_within(path: Path, most: int) -> bytes:
    """Read a whole file that somebody else may have written, up to a length.

    Raises:
        OSError: as for `first_bytes`, or it is longer.
    """
    with opened_within(path, most) as opened:
        return opened.read()


def open_beside_database(path: Path, flags: int) -> int:
    """Open the database's file or one beside it, made where it is not there; return its descriptor.

    It is its owner's alone, and its group's too where the operator made the folder for two users: setgid, and
    writable for the group. There the other user could lead us to a third file, so no link is followed.

    Raises:
        OSError: it cannot be opened, or is a link.
    """
    shared = _shared(path.parent)
    descriptor = _open_or_make(path, flags, OTHER_USER_MAKES if shared else 0.0)
    if shared:
        status = os.fstat(descriptor)
        if status.st_nlink > 1 or not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            raise OSError(errno.EMLINK, "is a link to a file elsewhere, or no file")
        if status.st_uid == os.geteuid():
            os.fchmod(descriptor, 0o660)
    return descriptor


def _open_or_make(path: Path, flags: int, patience: float) -> int:
    """Open a file of mode 0600; one that the other user makes just now is shared a moment later."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.005)


def _shared(folder: Path) -> bool:
    mode = folder.stat().st_mode
    return bool(mode & stat.S_ISGID and mode & stat.S_IWGRP)


def sync(path: Path) -> None:
    """Wait until a file or a folder's list of files is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def refused_writes(path: Path, refusal: type[CandleError], remedy: str) -> Iterator[None]:
    """Explain a full disk or a missing permission in plain words.

    Raises:
        CandleError: a `refusal` that names the path, the reason and the remedy.
    """
    try:
        yield
    except OSError as error:
        raise refusal(f"{path}: cannot be written ({error.strerror or error}); {remedy}") from error
