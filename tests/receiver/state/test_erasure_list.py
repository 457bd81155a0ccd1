"""Several public machines on one database: each has the whole list of what was taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from campaign.keeping import erasure, erasures_file
from campaign.storage.database import Database
from receiver.state.erasure_list import ErasureList
from receiver.state.outages import MINUTE
from tests.conftest import TODAY, Submit


@pytest.fixture
def planned() -> list[tuple[float, Callable[[], None]]]:
    """What is to be done later, for a test to do at once."""
    return []


@pytest.fixture
def elsewhere(postgresql_database: Database, tmp_path: Path, planned) -> ErasureList:  # type: ignore[no-untyped-def]
    """The list of a machine on which nothing is taken back."""
    return ErasureList(
        postgresql_database,
        tmp_path / "b" / "erasures.txt",
        lambda after, work: planned.append((after, work)),
    )


def erased(database: Database, submit: Submit, words: str) -> str:
    identifier = submit(database, words).message
    database.write(lambda c: erasure.erase(c, identifier, "withdrawn", TODAY))
    return identifier


def test_what_one_machine_erased_is_in_the_other_s_list_within_a_minute(
    postgresql_database: Database, submit: Submit, tmp_path: Path, elsewhere: ErasureList, planned
) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "b" / "erasures.txt"
    ids = [erased(postgresql_database, submit, "before it started")]
    elsewhere.follow()
    assert [entry.whose for entry in erasures_file.read(file)] == ids
    for number in range(2):
        ids.append(erased(postgresql_database, submit, f"later {number}"))
        (seconds, again) = planned.pop()
        assert seconds == MINUTE
        again()
        assert [entry.whose for entry in erasures_file.read(file)] == ids
    before = file.stat().st_mtime_ns
    planned.pop()[1]()
    assert file.stat().st_mtime_ns == before


def test_a_list_that_cannot_be_written_is_told_once_and_tried_again(
    postgresql_database: Database, submit: Submit, tmp_path: Path, elsewhere: ErasureList, planned, caplog
) -> None:  # type: ignore[no-untyped-def]
    identifier = erased(postgresql_database, submit, "gone")
    (tmp_path / "b").touch()
    elsewhere.follow()
    planned.pop()[1]()
    (tmp_path / "b").unlink()
    planned.pop()[1]()
    assert [entry.whose for entry in erasures_file.read(tmp_path / "b" / "erasures.txt")] == [identifier]


def test_on_one_machine_nothing_is_followed(database: Database, tmp_path: Path, planned) -> None:  # type: ignore[no-untyped-def]
    ErasureList(database, tmp_path / "erasures.txt", lambda *one: planned.append(one)).follow()
    assert planned == []
    assert not (tmp_path / "erasures.txt").exists()
