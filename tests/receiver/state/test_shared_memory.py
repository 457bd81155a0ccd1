"""What workers share: each sees what the others wrote, and nothing of it needs one that is dead."""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
import time
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receiver.state import kernel_locks, shared_memory
from receiver.state.moving_windows import PARTS, MovingWindows
from receiver.state.shared_memory import (
    PLACES,
    SharedMemory,
    SharedRing,
    SharedTable,
    SharedTurn,
    SharedValue,
)
from receiver.state.shared_tally import KINDS, LONGEST, SharedTally
from tests.receiver.conftest import Supporter
from tests.support.forked import FORKS, forked


@pytest.mark.slow
def test_who_waits_crosswise_is_not_refused():
    """The kernel takes a lock for its process's: it sees a circle where threads of two workers wait."""
    assert forked("crosswise") == 0


@pytest.mark.slow
def test_the_lock_of_a_killed_one_is_free():
    assert forked("killed") == FORKS


def test_a_disk_without_room_keeps_no_lock_from_being_made(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "full"))
    os.close(kernel_locks._file.__wrapped__())


@pytest.mark.slow
def test_a_turn_is_one_thread_s_of_all_workers_at_a_time():
    assert forked("turns") == [FORKS * 2 * 5, 0]


@pytest.mark.slow
def test_a_turn_of_a_killed_one_is_free():
    assert forked("turn_of_the_dead") == FORKS + 1


@pytest.mark.slow
def test_the_day_s_key_used_codes_and_guesses_are_everybody_s():
    assert forked("secrets") == [True, [True] * FORKS + [False], True]


def test_only_who_has_forked_takes_locks_of_the_kernel(monkeypatch):
    """The public half with one worker, which nobody shares memory with, spent a third of a post on them."""
    monkeypatch.setattr(shared_memory._forks, "happened", False)
    value = SharedValue("<Q")
    with monkeypatch.context() as patch:
        patch.setattr(value._kernel, "acquire", lambda: pytest.fail("nobody shares it"))
        with value.locked():
            assert value._mine.locked()
    assert not is_held(value)  # which forked
    with value.locked():
        assert is_held(value)
    assert not is_held(value)


@pytest.mark.parametrize("at_once", [True, False])
def test_the_lock_is_the_kernel_s_whoever_calls_for_it(monkeypatch, at_once):
    monkeypatch.setattr(shared_memory._forks, "happened", True)
    if not at_once:
        monkeypatch.setattr(kernel_locks, "_at_once", lambda: None)
    one, other = SharedValue("<Q"), SharedValue("<Q")
    for _ in range(2):
        with one.locked():
            assert (is_held(one), is_held(other)) == (True, False)
        assert not is_held(one)


@pytest.mark.skipif(kernel_locks._at_once() is None, reason="a kernel whose locks look another way")
def test_a_lock_that_nobody_holds_lets_no_other_thread_run(monkeypatch):
    """At each of Python's own calls another thread got the interpreter, twelve times for a post."""
    monkeypatch.setattr(shared_memory._forks, "happened", True)
    monkeypatch.setattr(fcntl, "lockf", lambda *_: pytest.fail("lets go of the interpreter"))
    with SharedValue("<Q").locked():
        pass


def is_held(shared: SharedMemory) -> bool:
    """Tell whether another process finds the kernel's lock taken."""
    if not (child := os.fork()):
        os._exit(shared._kernel.acquire_now())
    return os.waitpid(child, 0)[1] == 0


def test_a_record_is_there_until_its_end_and_can_be_forgotten():
    table = SharedTable(PLACES, 4)
    table.put(b"a", b"one", until=10)
    table.put(b"a", b"two", until=20)
    assert [table.get(b"a", now) for now in (10, 19.9, 20)] == [b"two\0", b"two\0", None]
    table.put(b"a", b"", until=0)
    assert table.get(b"a", 0) is None
    assert table.get(b"b", 0) is None


def test_where_there_is_no_place_the_record_that_ends_first_makes_room():
    table = SharedTable(PLACES, 1)
    for number in range(PLACES + 1):
        table.put(b"%d" % number, b"x", until=10 + number)
    assert [table.get(b"%d" % number, 0) for number in (0, 1, PLACES)] == [None, b"x", b"x"]
    assert len(table.values(0)) == PLACES


def test_of_what_is_over_no_byte_is_left_once_it_is_wiped():
    table = SharedTable(3000, 4)
    for number in range(40):
        table.put(b"%d" % number, b"name", until=10 + number % 2)
    table.wipe(10)
    assert bytes(table._bytes).count(b"name") == 20
    assert [table.get(b"%d" % number, 0) for number in (0, 1)] == [None, b"name"]


