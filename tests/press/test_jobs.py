"""Sheets drawn and proofed by several processes: the same bytes, the same faults, and none left over."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from campaign.press import next_batch, rendering, reprinting, sheet_files, stacks
from campaign.press.crew import WorkerLost, crew
from campaign.press.stacks import RenderingError
from tests.press.runs import live_messages, printed_messages, states
from tests.support import terminal
from tests.support.lanes import few
from tests.support.press import approve
from tests.support.sample_messages import MESSAGES


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few cards are shared as many are."""
    monkeypatch.setattr(next_batch, "FEWEST_MESSAGES", 1)


@pytest.fixture
def approved(database) -> list[str]:
    """Messages in every script, some cards of which stay with others for a sheet."""
    known = [(f"{text} {n}", name, language) for n in range(2) for language, text, name in MESSAGES.values()]
    return [ident for text, name, of in known for ident in approve(database, [(text, name)], language=of)]


def processes() -> set[str]:
    """The processes that this one began."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.mark.slow
@pytest.mark.parametrize("per_card", ["fill", 1])
def test_the_files_are_the_same_bytes_however_many_processes_share_the_work(
    run, database, folder, approved, campaign, settings, monkeypatch, per_card
):
    monkeypatch.setattr(sheet_files, "SHEETS_PER_FILE", 1 if per_card == "fill" else 4)
    monkeypatch.setattr(stacks, "MOST_AT_ONCE", 1)
    told = {}
    card = replace(campaign.card, messages_per_card=per_card)
    for number, jobs in enumerate((1, 2, 4), 1):
        run(final=True, jobs=jobs, campaign=replace(campaign, card=card))
        made = folder / f"batch-{number:04}"
        told[jobs] = {file.name: file.read_bytes() for file in made.glob("sheets*.pdf")}
        reprinting.void(database, campaign, settings, number, "the same once more")
    assert len(told[1]) > 1
    assert told[2] == told[1]
    assert told[4] == told[1]


@pytest.mark.slow
def test_a_fault_is_named_as_one_process_names_it(run, database, approved, monkeypatch):
    real = stacks._setting
    monkeypatch.setattr(stacks, "_setting", lambda slot, ts: real(replace(slot, text=f"not {slot.text}"), ts))
    said = []
    for jobs in (1, 3):
        with pytest.raises(RenderingError) as caught:
            run(final=True, jobs=jobs)
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert "its words are not those approved" in said[0]
    assert states(database) == ["planned"]


@pytest.mark.slow
def test_what_no_card_can_carry_is_left_out_by_whichever_process_meets_it(
    run, database, approved, folder, monkeypatch
):
    real = stacks._setting

    def refusing(slot, typesetter):
        if slot.message == approved[-1]:
            raise stacks.NotPrintable([stacks.Unprinted(slot.message, "it is odd")])
        return real(slot, typesetter)

    monkeypatch.setattr(stacks, "_setting", refusing)
    found = run(final=True, jobs=2)
    assert found.complaints == [f"message {approved[-1]} is not printed: it is odd"]
    assert live_messages(database) == sorted(approved[:-1])
    assert states(database) == ["rendered"]


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["setting cards", "proofing cards"])
def test_a_run_that_loses_a_process_says_so_and_the_next_finishes_it(
    run, database, approved, folder, campaign, monkeypatch, moment
):
    object.__setattr__(campaign, "card", replace(campaign.card, messages_per_card=1))
    monkeypatch.setattr(rendering, "CARDS_PER_REPORT", 1)
    monkeypatch.setattr(stacks, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(sheet_files, "SHEETS_PER_FILE", 4)
    before = processes()

    def killing(what: str, _done: int, _of: int) -> None:
        if what == moment:
            for one in processes() - before:
                with suppress(ProcessLookupError):
                    os.kill(int(one), signal.SIGKILL)

    with pytest.raises(WorkerLost, match=r"stays planned: run the command again"):
        run(final=True, jobs=2, progress=killing)
    assert processes() == before
    assert states(database) == ["planned"]
    assert not list(folder.glob("*"))
    assert not list(folder.glob(".*"))
    run(final=True, jobs=2)
    assert states(database) == ["rendered"]
    assert sorted(printed_messages(folder)) == sorted(approved)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_words_are_read_ahead_while_processes_have_work_and_never_else(
    run, approved, campaign, monkeypatch, jobs
):
    monkeypatch.setattr(sheet_files, "SHEETS_PER_FILE", 4)
    done: list[str] = []
    for module, name in ((next_batch, "_printable"), (rendering, "_proof")):
        noted = noting(done, name, getattr(module, name))
        monkeypatch.setattr(module, name, noted)
    card = replace(campaign.card, messages_per_card=1)
    run(final=True, jobs=jobs, campaign=replace(campaign, card=card))
    files = len(done) // 2
    assert files > 1
    one_by_one = ["_printable", "_proof"] * files
    assert done == (one_by_one if jobs == 1 else ["_printable", *one_by_one[:-2], "_proof"])


def noting(done: list[str], name: str, function: Callable) -> Callable:
    return lambda *args: done.append(name) or function(*args)


@pytest.mark.slow
def test_a_run_ends_its_processes(run, approved):
    before = processes()
    seen = []

    def watching(what: str, _done: int, _of: int) -> None:
        seen.append((what, len(processes() - before)))

    run(final=True, jobs=2, progress=watching)
    assert ("setting cards", 2) in seen
    assert ("proofing cards", 2) in seen
    assert processes() == before


@pytest.mark.slow
@pytest.mark.parametrize("moment", few(1, ["proofing cards", "setting cards"]))
def test_processes_go_with_a_run_that_is_killed_and_the_next_run_finishes(database, tmp_path, moment, folder):
    ids = approve(database, [f"Message {n}, and some words that take their time." for n in range(3_000)])
    environ = terminal.environ(database, tmp_path / "_build")
    command = ("cards", "mikita", "--final", "--jobs", "2")
    with terminal.build(*command, environ=environ) as killed:
        killed.until(moment)
        begun = descendants(killed.process.pid)
        os.kill(killed.process.pid, signal.SIGKILL)
        killed.process.wait()
        assert len(begun) == 2
        assert within(10, lambda: not any(alive(one) for one in begun))
    with terminal.build(*command, environ=environ) as run:
        status, printed = run.end()
    assert status == 0
    assert printed.startswith("batch 1 of mikita: 3000 messages")
    assert states(database) == ["rendered"]
    assert live_messages(database) == sorted(ids)


def descendants(process: int) -> list[int]:
    return [
        int(one)
        for task in Path(f"/proc/{process}/task").iterdir()
        for one in (task / "children").read_text().split()
    ]


def alive(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_more_is_sent_and_answered_than_a_pipe_holds():
    big = [bytes([n]) * 1_000_000 for n in range(6)]
    with crew(2) as both:
        assert list(both.map(bytes.swapcase, big)) == [one.swapcase() for one in big]


def test_what_a_process_raises_is_raised_here_with_where_it_was():
    with crew(2) as both, pytest.raises(ZeroDivisionError) as caught:
        list(both.map(lambda_free, [1, 0]))
    assert "lambda_free" in caught.value.__notes__[0]


def lambda_free(number: int) -> float:
    return 1 / number


def test_no_lock_or_connection_of_the_run_is_held_by_its_processes(tmp_path):
    with (tmp_path / "held").open("w"), crew(2) as both:
        assert list(both.map(open_files, [0, 0])) == [[], []]


def open_files(_task: int) -> list[str]:
    found = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [one for one in found if "held" in one or "sqlite" in one or "lock" in one]


def test_a_stop_is_for_the_run_to_answer():
    before = processes()
    with crew(2) as both:
        for one in processes() - before:
            with suppress(ProcessLookupError):
                os.kill(int(one), signal.SIGTERM)
                os.kill(int(one), signal.SIGINT)
        assert list(both.map(abs, [-1, -2, -3])) == [1, 2, 3]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_done_meanwhile_goes_with_its_block_and_is_never_done_by_one_alone(processes):
    done = []
    with crew(processes) as some:
        with some.doing(lambda: done.append(1)):
            list(some.map(abs, [1]))
        list(some.map(abs, [1]))
    assert len(done) == processes - 1


@pytest.mark.parametrize("left", ["closed", "at fault"])
def test_what_was_begun_and_is_wanted_no_more_is_not_taken_for_another_result(left):
    with crew(2) as both:
        results = both.map(lambda_free, [1, 0 if left == "at fault" else 1, 2, 4])
        next(results)
        with suppress(ZeroDivisionError):
            next(results)
            results.close()
        assert list(both.map(abs, [-7, -8, -9])) == [7, 8, 9]


def test_whoever_begins_while_others_have_tasks_left_gets_its_own_results_and_they_theirs():
    with crew(2) as both:
        first = both.map(abs, range(-7, 0))
        begun = [next(first)]
        second = both.map(str, range(5))
        third = both.map(float, range(3))
        assert list(third) == [0.0, 1.0, 2.0]
        assert [*begun, *first] == [7, 6, 5, 4, 3, 2, 1]
        assert list(second) == ["0", "1", "2", "3", "4"]


def test_a_file_is_begun_when_the_one_before_is_drawn(monkeypatch):
    begun: list[int] = []
    monkeypatch.setattr(stacks, "stacks", lambda _setup, cards, _jobs: begun.append(cards[0]) or iter(()))
    for processes in (1, 2):
        begun.clear()
        with crew(processes) as some:
            ahead = stacks.Ahead(lambda cards: list(cards), [range(3), range(3, 6)], None, some)
            cards, drawn = ahead.take()
            ahead.read()
            assert (cards, begun) == ([0, 1, 2], [0])
            assert list(drawn) == []
            assert begun == [0, 3][:processes]
            assert ahead.take()[0] == [3, 4, 5]
            assert begun == [0, 3]


def test_the_next_task_is_ready_before_a_result_is_waited_for():
    begun = []
    with crew(2) as both:
        results = both.map(abs, (begun.append(n) or n for n in range(6)))
        next(results)
        assert begun == [0, 1, 2, 3]
        results.close()
