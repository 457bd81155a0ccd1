"""`build.py sample`, as a person runs it, and other commands that write a file in place of one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.commands.conftest import Invoke


def test_a_place_where_nothing_can_be_written_is_named(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = invoke("sample", "mikita", "--output", str(tmp_path / "file" / "sample.pdf"))
    assert done.exit_code == 1
    assert f"{tmp_path}/file" in done.stderr
    assert isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(
    "command",
    ["sample mikita --output", "keepsake mikita --output", "wall", "batches mikita vouch 1 --words"],
)
def test_a_device_is_not_replaced(invoke: Invoke, tmp_path: Path, command: str) -> None:
    os.mkfifo(device := tmp_path / "null")
    done = invoke(*command.split(), str(device))
    assert f"{device}: is there and no file" in done.stderr
    assert device.is_fifo()
    (stdout := tmp_path / "stdout").symlink_to("/proc/self/fd/1")
    assert f"{stdout}: is there and no file" in invoke(*command.split(), str(stdout)).stderr
    assert stdout.is_symlink()
