"""Files and folders that only their owner may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.storage.disk import open_beside_database, opened_within, private_file, private_folder


@pytest.fixture(params=[0o000, 0o022, 0o077])
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


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder that the operator made for two users."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o2770)
    return folder


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize(
    ("folder_mode", "expected"), [(0o2770, 0o660), (0o2750, 0o600), (0o770, 0o600), (0o700, 0o600)]
)
def test_beside_the_database_a_group_reads_only_where_the_folder_was_made_for_it(
    tmp_path: Path, folder_mode: int, expected: int
) -> None:
    tmp_path.chmod(folder_mode)
    os.close(open_beside_database(tmp_path / "file", os.O_RDWR))
    assert mode(tmp_path / "file") == expected


def test_a_file_of_before_the_folder_was_shared_is_shared_too(shared: Path) -> None:
    private_file(shared / "file").close()
    os.close(open_beside_database(shared / "file", os.O_RDWR))
    assert mode(shared / "file") == 0o660


def test_no_link_leads_out_of_a_shared_folder(shared: Path, tmp_path: Path) -> None:
    for name, lead in (("symbolic", Path.symlink_to), ("hard", Path.hardlink_to)):
        key = tmp_path / f"{name} key"  # each its own: a file with two names is refused in any case
        key.write_text("secret")
        key.chmod(0o600)
        lead(shared / name, key)
        with pytest.raises(OSError, match="link"):
            open_beside_database(shared / name, os.O_RDWR)
        assert mode(key) == 0o600


def test_a_file_that_hides_its_length_or_grows_is_not_read_without_end(tmp_path: Path) -> None:
    growing = tmp_path / "list"
    growing.write_bytes(b"x" * 100)
    with opened_within(growing, 100) as opened:
        assert opened.read() == b"x" * 100
    with opened_within(growing, 100) as opened:
        growing.write_bytes(b"x" * 101)
        with pytest.raises(OSError, match="too long"):
            opened.readline()
    with opened_within(Path("/proc/self/maps"), 10) as opened, pytest.raises(OSError, match="too long"):
        opened.read()