def test_networks_are_wiped_each_minute_while_the_receiver_runs(make_app, settings, clock):
    app = make_app(settings)
    services = app.extensions["candle"]
    assert Supporter(app.test_client(), clock).send().status_code == 201
    kept = (services.windows._table, services.flood._networks._networks)
    assert all(any(bytes(table._bytes)) for table in kept)
    services.windows._clock = services.flood._networks._clock = lambda: time.monotonic() + 2 * 3600
    services.resume(first=True)
    assert not any(any(bytes(table._bytes)) for table in kept)


def test_a_ring_holds_the_last_ones():
    ring = SharedRing(3, 2)
    assert ring.oldest() is None
    for value in (b"a", b"b", b"c", b"d"):
        ring.append(value)
    assert ring.oldest() == b"b\0"
    assert ring.take() == [b"b\0", b"c\0", b"d\0"]
    assert ring.take() == []


def test_a_tally_keeps_the_order_and_can_remember_what_was_met():
    tally, first, second = SharedTally(), (("status", 404),), (("status", 500), ("code", None))
    assert tally.is_empty()
    assert [tally.add(facts) for facts in (first, second, first)] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    assert list(tally.take(remember=True).items()) == [(first, 2), (second, 1)]
    assert tally.add(second) == (False, False)
    assert tally.take(remember=True) == {second: 1}
    assert tally.take(remember=True) == {}
    assert tally.is_empty()


def test_a_tally_takes_no_more_than_it_may_and_nothing_that_is_longer():
    tally = SharedTally()
    for number in range(2 * KINDS):
        tally.add((("status", number),))
    assert KINDS / 2 < len(tally.take()) <= KINDS
    named = ("method", "GET"), ("route", "/"), ("status", 500)
    tally.add((*named, ("place", "x" * LONGEST)))
    assert tally.take() == {named: 1}


class Asked:
    """Requests at moments of a clock, and what the windows and an exact count make of each."""

    def __init__(self, limit: int, expiry: int) -> None:
        self.now, self.limit, self.expiry = 1000.0, limit, expiry
        self.windows = MovingWindows(clock=lambda: self.now)
        self.allowed: list[float] = []

    def ask(self) -> float:
        wait = self.windows.count("key", self.limit, self.expiry)
        if not wait:
            self.allowed.append(self.now)
        return wait

    def within(self, seconds: float) -> int:
        return sum(moment > self.now - seconds for moment in self.allowed)


def test_who_waited_for_the_others_takes_none_of_them_back(monkeypatch):
    """One that came in a part of a window and was counted in the next erased what others had counted."""
    inside, late = [], 11.0
    windows = MovingWindows(clock=lambda: 11.0 if inside else late)
    locked = windows._table.locked

    @contextmanager
    def waited():
        with locked():
            inside.append(True)
            yield
            inside.pop()

    monkeypatch.setattr(windows._table, "locked", waited)
    assert windows.count("key", 2, PARTS) == 0
    late = 10.999
    assert windows.count("key", 2, PARTS) == 0
    late = 11.0
    assert windows.count("key", 2, PARTS) > 0


def test_a_turn_that_could_not_be_asked_for_is_the_next_one_s(monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "no locks are left")

    monkeypatch.setattr(kernel_locks, "_at_once", lambda: None)
    turn = SharedTurn()
    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "lockf", refuse)
        with pytest.raises(OSError, match="no locks"):
            turn.acquire(1.0)
    assert turn.acquire(1.0)
    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "lockf", refuse)
        with pytest.raises(OSError, match="no locks"):
            turn.release()
    assert turn.acquire(1.0)
    turn.release()


def test_memory_that_could_not_be_locked_is_the_next_one_s(monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "no locks are left")

    monkeypatch.setattr(shared_memory._forks, "happened", True)
    monkeypatch.setattr(kernel_locks, "_at_once", lambda: None)
    shared = SharedValue("<Q")
    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "lockf", refuse)
        with pytest.raises(OSError, match="no locks"), shared.locked():
            raise AssertionError
    with monkeypatch.context() as patch, pytest.raises(OSError, match="no locks"), shared.locked():
        patch.setattr(fcntl, "lockf", refuse)
    with shared.locked():
        shared.set(1)
    assert shared.get() == (1,)


@given(st.lists(st.floats(0, 40), max_size=60), st.sampled_from([(1, 60), (3, 60), (5, 7), (10, 3600)]))
def test_a_window_lets_no_more_in_than_it_may_and_forgets_soon_after(waits, rule):
    asked = Asked(*rule)
    for wait in waits:
        asked.now += wait
        before, soon = asked.within(asked.expiry), asked.within(asked.expiry * (1 + 1.01 / PARTS))
        told = asked.ask()
        if not told:
            assert before < asked.limit
        else:
            assert soon >= asked.limit
            assert 0 < told <= asked.expiry * (1 + 1.01 / PARTS)
            asked.now += told + 0.01
            assert not asked.ask(), "who waits as long as was said is let in"
