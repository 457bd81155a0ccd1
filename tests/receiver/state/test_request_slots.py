"""Request slots: few requests are worked on at once, in their order, and none of them while it waits."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from receiver.staff import login
from receiver.state.request_slots import AT_ONCE, PATIENCE, RequestSlots
from tests.receiver.conftest import GOOD, JSON, SITE, Supporter, browser, log_in
from tests.support.table import table

SLOW = PATIENCE / 2  # seconds that nobody waits who finds a slot


def in_threads(number, work):
    """Start `work` on so many threads, each a moment after the other."""
    threads = [threading.Thread(target=work, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    return threads


def test_a_slot_goes_to_the_thread_that_waits_longest():
    slots, order = RequestSlots(1, patience=10), []

    def work(index):
        slots.acquire()
        order.append(index)
        slots.release()

    slots.acquire()
    threads = [threading.Thread(target=work, args=(index,)) for index in range(5)]
    for index, thread in enumerate(threads):
        thread.start()
        while thread.is_alive() and len(slots._waiting) <= index:
            time.sleep(0.001)
    slots.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_thread_that_waited_too_long_goes_on_and_has_no_slot_to_give():
    slots = RequestSlots(1, patience=0.05)
    slots.acquire()
    with ThreadPoolExecutor(1) as pool:
        for _ in range(3):
            assert pool.submit(lambda: (slots.acquire(), slots.release())).result(10)
    assert slots._free == 0
    slots.release()
    slots.release()
    assert slots._free == 1


def test_no_thread_holds_two():
    slots = RequestSlots(2)
    slots.acquire()
    slots.acquire()
    assert slots._free == 1


def test_no_slot_is_lost_or_made_however_they_are_taken():
    """Patience ends at every moment, so also at the very one at which a slot is handed over."""
    slots, inside, most = RequestSlots(3, patience=0.002), [], []

    def work(index):
        for number in range(150):
            slots.acquire()
            if slots._is_held():
                inside.append(index)
                most.append(len(inside))
                time.sleep(0.001 * (number % 3))
                inside.remove(index)
            slots.release()

    for thread in in_threads(12, work):
        thread.join()
    assert max(most) <= 3
    assert (slots._free, list(slots._waiting)) == (3, [])


def test_no_more_requests_than_have_a_turn_are_worked_on(app, monkeypatch):
    at_work, most = [], []

    def view(slug):
        at_work.append(slug)
        most.append(len(at_work))
        time.sleep(0.01)
        at_work.pop()
        return "done"

    monkeypatch.setitem(app.view_functions, "public.token", view)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: app.test_client().get("/mikita/token"), range(16)))
    assert max(most) == AT_ONCE


@contextmanager
def standing_disk(database):
    """Let nothing be written while the block runs."""
    go_on, busy = threading.Event(), threading.Event()
    holder = threading.Thread(target=database.write, args=(lambda _: (busy.set(), go_on.wait(20)),))
    holder.start()
    busy.wait(10)
    try:
        yield
    finally:
        go_on.set()
        holder.join()


def answered_in(app) -> float:
    """Return the seconds in which somebody is answered who waits for nothing: a busy machine delays some."""
    taken = []
    for _ in range(3):
        began = time.monotonic()
        assert app.test_client().get("/mikita/token").status_code == 200
        taken.append(time.monotonic() - began)
    return min(taken)


def test_who_waits_for_the_disk_keeps_nobody_else_waiting(app, clock, database):
    answers = []
    with standing_disk(database):
        threads = in_threads(
            AT_ONCE + 2,
            lambda _: answers.append(Supporter(app.test_client(), clock).send(headers=JSON).status_code),
        )
        while database._writer._requests.qsize() < len(threads):
            time.sleep(0.01)
        took = answered_in(app)
    for thread in threads:
        thread.join()
    assert took < SLOW
    assert answers == [201] * len(threads)


def test_who_asks_for_the_health_of_a_standing_disk_keeps_nobody_else_waiting(app, database):
    with standing_disk(database):
        threads = in_threads(AT_ONCE + 2, lambda _: app.test_client().get("/health"))
        took = answered_in(app)
    for thread in threads:
        thread.join()
    assert took < SLOW


def test_who_guesses_passwords_keeps_nobody_else_waiting(app):
    at_once = login._strangers._part(workers=1)
    for _ in range(4):
        at_once.acquire()
    try:
        threads = in_threads(AT_ONCE + 1, lambda _: log_in(browser(app), "olga", "a guess"))
        time.sleep(0.1)
        took = answered_in(app)
    finally:
        for _ in range(4):
            at_once.release()
    for thread in threads:
        thread.join()
    assert took < SLOW


@table(
    ("method", "path", "data"),
    [
        ("GET", "/nothing", None),
        ("POST", "/mikita/messages", b"x" * 20_000),
        ("POST", "/mikita/messages", b"\xff"),
        ("POST", "/mikita/messages", GOOD),
        ("PUT", "/mikita/messages", None),
        ("GET", "/health", None),
        ("GET", "/staff/login", None),
        ("GET", "/static/page/0/page.css", None),
    ],
)
def test_every_request_gives_its_slot_back(app, method, path, data):
    app.test_client().open(path, method=method, data=data, headers={"Origin": SITE}).close()
    assert app.extensions["candle"].request_slots._free == AT_ONCE


def test_a_fault_of_ours_gives_its_slot_back(app, monkeypatch):
    monkeypatch.setitem(app.view_functions, "public.token", lambda slug: 1 / 0)
    assert app.test_client().get("/mikita/token").status_code == 500
    assert app.extensions["candle"].request_slots._free == AT_ONCE
