"""The packed source: whole, the same each time, and without anything of the operator's."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.pages import source_archive


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small checkout with what an operator keeps beside the code."""
    root = tmp_path / "house"
    shutil.copytree(ROOT / "receiver", root / "receiver")
    shutil.copy(ROOT / "build.py", root)
    for private in (
        "instance/config.toml",
        "backups/a.sqlite",
        "deploy/nginx.conf",
        "content/x/story.md",
        ".env",
    ):
        (root / private).parent.mkdir(parents=True, exist_ok=True)
        (root / private).write_text("private")
    return root


def packed(archive: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {entry.name.removeprefix("candle/"): entry for entry in tar}


def test_it_holds_the_code_and_nothing_of_the_operator(house: Path, tmp_path: Path) -> None:
    names = packed(source_archive.archive(tmp_path / "kept", house))
    assert {"build.py", "receiver/supporters/sending.py", "receiver/static/staff/desk.svg"} <= names.keys()
    assert not [name for name in names if not name.startswith(("build.py", "receiver/"))]
    assert not [name for name in names if "__pycache__" in name]


def test_it_tells_neither_who_nor_when(house: Path, tmp_path: Path) -> None:
    for entry in packed(source_archive.archive(tmp_path / "kept", house)).values():
        assert (entry.uid, entry.gid, entry.uname, entry.gname, entry.mtime) == (0, 0, "", "", 0)


def test_the_same_files_give_the_same_bytes_and_a_change_others(house: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    first = source_archive.archive(kept, house)
    shutil.rmtree(kept)
    assert source_archive.archive(kept, house) == source_archive.archive(kept, house) == first
    (house / "build.py").write_text("changed")
    assert source_archive.archive(kept, house) != first
    assert len(list(kept.iterdir())) == 1


@pytest.mark.history
def test_every_tracked_file_is_in_it_but_for_what_is_named() -> None:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no checkout to compare with")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    tops = {name.partition("/")[0] for name in listed.stdout.splitlines()}
    assert tops == {*source_archive.PARTS, "content", "deploy"}
