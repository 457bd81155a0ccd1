"""Files and folders that only their owner may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.storage.disk import private_file, private_folder


@pytest.fixture(params=[0o000, 0o022, 0o277])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_private_file_is_0600_whatever_the_umask(tmp_path: Path) -> None:
    with private_file(tmp_path / "file") as out:
        out.write(b"words")
    assert mode(tmp_path / "file") == 0o600


@pytest.mark.usefixtures("umask")
def test_every_new_folder_is_0700_and_those_that_were_there_stay(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs").chmod(0o755)
    new = private_folder(tmp_path / "theirs" / "cards" / "mikita")
    assert new == [tmp_path / "theirs" / "cards" / "mikita", tmp_path / "theirs" / "cards"]
    assert [mode(folder) for folder in (*new, tmp_path / "theirs")] == [0o700, 0o700, 0o755]
    assert private_folder(tmp_path / "theirs") == []


def test_no_file_and_no_link_that_was_there_is_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("somebody's")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("file", "link"):
        with pytest.raises(FileExistsError):
            private_file(tmp_path / name)
    assert (tmp_path / "file").read_text() == "somebody's"
    assert not (tmp_path / "elsewhere").exists()
