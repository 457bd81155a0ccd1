"""`build.py site`, as a person runs it."""

import shutil

import pytest

from campaign import ROOT
from tests.support.english import english_alone

pytestmark = pytest.mark.slow  # each command is a process of its own


def test_a_content_fault_stops_the_build_and_leaves_the_old_one(build, tmp_path):

    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    english_alone(content / "mikita")
    environ = {"CANDLE_CONTENT_DIR": str(content)}
    assert build("site", **environ).returncode == 0
    site = tmp_path / "_build" / "site"
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    (content / "mikita" / "en" / "thanks.md").unlink()
    done = build("site", **environ)
    assert done.returncode == 1
    assert "thanks.md: missing" in done.stderr
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
