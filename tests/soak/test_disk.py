"""The model of a disk: what a power cut must leave, what it may leave, and what it may not."""

from __future__ import annotations

import random

import pytest

from tests.soak.disk import DAMAGES, Disk
from tests.soak.trace import Event

FOLDER, FILE = "/d", "/d/file"
OLD, NEW = b"o" * 1024, b"n" * 1024


def disk_after(*calls: tuple[str, bytes | int]) -> Disk:
    """Let calls happen one after the other: (what, the bytes to write, or the size to cut to)."""
    disk = Disk()
    for place, (what, value) in enumerate(calls):
        path = FOLDER if what == "sync folder" else FILE
        offset, data = (value, b"") if isinstance(value, int) else (0, value)
        disk.apply(Event(what.split()[0], place, place, path, offset, data))
    return disk


def left(disk: Disk, damage) -> set[bytes | None]:
    """Cut the power often; return what the file may hold then, None where there is none."""
    dice = random.Random(1)
    return {disk.cut(damage, dice).files.get(FILE) for _ in range(200)}


MADE = (("create", b""), ("sync folder", b""), ("write", OLD), ("sync", b""))


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_synced_is_there(damage):
    assert left(disk_after(*MADE), damage) == {OLD}


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("none of it", {OLD}),
        ("all of it", {NEW}),
        ("any writes", {OLD, NEW}),
        ("torn by 512", {a + b for a in (OLD[:512], NEW[:512]) for b in (OLD[:512], NEW[:512])}),
        ("torn by 4096", {OLD, NEW}),
    ],
)
def test_what_was_not_synced_may_be_there(damage, expected):
    assert left(disk_after(*MADE, ("write", NEW)), damage) == expected


def test_a_sync_that_has_not_returned_promises_nothing():
    """It began before the write had ended."""
    disk = disk_after(*MADE)
    disk.apply(Event("write", 10, 12, FILE, 0, NEW))
    disk.apply(Event("sync", 11, 13, FILE))
    assert left(disk, "none of it") == {OLD}


def test_a_new_file_is_there_once_its_folder_was_synced():
    assert left(disk_after(("create", b""), ("write", NEW), ("sync", b"")), "any writes") == {None, NEW}
    assert left(disk_after(*MADE), "none of it") == {OLD}


def test_a_removed_file_may_come_back_until_its_folder_was_synced():
    assert left(disk_after(*MADE, ("unlink", b"")), "any writes") == {None, OLD}
    assert left(disk_after(*MADE, ("unlink", b""), ("sync folder", b"")), "any writes") == {None}


def test_a_file_that_is_cut_shorter_may_be_long_still():
    assert left(disk_after(*MADE, ("truncate", 512)), "any writes") == {OLD, OLD[:512]}
