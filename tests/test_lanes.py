"""What a run that was killed leaves: a folder for the next to remove, and no server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import psycopg
import pytest

from campaign import ROOT
from tests.support import lanes

RUN = """
import sys, time
from pathlib import Path
from tests.support import lanes
lanes.MEMORY, lanes.ROOM = Path(sys.argv[1]), 0
print(lanes.folder_in_memory(), flush=True)
time.sleep(60)
"""

SERVER = """
import sys
from tests.support import postgresql
with postgresql.server() as url:
    print(url.replace("+psycopg", ""), flush=True)
    sys.stdin.read()
"""


@pytest.mark.usefixtures("postgres")
def test_a_postgresql_server_ends_with_the_process_that_started_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        url = run.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            (data,) = connection.execute("SHOW data_directory").fetchone() or ()
        run.kill()
    deadline = time.monotonic() + 30
    while Path(data).parent.exists():
        assert time.monotonic() < deadline, f"{data} is still there"
        time.sleep(0.02)
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(url)


@pytest.mark.slow
def test_a_folder_is_removed_once_its_process_was_killed_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        theirs = Path(run.stdout.readline().strip())
        (theirs / "tests").mkdir()
        monkeypatch.setattr(lanes, "MEMORY", tmp_path)
        monkeypatch.setattr(lanes, "ROOM", 0)
        ours = lanes.folder_in_memory()
        assert ours
        assert sorted(tmp_path.iterdir()) == sorted([theirs, Path(ours)])
        run.kill()
    another = lanes.folder_in_memory()
    assert another
    assert sorted(tmp_path.iterdir()) == sorted([Path(ours), Path(another)])


def test_what_was_left_makes_room_before_it_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / f"{lanes.PREFIX}left"
    left.mkdir()
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(lanes, "MEMORY", tmp_path)
    monkeypatch.setattr(lanes.shutil, "disk_usage", lambda _: usage(0 if left.exists() else lanes.ROOM))
    assert lanes.folder_in_memory()
