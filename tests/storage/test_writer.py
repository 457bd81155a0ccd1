"""The writer: one COMMIT for all that wait, one answer each, and no failure spreads further than it must."""

from __future__ import annotations

import contextlib
import gc
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from campaign.storage import sqlite, writer
from campaign.storage.database import Database, NotStored, Unavailable, connect, migrate
from campaign.storage.tables import health

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Work = Callable[[Connection], Any]


def add(number: int) -> Work:
    def work(connection: Connection) -> int:
        connection.execute(insert(health).values(id=number, proved_at=NOW))
        return number

    return work


def stored(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(select(health.c.id).order_by(health.c.id)))


def path_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def write_in_one_group(database: Database, works: Sequence[Work]) -> list[Any]:
    return write_at_once(database, [lambda work=work: database.write(work) for work in works])


def write_at_once(database: Database, writes: Sequence[Callable[[], Any]]) -> list[Any]:
    """Let all of them wait for one group, each on its own thread; returns results or exceptions."""
    go_on, busy = threading.Event(), threading.Event()

    def hold(_connection: Connection) -> None:
        busy.set()
        go_on.wait(10)

    answers: list[Any] = [None] * len(writes)

    def write(index: int) -> None:
        try:
            answers[index] = writes[index]()
        except BaseException as error:
            answers[index] = error

    threads = [threading.Thread(target=write, args=(index,)) for index in range(len(writes))]
    holder = threading.Thread(target=database.write, args=(hold,))
    holder.start()
    busy.wait(10)
    for thread in threads:
        thread.start()
    while database._writer._requests.qsize() < len(writes):  # type: ignore[union-attr]
        time.sleep(0.001)
    go_on.set()
    for thread in [*threads, holder]:
        thread.join()
    return answers


def test_what_waits_is_committed_together(database: Database) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    assert write_in_one_group(database, [add(n) for n in range(20)]) == list(range(20))
    assert stored(database) == list(range(20))
    assert len(commits) == 2  # the holder's, and that of the twenty


def test_only_what_comes_shortly_after_a_commit_waits_for_company(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits, rests = list[object](), list[float]()
    rested, go_on = threading.Event(), threading.Event()

    def rest(seconds: float) -> None:
        rests.append(seconds)
        rested.set()
        go_on.wait(20)

    monkeypatch.setattr(writer, "time", SimpleNamespace(monotonic=time.monotonic, sleep=rest))
    event.listen(database.engine, "commit", commits.append)
    database.rest_between_commits(60)
    database.write(add(1))
    assert rests == []
    threads = [threading.Thread(target=database.write, args=(add(n),)) for n in range(2, 8)]
    for thread in threads:
        thread.start()
    assert rested.wait(20)
    while database._writer._requests.qsize() < 5:  # type: ignore[union-attr]
        time.sleep(0.001)
    go_on.set()
    for thread in threads:
        thread.join()
    assert 0 < rests[0] <= 60
    assert len(commits) == 2
    assert stored(database) == list(range(1, 8))
    database.rest_between_commits(0)  # else it rests once more as it is closed


def test_an_answer_comes_after_the_commit(database: Database) -> None:
    order: list[str] = []
    event.listen(database.engine, "commit", lambda _: order.append("commit"))
    database.write(add(1))
    order.append("answer")
    assert order == ["commit", "answer"]


def wrong_value(connection: Connection) -> None:
    add(100)(connection)
    raise ValueError("mine alone")


def no_such_table(connection: Connection) -> None:
    add(101)(connection)
    connection.execute(text("SELECT * FROM nowhere"))


def doubled_key(connection: Connection) -> None:
    add(102)(connection)
    add(102)(connection)


def leave(connection: Connection) -> None:
    add(103)(connection)
    raise SystemExit


@pytest.mark.parametrize(
    ("faulty", "error"),
    [
        (wrong_value, ValueError),
        (no_such_table, OperationalError),
        (doubled_key, IntegrityError),
        (leave, SystemExit),
    ],
)
def test_a_work_that_raises_loses_only_itself(
    database: Database, faulty: Work, error: type[BaseException]
) -> None:
    first, failed, last = write_in_one_group(database, [add(1), faulty, add(2)])
    assert (first, last) == (1, 2)
    assert isinstance(failed, error)
    assert stored(database) == [1, 2]


def test_trouble_of_the_disk_fails_everybody_in_the_group(database: Database) -> None:
    def full(_connection: Connection) -> None:
        error = type("sqlite3.OperationalError", (__import__("sqlite3").OperationalError,), {})(
            "disk is full"
        )
        error.sqlite_errorcode, error.sqlite_errorname = 13, "SQLITE_FULL"
        raise error

    answers = write_in_one_group(database, [add(1), full, add(2)])
    assert all(isinstance(answer, NotStored) for answer in answers)
    assert stored(database) == []
    assert database.write(add(3)) == 3


def test_a_full_queue_refuses_at_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "QUEUE_LENGTH", 2)
    small = connect(str(database.engine.url))
    go_on, busy = threading.Event(), threading.Event()
    holder = threading.Thread(target=small.write, args=(lambda _: (busy.set(), go_on.wait(10)),))
    holder.start()
    busy.wait(10)
    waiting = [threading.Thread(target=small.write, args=(add(n),)) for n in (1, 2)]
    for thread in waiting:
        thread.start()
    while small._writer._requests.qsize() < 2:  # type: ignore[union-attr]
        time.sleep(0.001)
    with pytest.raises(NotStored, match="too many"):
        small.write(add(3))
    go_on.set()
    for thread in [holder, *waiting]:
        thread.join()
    small.close()
    assert stored(database) == [1, 2]


