"""Memory that all workers of a receiver share: made before they are forked, gone with the last of them.

One of them may be killed in the middle of anything. So a lock is one that the kernel takes back, and what is
read may be half of what was to be written: bytes of a fixed length, which are some number in any case.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from types import SimpleNamespace
from typing import Any, Self

from receiver.state.kernel_locks import KernelLock

KEY = 16  # bytes of a key's digest
PLACES = 8  # where a record may lie
MOMENT = 0.002  # seconds between two looks at a turn
AT_ONCE = 1024  # records that are looked at while others wait
_HEAD = struct.Struct(f"<{KEY}sd")  # the digest of its key, and until when the record is good
_COUNT = struct.Struct("<Q")


# Whether this process has forked, or is a fork: until then nobody else has its memory. A post takes six
# locks. Each of the kernel's takes two calls, and at each another thread may get the interpreter: a third of
# a post went there, and one worker alone needs none of it.
_forks = SimpleNamespace(happened=False)
os.register_at_fork(before=lambda: setattr(_forks, "happened", True))


class SharedTurn:
    """One turn for the threads of all workers, taken and given back like a semaphore. No dead one has it."""

    def __init__(self) -> None:
        self._kernel = KernelLock()
        self._mine = threading.Lock()
        self._given_back = 0.0

    def acquire(self, timeout: float) -> bool:
        """Wait for the turn for so many seconds, and tell whether this thread has it.

        Nobody waits for it in the kernel, to which it would be in a circle with what its holder waits for.
        """
        until = time.monotonic() + timeout
        if not self._mine.acquire(timeout=timeout):
            return False
        taken = False
        try:
            time.sleep(max(0.0, self._given_back + 2 * MOMENT - time.monotonic()))  # other workers go first
            while not (taken := self._kernel.acquire_now()) and time.monotonic() <= until:
                time.sleep(MOMENT)
            return taken
        finally:
            if not taken:
                self._mine.release()

    def release(self) -> None:
        """Give it back."""
        try:
            self._kernel.release()
        finally:
            self._given_back = time.monotonic()
            self._mine.release()


class SharedMemory:
    """So many bytes, all 0 at first, and a lock. Pages that nobody writes to take no memory."""

    def __init__(self, size: int) -> None:
        self._bytes = mmap.mmap(-1, size)
        self._kernel = KernelLock()
        self._mine = threading.Lock()  # the kernel's lock is one process's, whichever of its threads asks

    def locked(self) -> Self:
        """Let nobody else in, of any worker, while a `with` block runs; no second lock may be taken in it."""
        return self  # a context of its own would be made six times a post

    def __enter__(self) -> None:
        self._mine.acquire()
        if not _forks.happened:
            return
        try:
            self._kernel.acquire()
        except BaseException:
            self._mine.release()
            raise

    def __exit__(self, *_raised: object) -> None:
        try:
            if _forks.happened:
                self._kernel.release()
        finally:
            self._mine.release()


class SharedValue(SharedMemory):
    """Some numbers, all 0 at first, as `struct` describes them. Whoever reads to write holds the lock."""

    def __init__(self, layout: str) -> None:
        self._layout = struct.Struct(layout)
        super().__init__(self._layout.size)

    def get(self) -> tuple[Any, ...]:
        """Return them."""
        return self._layout.unpack_from(self._bytes)

    def set(self, *numbers: Any) -> None:
        """Keep others in their place."""
        self._layout.pack_into(self._bytes, 0, *numbers)


class SharedTable(SharedMemory):
    """Records of `size` bytes by keys of any length, each good until some moment of its user's clock.

    Of so many `records` that there is no place for another, the one that ends first makes room.
    Whoever reads and writes holds the lock.
    """

    def __init__(self, records: int, size: int) -> None:
        self._width = _HEAD.size + size
        self._size = size
        self._records = records
        # Those of all places where a record may lie are read at once.
        self._heads = struct.Struct("<" + f"{KEY}sd{size}x" * PLACES)
        super().__init__(records * self._width)

    def get(self, key: bytes, now: float) -> bytes | None:
        """Return what was put there, filled with zeros to the table's size, while it is good."""
        digest = _digest(key)
        first, heads = self._found(digest)
        if digest not in heads:
            return None
        place = heads.index(digest)
        start = first + place // 2 * self._width + _HEAD.size
        return self._bytes[start : start + self._size] if heads[place + 1] > now else None

    def put(self, key: bytes, value: bytes, until: float) -> None:
        """Keep a value; one that is `until` 0 is forgotten."""
        digest = _digest(key)
        first, heads = self._found(digest)
        ends = heads[1::2]
        place = heads.index(digest) // 2 if digest in heads else ends.index(min(ends))
        at = first + place * self._width
        start = at + _HEAD.size
        self._bytes[start : start + self._size] = value.ljust(self._size, b"\0")
        _HEAD.pack_into(self._bytes, at, digest, until)

    def values(self, now: float) -> list[bytes]:
        """Return everything that is good."""
        found = []
        for at in range(0, self._records * self._width, self._width):
            if _HEAD.unpack_from(self._bytes, at)[1] > now:
                found.append(self._bytes[at + _HEAD.size : at + self._width])
        return found

    def wipe(self, now: float) -> None:
        """Wipe out every record that is over; this takes the lock itself, for some of them at a time."""
        for first in range(0, self._records, AT_ONCE):
            with self.locked():
                for place in range(first, min(first + AT_ONCE, self._records)):
                    at = place * self._width
                    if 0 < _HEAD.unpack_from(self._bytes, at)[1] <= now:
                        self._bytes[at : at + self._width] = bytes(self._width)

    def _found(self, digest: bytes) -> tuple[int, tuple[Any, ...]]:
        """Return where the places of a key begin, and of each the digest and the end that stand there."""
        first = int.from_bytes(digest[:8], "little") % (self._records - PLACES + 1) * self._width
        return first, self._heads.unpack_from(self._bytes, first)


class SharedRing(SharedMemory):
    """The last `length` values of `size` bytes. Whoever reads and writes holds the lock."""

    def __init__(self, length: int, size: int) -> None:
        self._length = length
        self._size = size
        super().__init__(_COUNT.size + length * size)

    def append(self, value: bytes) -> None:
        """Add one, filled with zeros, in the place of the oldest if there are as many as may be."""
        number = self._count()
        at = self._at(number)
        self._bytes[at : at + self._size] = value.ljust(self._size, b"\0")
        self._set_count(number + 1)

    def oldest(self) -> bytes | None:
        """Return the first of `length` values, None while there are fewer."""
        number = self._count()
        return self._value(number) if number >= self._length else None

    def take(self) -> list[bytes]:
        """Return all, the oldest first, and forget them."""
        number = self._count()
        self._set_count(0)
        return [self._value(place) for place in range(max(0, number - self._length), number)]

    def wipe(self, is_over: Callable[[bytes], bool]) -> None:
        """Leave zeros of every value that is over; this takes the lock itself."""
        with self.locked():
            for place in range(self._length):
                if is_over(self._value(place)):
                    at = self._at(place)
                    self._bytes[at : at + self._size] = bytes(self._size)

    def _count(self) -> int:
        return int(_COUNT.unpack_from(self._bytes)[0])

    def _set_count(self, number: int) -> None:
        _COUNT.pack_into(self._bytes, 0, number)

    def _at(self, place: int) -> int:
        return _COUNT.size + place % self._length * self._size

    def _value(self, place: int) -> bytes:
        at = self._at(place)
        return self._bytes[at : at + self._size]


def _digest(key: bytes) -> bytes:
    return blake2b(key, digest_size=KEY).digest()
