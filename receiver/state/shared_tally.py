"""How often what happened, counted by all workers of a receiver together."""

from __future__ import annotations

import json
import struct
from typing import Any

from receiver.state.shared_memory import SharedTable, SharedValue

Facts = tuple[tuple[str, Any], ...]  # of JSON's simple values
KINDS = 512  # counted apart; each is a route of ours, a status and what was raised
LONGEST = 1500  # bytes of the facts of one kind
FOR_EVER = float("inf")
_COUNTED = struct.Struct("<QQ")  # its place in the order of their first time, and how often


class SharedTally:
    """Facts, and how often each of them was met."""

    def __init__(self) -> None:
        self._table = SharedTable(KINDS, _COUNTED.size + LONGEST)
        self._kinds = SharedValue("<Q")

    def add(self, facts: Facts, *, first: int = 1) -> tuple[bool, bool]:
        """Count facts, those that are new as `first`; tell whether they are, and whether nothing was here."""
        key = _key(facts)
        with self._table.locked():
            found = self._table.get(key, 0)
            (kinds,) = self._kinds.get()
            place, count = _COUNTED.unpack_from(found) if found else (kinds, first - 1)
            self._table.put(key, _COUNTED.pack(place, count + 1) + key, FOR_EVER)
            if not found:
                self._kinds.set(kinds + 1)
        return not found, not kinds

    def is_empty(self) -> bool:
        """Tell whether nothing is counted."""
        return not self._kinds.get()[0]

    def take(self, *, remember: bool = False) -> dict[Facts, int]:
        """Return what was counted and begin anew; to `remember` what was met is to count it from 0."""
        with self._table.locked():
            found = sorted((_COUNTED.unpack_from(one), _name(one)) for one in self._table.values(0))
            counted = {key: count for (_place, count), key in found if count}
            for _, key in found:
                self._table.put(key, b"", until=0)
            for place, key in enumerate(counted if remember else ()):
                self._table.put(key, _COUNTED.pack(place, 0) + key, FOR_EVER)
            self._kinds.set(len(counted) if remember else 0)
        return {_facts(key): count for key, count in counted.items()}


def _name(value: bytes) -> bytes:
    return value[_COUNTED.size :].rstrip(b"\0")


def _key(facts: Facts) -> bytes:
    key = json.dumps(facts).encode()
    return key if len(key) <= LONGEST else json.dumps(facts[:3]).encode()


def _facts(key: bytes) -> Facts:
    return tuple((name, value) for name, value in json.loads(key))
