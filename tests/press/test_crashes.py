"""Stopped, killed, without room, at odds with its proof: the next run of the press finishes the work."""

from __future__ import annotations

import errno
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name

import pytest

from campaign import ROOT
from campaign.messages import queries
from campaign.press import proofing, rendering, reprinting, stacks
from campaign.press.stacks import RenderingError
from campaign.settings import Settings
from campaign.storage.database import Database, InDoubt
from tests.conftest import APPROVAL_KEY, SECRET_KEY
from tests.press.runs import (
    TEXTS,
    Stopped,
    live_messages,
    printed_messages,
    states,
)
from tests.support.lanes import few
from tests.support.postgresql import administer, as_administrator, commits_unanswered
from tests.support.press import approve

pytestmark = pytest.mark.slow  # a run of the press for each write of it

STEPS = [
    "campaign.ledger.claims.claim",
    "campaign.press.picture_cache.replace_file",
    "campaign.press.rendering.write_file",
    "campaign.press.rendering.join_sheets",
    "campaign.press.rendering.proof",
    "campaign.press.rendering.manifest.add",
    "campaign.press.rendering.cover_sheet.write",
    "campaign.press.rendering.sync",
    "campaign.press.rendering.replace_folder",
    "campaign.ledger.transitions.mark_rendered",
]


# What a step writes beside the database is the same on both: the rest of PostgreSQL's waits for the soak.
CASES = [
    *(("sqlite", step) for step in STEPS),
    *few(2, (("postgresql", step) for step in sorted(STEPS, key=lambda step: ".ledger." not in step))),
]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("database", "step"), CASES, indirect=["database"])
def test_a_run_that_is_stopped_at_any_step_is_finished_by_the_next(
    run, database, folder, monkeypatch, step, moment
):
    ids = approve(database, TEXTS)
    with monkeypatch.context() as patched:
        patched.setattr(step, stopping(step, moment))
        with pytest.raises(BaseException):  # noqa: B017, PT011  # Stopped, or what the database makes of it
            run(final=True)
    assert not list(folder.glob(".*"))
    run(final=True)
    assert states(database) == ["rendered"]
    assert live_messages(database) == sorted(ids)
    assert printed_messages(folder) == ids
    assert sorted(path.name for path in folder.iterdir()) == ["batch-0001"]


def stopping(step: str, moment: str) -> Callable[..., object]:
    original = resolve_name(step)

    def stopped(*arguments: object, **more: object) -> object:
        if moment == "after":
            original(*arguments, **more)
        raise Stopped

    return stopped


RUN = """
import os, signal, sys
from dataclasses import replace
from datetime import datetime, UTC
from pathlib import Path
from pkgutil import resolve_name
from campaign.cards.type.typesetter import Typesetter
from campaign.content.campaign import load
from campaign.press.next_batch import next_batch
from campaign.storage.database import Database, connect
from campaign.settings import Settings
url, build, picture, *keys = sys.argv[1:]
settings = Settings(secret_key=keys[0], approval_key=keys[1], build_dir=Path(build))
campaign = replace(load(Path("content/mikita")), card_picture=Path(picture))
def run():
    next_batch(connect(url), campaign, settings, datetime.now(UTC), final=True)
"""
# Each process kills itself before another write, until one is left alive.
KILL = (
    RUN
    + """
def step(function):
    def counted(*arguments, **more):
        global steps
        steps -= 1
        if not steps:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **more)
    return counted
Typesetter(105, 148).set("loads the fonts, once for all", "Ann")
for steps in range(1, 100):
    if not (child := os.fork()):
        os.fsync, os.rename, os.open = step(os.fsync), step(os.rename), step(os.open)
        Database.write = step(Database.write)
        run()
        os._exit(0)
    if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        break
    print(steps, flush=True)
"""
)