def test_a_write_whose_turn_does_not_come_is_given_up_and_never_stored(database: Database) -> None:
    go_on, busy = threading.Event(), threading.Event()
    holder = threading.Thread(target=database.write, args=(lambda _: (busy.set(), go_on.wait(10)),))
    holder.start()
    busy.wait(10)
    with pytest.raises(NotStored, match=r"within 0\.05 s"):
        database.write(add(1), timeout=0.05)
    go_on.set()
    holder.join()
    assert database.write(add(2)) == 2
    assert stored(database) == [2]


def test_close_finishes_what_was_accepted_and_refuses_the_rest(database: Database) -> None:
    started = threading.Event()

    def slow(connection: Connection) -> int:
        started.set()
        time.sleep(0.1)
        return int(add(1)(connection))

    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(database.write(slow)))
    thread.start()
    started.wait(10)
    database.close()
    thread.join()
    assert answers == [1]
    with pytest.raises(NotStored, match="stopping"):
        database.write(add(2))


LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_lock_held_elsewhere_is_not_stored_and_passes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("BUSY_TIMEOUT", 0.7), ("STILL_BUSY", 0.0)):
        monkeypatch.setattr(f"campaign.storage.sqlite.{name}", seconds)
    hasty = connect(str(database.engine.url))
    command = [sys.executable, "-c", LOCK, str(path_of(database))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        took = []
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(NotStored, match="SQLITE_BUSY"):
                hasty.write(add(1))
            took.append(time.monotonic() - began)
        assert took[1] < 0.5 < took[0]  # it is known to be held: a queue would else wait so long for each
        assert stored(hasty) == []
        other.communicate()
    assert hasty.write(add(2)) == 2
    hasty.close()


BUSY = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
while True:
    connection.execute("BEGIN IMMEDIATE")
    print("locked", flush=True)
    time.sleep(0.02)
    connection.execute("COMMIT")
    time.sleep(0.002)
"""


def test_a_process_that_writes_all_the_time_keeps_nobody_waiting(database: Database) -> None:
    command = [sys.executable, "-c", BUSY, str(path_of(database))]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        took = []
        for number in range(20):
            began = time.monotonic()
            database.write(add(number + 2))
            took.append(time.monotonic() - began)
        other.kill()
    assert max(took) < 2


def test_nothing_is_acknowledged_into_a_file_that_was_moved_away(database: Database, tmp_path: Path) -> None:
    database.write(add(1))
    path, elsewhere = path_of(database), tmp_path / "elsewhere"
    path.rename(elsewhere)
    with pytest.raises(NotStored, match="gone or was replaced"):
        database.write(add(2))
    with pytest.raises(NotStored, match="SQLITE_CANTOPEN"):
        database.write(add(2))
    assert not path.exists()
    elsewhere.rename(path)
    assert database.write(add(3)) == 3
    assert stored(database) == [1, 3]


def test_nothing_is_acknowledged_into_a_file_that_is_moved_away_while_it_is_opened(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, may_write = path_of(database), sqlite._may_write
    database.engine.dispose()

    def moved_then(connection: sqlite3.Connection) -> bool:
        path.rename(tmp_path / "elsewhere")
        path.touch()
        return may_write(connection)

    with monkeypatch.context() as patched:
        patched.setattr(sqlite, "_may_write", moved_then)
        with pytest.raises(NotStored, match="gone or was replaced"):
            database.write(add(1))


def test_on_a_disk_turned_read_only_no_connection_waits_for_another_user(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = connect(f"sqlite:///{small_disk}/candle.sqlite")
    migrate(database)
    database.close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    monkeypatch.setattr(sqlite.time, "sleep", lambda _: pytest.fail("it waits"))
    with pytest.raises(Unavailable, match="SQLITE_CANTOPEN"), database.read():
        pass


def test_a_full_disk_is_not_stored_and_it_recovers_by_itself(small_disk: Path) -> None:
    database = connect(f"sqlite:///{small_disk}/candle.sqlite")
    migrate(database)
    database.write(lambda c: c.execute(text("CREATE TABLE notes (words TEXT)")))

    def write(words: str) -> None:
        database.write(lambda c: c.execute(text("INSERT INTO notes VALUES (:words)"), {"words": words}))

    write("kept")
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"0" * 4096):
            pass
    with pytest.raises(NotStored, match=r"SQLITE_FULL|SQLITE_IOERR"):
        write("x" * 200_000)
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM notes")) == 1
    filler.unlink()
    write("kept too")
    database.close()


class Shelf:
    """Stores numbers together; knows how many came at once, and refuses 13 in company and 7 always."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []

    def put(self, connection: Connection, numbers: Sequence[int]) -> list[str]:
        self.calls.append(list(numbers))
        for number in numbers:
            add(number)(connection)
        if 7 in numbers or (13 in numbers and len(numbers) > 1):
            raise ValueError("refused")
        return [f"stored {number}" for number in numbers]


def write_numbers(database: Database, shelf: Shelf, numbers: Sequence[int]) -> list[Any]:
    writers = [lambda number=number: database.write_together(shelf.put, number) for number in numbers]
    return write_at_once(database, writers)


def test_items_of_one_kind_are_handed_over_together_and_answered_each(database: Database) -> None:
    shelf = Shelf()
    answers = write_numbers(database, shelf, range(20, 30))
    assert answers == [f"stored {number}" for number in range(20, 30)]
    assert [sorted(call) for call in shelf.calls] == [list(range(20, 30))]
    assert stored(database) == list(range(20, 30))


def test_items_that_fail_in_company_are_tried_alone(database: Database) -> None:
    shelf = Shelf()
    answers = write_numbers(database, shelf, [1, 13, 2])
    assert answers == ["stored 1", "stored 13", "stored 2"]
    assert sorted(map(len, shelf.calls)) == [1, 1, 1, 3]
    assert stored(database) == [1, 2, 13]


def test_an_item_that_fails_alone_takes_no_other_with_it(database: Database) -> None:
    shelf = Shelf()
    first, failed, last = write_numbers(database, shelf, [1, 7, 2])
    assert (first, last) == ("stored 1", "stored 2")
    assert isinstance(failed, ValueError)
    assert stored(database) == [1, 2]


def test_an_item_alone_is_written_on_any_database(any_database: Database) -> None:
    assert any_database.write_together(Shelf().put, 5) == "stored 5"
    with pytest.raises(ValueError, match="refused"):
        any_database.write_together(Shelf().put, 7)
    assert stored(any_database) == [5]


class Words(str):
    """A supporter's words, whose end can be seen."""


def shelve(connection: Connection, items: Sequence[Words]) -> list[int]:
    """Store words; "wrong" ones fail by their own fault, and for "full" ones there is no room for anybody."""
    for item in items:
        if item == "wrong":
            raise ValueError(item)
        if item == "full":
            raise OperationalError("INSERT", list(items), full_disk())
    return [add(int(item))(connection) for item in items]


def full_disk() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk is full")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_FULL, "SQLITE_FULL"
    return error


def put(database: Database, word: str, alive: Any) -> int:
    mine = Words(word)
    alive.add(mine)
    return database.write_together(shelve, mine)


def forget(database: Database, word: str, alive: Any) -> None:
    with contextlib.suppress(Exception):
        put(database, word, alive)


def put_words(database: Database, words: Sequence[str], alive: Any) -> list[Any]:
    return write_at_once(database, [lambda word=word: put(database, word, alive) for word in words])


@pytest.mark.parametrize("words", [["1", "2", "3"], ["1", "wrong", "3"], ["wrong"], ["1", "full", "3"]])
def test_no_words_stay_in_memory_once_they_are_answered(database: Database, words: list[str]) -> None:
    """Nor do they wait for the garbage collector, which may come much later."""
    alive: weakref.WeakSet[Words] = weakref.WeakSet()
    gc.disable()
    try:
        write_at_once(database, [lambda word=word: forget(database, word, alive) for word in words])
        deadline = time.monotonic() + 5
        while alive and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not sorted(alive)
    finally:
        gc.enable()


@pytest.mark.parametrize("words", [["1", "wrong", "3"], ["1", "full", "3"]])
def test_an_error_holds_no_words_of_others(database: Database, words: list[str]) -> None:
    """Whoever keeps one, as `/health` does, keeps with it what the functions knew in which it was raised."""
    alive: weakref.WeakSet[Words] = weakref.WeakSet()
    answers = put_words(database, words, alive)
    kept = next(answer for answer in answers if isinstance(answer, Exception))
    answers.clear()
    deadline = time.monotonic() + 5
    while len(alive) > 1 and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)
    assert len(alive) <= 1
    assert kept.__traceback__ is not None


def test_an_error_of_everybody_s_tells_where_it_was_raised(database: Database) -> None:
    answers = put_words(database, ["1", "full"], set())
    assert len({id(answer) for answer in answers}) == 2
    for answer in answers:
        assert "SQLITE_FULL" in str(answer)
        assert "translate_driver_errors" in [
            frame.name for frame in traceback.extract_tb(answer.__traceback__)
        ]
