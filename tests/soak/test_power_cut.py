"""A power cut, replayed from a trace of the receiver's writes and fsyncs: what was thanked for is there."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from campaign.messages import receipts
from tests.receiver.serving import served
from tests.soak import disk, trace
from tests.soak.trace import Event

pytestmark = pytest.mark.slow
WRITERS = 16
SHM = Path("/dev/shm")


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.soak), 2])
@pytest.mark.parametrize(
    ("messages", "states"), [(600, 80), pytest.param(2000, 1500, marks=pytest.mark.soak)]
)
def test_what_was_thanked_is_there_after_a_power_cut(tmp_path, figure, messages, states, workers):
    events = record(tmp_path, "receiver", messages, workers)
    synced = Counter(event.path.rpartition("/")[2] for event in events if event.what == "sync")
    assert synced["candle.sqlite"] > 2, "the log was never moved into the file; send more messages"
    lost, checked = losses(events, states)
    what = f"power cut: {checked} states, of {messages} messages, {workers} workers"
    figure(what, f"{sum(lost)} acknowledged lost")
    assert checked == states
    assert lost == []


@pytest.mark.parametrize(("messages", "states"), [(300, 40), pytest.param(1000, 400, marks=pytest.mark.soak)])
def test_the_replay_finds_a_receiver_that_thanks_too_early(tmp_path, figure, messages, states):
    lost, checked = losses(record(tmp_path, "tests.soak.careless", messages), states)
    figure("power cut with synchronous=NORMAL, as a control", f"{len(lost)} of {checked} states lost some")
    assert lost


def record(folder: Path, program: str, messages: int, workers: int = 1) -> list[Event]:
    """Trace a receiver from its first start under load to its stop."""
    if shutil.which("strace") is None:
        assert not os.environ.get("CI"), "strace is missing: make tools"
        pytest.skip("strace is missing: make tools")
    out, file = folder / "trace", folder / "candle.sqlite"
    with served(folder, program=program, workers=workers, before=trace.command(out)) as server:
        tokens = server.ripe_tokens(messages)
        with ThreadPoolExecutor(WRITERS) as pool:
            sent = pool.map(lambda n: server.send(tokens[n], message=f"Message {n}")[0], range(messages))
            assert set(sent) == {201}
    events = trace.read(out, file)
    assert sum(event.what == "thanks" for event in events) == messages
    assert_complete(events, file)
    return events


def assert_complete(events: Sequence[Event], file: Path) -> None:
    """The trace, repeated to its end, must give the very files that lie on the disk."""
    whole = disk.Disk()
    for event in events:
        whole.apply(event)
    found = whole.cut("all of it", random.Random(0)).files
    assert found == {str(path): path.read_bytes() for path in file.parent.glob("candle.sqlite*")
                     if path.suffix != ".sqlite-shm"}  # fmt: skip


def losses(events: Sequence[Event], states: int) -> tuple[list[int], int]:
    """Open states after cuts; return how many thanked messages each bad one lacks, and the count of all."""
    lost, checked = [], 0
    with TemporaryDirectory(dir=SHM if SHM.is_dir() else None) as folder:
        for damage, state in disk.cuts(events, states, seed=1948):
            checked += 1
            missing = len(state.thanked) - thanked_and_there(state, Path(folder), damage)
            if missing:
                lost.append(missing)
    return lost, checked


def thanked_and_there(state: disk.State, folder: Path, damage: str) -> int:
    """Open what the cut left as SQLite does, hold it to be whole, and count the thanked messages in it."""
    for old in folder.iterdir():
        old.unlink()
    for path, data in state.files.items():
        (folder / Path(path).name).write_bytes(data)
    connection = sqlite3.connect(folder / "candle.sqlite")
    try:
        connection.execute("PRAGMA synchronous = OFF")  # nobody cuts the power of the check
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], damage
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'messages'").fetchone():
            return 0  # cut before its first start was over
        stored = Counter(row[0] for row in connection.execute("SELECT receipt_digest FROM messages"))
        texts = Counter(row[0] for row in connection.execute("SELECT text FROM messages"))
    finally:
        connection.close()
    assert max(texts.values(), default=1) == 1, "a message is there twice"
    return sum(stored[receipts.digest(receipt.decode())] for receipt in state.thanked)
