"""A disk as a power cut may leave it: what was synced is there, of the rest any part.

For each file: what was written before its last finished fsync is there. Each later write is there in whole,
in part, or not at all, whatever became of the others; a torn one leaves any of its sectors. A change of the
folder (a file made or removed) is there once the folder was synced; until then such changes come in order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.soak.trace import Event

Damage = Literal["none of it", "all of it", "any writes", "torn by 512", "torn by 4096"]
DAMAGES: tuple[Damage, ...] = ("none of it", "all of it", "any writes", "torn by 512", "torn by 4096")


@dataclass
class _File:
    safe: bytearray = field(default_factory=bytearray)
    later: list[Event] = field(default_factory=list)  # after the last sync


@dataclass(frozen=True)
class State:
    """What is found after the cut: each file's bytes by its path, and the receipts given before it."""

    files: dict[str, bytes]
    thanked: frozenset[bytes]


class Disk:
    """Repeat the events of a trace one by one; `cut` tells what may be left at that moment."""

    def __init__(self) -> None:
        self._safe: dict[str, _File] = {}  # the folder as last synced
        self._names: dict[str, _File] = {}  # the folder as programs see it
        self._later: list[tuple[str, _File | None]] = []  # changes of it that are not synced
        self._thanked: set[bytes] = set()

    def apply(self, event: Event) -> None:
        """Let a call happen."""
        if event.what == "thanks":
            self._thanked.add(event.data)
        elif event.what == "create":
            if event.path not in self._names:
                self._change(event.path, _File())
        elif event.what == "unlink":
            self._change(event.path, None)
        elif event.what == "sync":
            self._sync(event)
        else:
            self._names[event.path].later.append(event)

    def cut(self, damage: Damage, dice: random.Random) -> State:
        """Return a state that a power cut may leave now."""
        kept = {"none of it": 0, "all of it": len(self._later)}.get(damage, dice.randint(0, len(self._later)))
        folder = dict(self._safe)
        for path, file in self._later[:kept]:
            _put(folder, path, file)
        files = {path: _left(file, damage, dice) for path, file in folder.items()}
        return State(files, frozenset(self._thanked))

    def _change(self, path: str, file: _File | None) -> None:
        _put(self._names, path, file)
        self._later.append((path, file))

    def _sync(self, event: Event) -> None:
        file = self._names.get(event.path)
        if file is None:  # it is the folder
            self._safe, self._later = dict(self._names), []
            return
        done = [change for change in file.later if change.done < event.begun]
        file.later = [change for change in file.later if change.done >= event.begun]
        for change in done:
            _write(file.safe, change)


def cuts(events: Sequence[Event], number: int, seed: int) -> Iterator[tuple[Damage, State]]:
    """Yield states at moments all over the trace, half of them right after a thanks, the damages in turn."""
    dice = random.Random(seed)
    thanks = [place for place, event in enumerate(events) if event.what == "thanks"]
    anywhere = dice.choices(range(len(events)), k=number - number // 2)
    moments = sorted([*anywhere, *dice.choices(thanks, k=number // 2)])
    disk, next_event = Disk(), 0
    for turn, moment in enumerate(moments):
        while next_event <= moment:
            disk.apply(events[next_event])
            next_event += 1
        damage = DAMAGES[turn % len(DAMAGES)]
        yield damage, disk.cut(damage, dice)


def _put(folder: dict[str, _File], path: str, file: _File | None) -> None:
    if file is None:
        folder.pop(path, None)
    else:
        folder[path] = file


def _left(file: _File, damage: Damage, dice: random.Random) -> bytes:
    found = bytearray(file.safe)
    for change in file.later:
        if damage == "all of it" or (damage == "any writes" and dice.random() < 0.5):
            _write(found, change)
        elif damage in ("torn by 512", "torn by 4096"):
            for part in _torn(change, int(damage.rpartition(" ")[2]), dice):
                _write(found, part)
    return bytes(found)


def _torn(change: Event, sector: int, dice: random.Random) -> Iterator[Event]:
    """Yield what is left of a write when any of the sectors it touches is missing."""
    if change.what != "write":
        yield from [change] * dice.randint(0, 1)
        return
    end = change.offset + len(change.data)
    for start in range(change.offset // sector * sector, end, sector):
        first, last = max(start, change.offset), min(start + sector, end)
        if dice.random() < 0.5:
            part = change.data[first - change.offset : last - change.offset]
            yield Event("write", change.begun, change.done, change.path, first, part)


def _write(file: bytearray, change: Event) -> None:
    size = change.offset + len(change.data) if change.what == "write" else change.offset
    if len(file) < size:
        file.extend(bytes(size - len(file)))
    if change.what == "write":
        file[change.offset : size] = change.data
    else:
        del file[size:]
