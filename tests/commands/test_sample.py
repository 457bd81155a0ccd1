"""`build.py sample`, as a person runs it."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Invoke


def test_a_place_where_nothing_can_be_written_is_named(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = invoke("sample", "mikita", "--output", str(tmp_path / "file" / "sample.pdf"))
    assert done.exit_code == 1
    assert f"{tmp_path}/file" in done.stderr
    assert isinstance(done.exception, SystemExit)