def run_elsewhere(
    database: Database, settings: Settings, art: Path, program: str = RUN + "run()", **more: object
) -> subprocess.CompletedProcess[str]:
    """Run the press in a process of its own."""
    url = database.engine.url.render_as_string(hide_password=False)
    command = [
        sys.executable,
        "-c",
        program,
        url,
        str(settings.build_dir),
        str(art),
        SECRET_KEY,
        APPROVAL_KEY,
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **more)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(
    ("database", "every"), few(1, [("sqlite", 3), ("sqlite", 1), ("postgresql", 1)]), indirect=["database"]
)
def test_a_run_that_is_killed_before_any_write_is_finished_by_the_next(
    settings, campaign, database, folder, every
):
    ids = approve(database, TEXTS)
    program = KILL.replace("range(1, 100)", f"range(1, 100, {every})")
    killed = run_elsewhere(database, settings, campaign.illustration, program)
    assert not killed.stderr
    assert len(killed.stdout.split()) > 8 // every
    run_elsewhere(database, settings, campaign.illustration)
    assert states(database) == ["rendered"]
    assert live_messages(database) == sorted(ids)
    assert printed_messages(folder) == ids
    assert sorted(path.name for path in folder.iterdir()) == ["batch-0001"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("done", [True, False])
def test_the_sheets_are_there_of_a_batch_that_is_rendered_though_no_answer_came_to_its_commit(
    run, planned, database, folder, done
):
    with commits_unanswered(database, done=done), nullcontext() if done else pytest.raises(InDoubt):
        run()
    assert (states(database), (folder / "batch-0001").exists()) == (["rendered" if done else "planned"], done)
    run()
    assert states(database) == ["rendered"]
    assert printed_messages(folder) == planned


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_run_whose_lease_the_server_ended_leaves_the_sheets_of_the_next(
    run, planned, database, folder, monkeypatch
):
    lease = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    replace_folder = rendering.replace_folder

    def overtaken(*folders: Path) -> None:
        monkeypatch.setattr(rendering, "replace_folder", replace_folder)
        administer(as_administrator(database), lease)
        run()
        replace_folder(*folders)

    monkeypatch.setattr(rendering, "replace_folder", overtaken)
    with pytest.raises(RenderingError):
        run()
    assert states(database) == ["rendered"]
    assert printed_messages(folder) == planned


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nobody_prints_the_sheets_of_which_nobody_knows_whether_they_are_void(
    run, planned, database, folder, campaign, settings
):
    run()
    for done in (False, True):
        with commits_unanswered(database, done=done), pytest.raises(InDoubt):
            reprinting.void(database, campaign, settings, 1, "spoiled")
        assert not (folder / "batch-0001").exists()
    assert states(database) == ["void"]


def test_a_full_disk_is_refused_in_plain_words_and_leaves_nothing_half_written(
    run, planned, settings, database, folder
):
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))

    large = ROOT / "content/mikita/illustration.svg"
    refused = run_elsewhere(database, settings, large, preexec_fn=small_files)
    assert "sheets.pdf: cannot be written (File too large)" in refused.stderr
    assert "RenderingError" in refused.stderr
    assert not list(folder.glob("*"))
    assert states(database) == ["planned"]
    run()
    assert states(database) == ["rendered"]
    assert printed_messages(folder) == planned


def test_a_folder_that_cannot_be_written_is_refused_and_the_batch_stays_planned(run, database, settings):
    approve(database, TEXTS)
    settings.build_dir.parent.mkdir(exist_ok=True)
    settings.build_dir.write_text("not a folder")
    with pytest.raises(RenderingError, match=r"cannot be written \(Not a directory\).*stays planned"):
        run(final=True)
    assert states(database) == ["planned"]
    settings.build_dir.unlink()
    run()
    assert states(database) == ["rendered"]


def test_no_sheets_are_left_of_a_batch_that_may_not_be_there(run, planned, database, folder, monkeypatch):
    """The disk fails once they are in place: the ledger knows nothing of them, and they lay there."""

    def no_folder(path: Path) -> None:
        if path == folder and (folder / "batch-0001").exists():
            raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(rendering, "sync", no_folder)
        with pytest.raises(RenderingError, match="Input/output error"):
            run()
    assert not list(folder.glob("*"))
    (folder / ".batch-0001.old").mkdir()  # of a run that was killed as it took the place of another
    run()
    assert [path.name for path in folder.iterdir()] == ["batch-0001"]
    assert printed_messages(folder) == planned


def test_sheets_that_a_killed_run_left_are_not_to_be_printed(run, planned, database, folder, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("campaign.ledger.transitions.mark_rendered", stopping(STEPS[-1], "before"))
        with pytest.raises(BaseException):  # noqa: B017, PT011  # Stopped, or what the database makes of it
            run()
    sheets = folder / "batch-0001" / "sheets.pdf"
    (fault,) = proofing.proof_file(sheets, database).faults
    assert "it is planned, print nothing of this; `build.py cards mikita` makes its sheets anew" in fault
    run()
    assert proofing.proof_file(sheets, database).passed
    assert printed_messages(folder) == planned


def test_a_failed_proof_names_the_card_and_keeps_the_batch_planned(run, database, folder, monkeypatch):
    approve(database, TEXTS)
    real = stacks._setting
    with monkeypatch.context() as patched:
        patched.setattr(stacks, "_setting", lambda slot, ts: real(replace(slot, text="Wrong words"), ts))
        with pytest.raises(
            RenderingError, match=r"sheets.pdf: the proof found 1 fault; card 1: its words are not"
        ):
            run(final=True)
    assert states(database) == ["planned"]
    assert not list(folder.glob("*"))
    run()
    assert states(database) == ["rendered"]


def test_a_card_that_fails_for_no_message_s_sake_waits_again_and_the_others_are_printed(
    run, database, campaign, monkeypatch
):
    """Set by itself the message would be read; that most cards fail so is the program's fault, above."""
    object.__setattr__(campaign, "card", replace(campaign.card, messages_per_card=1))
    ids = approve(database, ["Good", "Cursed", "Good too"])
    real = stacks._setting
    monkeypatch.setattr(
        stacks,
        "_setting",
        lambda slot, ts: real(replace(slot, text=slot.text.replace("Cursed", "Wrong")), ts),
    )
    found = run(final=True)
    assert [complaint.split()[1] for complaint in found.complaints] == [ids[1]]
    assert states(database) == ["rendered"]
    assert live_messages(database) == sorted([ids[0], ids[2]])
    with database.read() as connection:
        assert queries.get(connection, ids[1]).state == "waiting"
