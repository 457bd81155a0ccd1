"""What killed runs leave behind: it holds words, and goes with an erasure and with each purge."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.content.campaign import Campaign
from campaign.keeping import abandoned_files, erasure, keepsake, retention
from campaign.keeping.keepsake import KeepsakeError
from campaign.press.next_batch import Press
from campaign.settings import Settings
from campaign.storage import disk
from campaign.storage.database import Database
from campaign.storage.lease import lease
from tests.conftest import NOW, TODAY
from tests.support import pdf, terminal
from tests.support.commands import starting
from tests.support.press import approve

MARK = "Zażółć gęślą jaźń, Mikita"
OTHERS = [f"Message {n}, and some words beside it." for n in range(40)]
KILLED = """
import os, signal
from build import cli
from campaign.press import rendering
rendering.proof = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
cli(["cards", "mikita", "--final"])
"""


def holding(folder: Path) -> list[str]:
    """The files below a folder whose bytes hold the mark, or whose pages show it."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        shown = pdf.text_of(path) if path.suffix == ".pdf" else ""
        if MARK.encode() in path.read_bytes() or "".join(MARK.split()) in shown:
            found.append(str(path.relative_to(folder)))
    return found


@pytest.fixture
def killed(database: Database, tmp_path: Path) -> str:
    """The id of a message that a run had drawn that was killed before the proof; its batch stays planned."""
    (identifier, *_) = approve(database, [MARK, *OTHERS])
    done = starting().run_python("-c", KILLED, environ=terminal.environ(database, tmp_path))
    assert (done.returncode, done.stdout) == (-9, ""), done.stderr
    assert holding(tmp_path / "cards") == ["mikita/.batch-0001.part/sheets.pdf"]
    return identifier


@pytest.mark.slow
def test_an_erasure_takes_the_half_made_sheets_of_a_killed_run_with_it(
    database: Database, killed: str, tmp_path: Path
) -> None:
    environ = terminal.environ(database, tmp_path)
    with terminal.build("messages", "mikita", "erase", killed, environ=environ) as run:
        status, said = run.end()
    assert (status, said.splitlines()[0]) == (0, f"{killed}: erased")
    assert holding(tmp_path) == []
    assert list((tmp_path / "cards" / "mikita").iterdir()) == []
    with terminal.build("cards", "mikita", environ=environ) as run:
        status, said = run.end()
    told = f"batch 1 of mikita: {len(OTHERS)} messages "
    assert (status, said[: len(told)]) == (0, told)
    assert holding(tmp_path) == []


@pytest.mark.slow
def test_a_purge_takes_them_after_a_withdrawal(
    database: Database, killed: str, tmp_path: Path, campaign: Campaign
) -> None:
    database.write(lambda connection: erasure.erase(connection, killed, "withdrawn", TODAY))
    purged = retention.purge(database, campaign, NOW, tmp_path)
    retention.scrub(database)
    assert str(purged) == "erased 1 leftover of killed runs"
    assert holding(tmp_path) == []
    assert retention.purge(database, campaign, NOW, tmp_path).unfinished == ()


@pytest.fixture
def unfinished(tmp_path: Path) -> dict[str, Path]:
    """What runs have half made, by the name under which each holds it."""
    part = tmp_path / "cards" / "mikita" / ".batch-0007.part"
    old = tmp_path / "cards" / "mikita" / ".batch-0012.old"
    keepsake = tmp_path / "keepsake" / ".mikita.pdf.part"
    for path in (part / "sheets.pdf", old / "sheets.pdf", keepsake):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MARK)
    return {"mikita/7": part, "mikita/12": old, "mikita/keepsake": keepsake}


@pytest.mark.parametrize("name", ["mikita/7", "mikita/12", "mikita/keepsake"])
def test_what_a_run_is_at_stays_and_all_else_goes(
    any_database: Database, unfinished: dict[str, Path], tmp_path: Path, name: str
) -> None:
    with lease(any_database, name):
        gone = abandoned_files.delete_abandoned(any_database, tmp_path, "mikita").gone
    assert set(gone) == set(unfinished.values()) - {unfinished[name]}
    assert [path.exists() for path in gone] == [False, False]
    assert unfinished[name].exists()
    assert abandoned_files.delete_abandoned(any_database, tmp_path, "mikita") == ((unfinished[name],), ())
    assert holding(tmp_path) == []


def test_whole_batches_and_other_campaigns_stay(database: Database, tmp_path: Path) -> None:
    """And where nothing is left no lock is looked at, for which the other user could have put a link."""
    Path(f"{database.engine.url.database}.mikita-keepsake.lock").symlink_to("nowhere")
    kept = [
        tmp_path / "cards" / name / "sheets.pdf" for name in ("mikita/batch-0001", "anna/.batch-0001.part")
    ]
    for path in kept:
        path.parent.mkdir(parents=True)
        path.touch()
    assert abandoned_files.delete_abandoned(database, tmp_path, "mikita") == ((), ())
    assert all(path.exists() for path in kept)


def test_a_link_goes_and_what_it_leads_to_stays(database: Database, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").touch()
    (tmp_path / "cards" / "mikita").mkdir(parents=True)
    link = tmp_path / "cards" / "mikita" / ".batch-0007.part"
    link.symlink_to(tmp_path / "letters")
    assert abandoned_files.delete_abandoned(database, tmp_path, "mikita") == ((link,), ())
    assert not link.is_symlink()
    assert (tmp_path / "letters" / "letter.txt").exists()


def test_what_cannot_be_deleted_is_named_and_stops_no_purge(
    database: Database,
    unfinished: dict[str, Path],
    campaign: Campaign,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remove = disk.remove

    def removed(path: Path) -> None:
        if path == unfinished["mikita/7"]:
            raise PermissionError(13, "Permission denied")
        remove(path)

    monkeypatch.setattr(disk, "remove", removed)
    purged = retention.purge(database, campaign, NOW, tmp_path)
    assert set(purged.unfinished) == {unfinished["mikita/12"], unfinished["mikita/keepsake"]}
    (told,) = purged.left
    assert told.startswith(f"{unfinished['mikita/7']}: cannot be deleted (Permission denied)")


def test_a_keepsake_is_made_by_one_run_at_a_time(
    any_database: Database, campaign: Campaign, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "keepsake.pdf"
    wanted = Press.from_settings(any_database, campaign, settings, NOW)
    with (
        lease(any_database, "mikita/keepsake"),
        pytest.raises(KeepsakeError, match="another run is making it"),
    ):
        keepsake.make(wanted, file)
    with pytest.raises(KeepsakeError, match="nothing was posted yet"):
        keepsake.make(wanted, file)
