"""The threads that answer requests: none is woken to wait, and the loop is not woken for each answer."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from receiver.process import request_threads
from receiver.process.request_threads import RequestThreads
from receiver.state.request_slots import AT_ONCE, PATIENCE, RequestSlots

MOMENT = 0.05  # seconds


def in_a_loop(
    work: Callable[[RequestThreads], Awaitable[Any]], slots: RequestSlots | None = None, number: int = 4
) -> Any:
    """Return what `work` gives with so many threads, in a loop of its own."""

    async def with_threads() -> Any:
        threads = RequestThreads(number, slots or RequestSlots())
        try:
            return await work(threads)
        finally:
            threads.close()

    with ThreadPoolExecutor(1) as thread:  # in the tests' own a browser may keep its loop
        return thread.submit(asyncio.run, with_threads()).result(30)


def test_who_has_to_wait_for_a_slot_wakes_no_thread():
    slots, seen = RequestSlots(1), []

    async def work(threads: RequestThreads) -> None:
        slots.acquire()
        waiting = [asyncio.ensure_future(threads.run_with_slot(seen.append, n)) for n in range(3)]
        await asyncio.sleep(MOMENT)
        assert (seen, threads._begun.qsize()) == ([], 0)
        slots.release()
        await asyncio.gather(*waiting)

    in_a_loop(work, slots)
    assert seen == [0, 1, 2]  # in the order in which they came
    assert slots._free == 1


def test_a_thread_holds_the_slot_that_its_request_began_with():
    slots = RequestSlots(2)

    async def work(threads: RequestThreads) -> list[bool]:
        return [await threads.run_with_slot(slots._is_held), await threads.run(slots._is_held)]

    assert in_a_loop(work, slots) == [True, False]
    assert slots._free == 2


def test_who_waited_too_long_goes_on_and_has_no_slot_to_give(monkeypatch):
    monkeypatch.setattr(request_threads, "PATIENCE", MOMENT)
    slots = RequestSlots(1)
    slots.acquire()
    assert in_a_loop(lambda threads: threads.run_with_slot(slots._is_held), slots) is False
    assert slots._free == 0
    slots.release()
    assert slots._free == 1


@pytest.mark.slow
def test_after_a_long_pause_of_the_disk_everybody_has_a_slot_again():
    slots, disk, without = RequestSlots(), threading.Event(), []

    def post(number: int) -> None:
        slots.acquire()
        if not slots._is_held():
            without.append(number)
        time.sleep(0.001)
        slots.release()
        disk.wait(20)

    async def client(threads: RequestThreads, number: int) -> None:
        for _ in range(3):
            await threads.run_with_slot(post, number)

    async def work(threads: RequestThreads) -> float:
        clients = asyncio.gather(*(client(threads, number) for number in range(200)))
        await asyncio.sleep(2 * PATIENCE)
        began = time.monotonic()
        disk.set()
        await clients
        return time.monotonic() - began

    took = in_a_loop(work, slots, number=64)
    assert without == []
    assert took < 5 * PATIENCE
    assert (slots._free, list(slots._waiting)) == (AT_ONCE, [])


def test_who_hangs_up_while_all_threads_are_taken_keeps_no_room():
    slots, go_on, done = RequestSlots(4), threading.Event(), []

    async def work(threads: RequestThreads) -> None:
        busy = [asyncio.ensure_future(threads.run_with_slot(go_on.wait, 20)) for _ in range(2)]
        gone = [asyncio.ensure_future(threads.run_with_slot(done.append, "gone")) for _ in range(3)]
        stays = asyncio.ensure_future(threads.run_with_slot(done.append, "stays"))
        await asyncio.sleep(MOMENT)
        for task in gone[:2]:
            task.cancel()
        go_on.set()
        await asyncio.sleep(0)
        gone[2].cancel()
        await asyncio.wait_for(asyncio.gather(*busy, *gone, stays, return_exceptions=True), 10)
        assert (threads._room._value, threads._under_way) == (2, 0)

    in_a_loop(work, slots, number=2)
    assert done == ["stays"]
    assert slots._free == 4


def test_patience_is_had_once_and_anew_for_the_next(monkeypatch):
    monkeypatch.setattr(request_threads, "PATIENCE", MOMENT)
    slots = RequestSlots(1, patience=10)

    def held_after_waiting() -> bool:
        slots.acquire()
        return slots._is_held()

    async def work(threads: RequestThreads) -> tuple[bool, float, bool]:
        slots.acquire()
        began = time.monotonic()
        first = await threads.run_with_slot(held_after_waiting)
        took = time.monotonic() - began
        slots.release()
        return first, took, await threads.run(held_after_waiting)

    first, took, second = in_a_loop(work, slots, number=1)
    assert (first, second) == (False, True)
    assert took < 5
    assert slots._free == 1


def test_no_slot_is_lost_or_made_when_patience_ends_at_any_moment(monkeypatch):
    monkeypatch.setattr(request_threads, "PATIENCE", 0.002)
    slots, inside, most = RequestSlots(2), [], []

    def hold(number: int) -> None:
        if slots._is_held():
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.0005 * (number % 5))
            inside.remove(number)

    async def work(threads: RequestThreads) -> None:
        for _ in range(20):
            await asyncio.gather(*(threads.run_with_slot(hold, number) for number in range(30)))

    in_a_loop(work, slots, number=12)
    assert max(most) <= 2
    assert (slots._free, list(slots._waiting)) == (2, [])


def test_the_loop_is_woken_once_for_all_that_end_while_it_is_busy():
    async def work(threads: RequestThreads) -> int:
        loop, woken = asyncio.get_running_loop(), []
        call = loop.call_soon_threadsafe
        loop.call_soon_threadsafe = lambda *given: (woken.append(given), call(*given))[1]  # type: ignore[method-assign]
        under_way = [asyncio.ensure_future(threads.run(int)) for _ in range(20)]
        await asyncio.sleep(0)
        while len(threads._ended) < len(under_way):
            time.sleep(0.001)  # the loop hears of nothing meanwhile
        assert await asyncio.gather(*under_way) == [0] * 20
        return len(woken)

    assert in_a_loop(work) == 1


def test_no_answer_is_left_behind_however_the_loop_is_woken():
    async def work(threads: RequestThreads) -> None:
        for number in range(300):
            pauses = [0.0001 * (number % 3), 0.0, 0.0002]
            await asyncio.wait_for(asyncio.gather(*(threads.run(time.sleep, one) for one in pauses)), 10)

    in_a_loop(work)


def test_a_fault_is_raised_where_the_answer_is_waited_for_and_ends_no_thread():
    async def work(threads: RequestThreads) -> int:
        for _ in range(6):
            with pytest.raises(ZeroDivisionError):
                await threads.run_with_slot(lambda: 1 // 0)
        return len(threads._threads)

    assert in_a_loop(work) == 1


def test_there_are_no_more_threads_than_were_ever_needed_at_once():
    async def work(threads: RequestThreads) -> list[int]:
        numbers = []
        for at_once in (1, 1, 2, 20):
            await asyncio.gather(*(threads.run(time.sleep, 0.01) for _ in range(at_once)))
            numbers.append(len(threads._threads))
        return numbers

    assert in_a_loop(work) == [1, 1, 2, 4]


def no_thread_starts(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_a_thread_that_cannot_start_takes_nobodys_place(monkeypatch):
    async def work(threads: RequestThreads) -> list[int]:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", no_thread_starts)
            for run in (threads.run, threads.run_with_slot) * 3:
                with pytest.raises(RuntimeError, match="can't start"):
                    await asyncio.wait_for(run(int), 5)
        assert threads._under_way == 0
        await asyncio.wait_for(
            asyncio.gather(*(threads.run_with_slot(time.sleep, 0.01) for _ in range(9))), 10
        )
        return [len(threads._threads), threads._room._value]

    assert in_a_loop(work) == [4, 4]


def test_the_threads_that_run_do_the_work_of_those_that_cannot_start(monkeypatch):
    async def work(threads: RequestThreads) -> list[int]:
        await threads.run(int)
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", no_thread_starts)
            answers = await asyncio.wait_for(
                asyncio.gather(*(threads.run_with_slot(int) for _ in range(9))), 10
            )
        return [*answers, len(threads._threads)]

    assert in_a_loop(work) == [*[0] * 9, 1]


def test_what_a_task_waits_for_that_was_ended_is_done_all_the_same():
    slots, done = RequestSlots(1), threading.Event()

    async def work(threads: RequestThreads) -> int:
        slots.acquire()
        task = asyncio.ensure_future(threads.run_with_slot(done.set))
        await asyncio.sleep(MOMENT)
        task.cancel()
        slots.release()
        await asyncio.gather(task, return_exceptions=True)
        return await threads.run_with_slot(int)

    assert in_a_loop(work, slots) == 0
    assert done.is_set()
    assert slots._free == 1


def test_an_idle_thread_holds_nothing_of_what_it_answered():
    class Words:
        pass

    async def work(threads: RequestThreads) -> None:
        words = Words()
        kept = weakref.ref(words)
        await threads.run_with_slot(id, words)
        del words
        for _ in range(200):  # until the thread waits again
            gc.collect()
            if kept() is None:
                return
            await asyncio.sleep(MOMENT)
        raise AssertionError(gc.get_referrers(kept()))

    in_a_loop(work)
