"""Mutants: the committed list goes with the program, and they are tried in a copy."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from campaign import ROOT
from tests.mutations import chosen


def test_the_list_holds_two_hundred_mutants_each_once():
    listed = [entry.mutant for entry in chosen.read()]
    assert len(set(listed)) == len(listed) == sum(chosen.SHARES.values()) == 200


def test_few_of_the_list_are_gone_from_the_program():
    """Else `python -m tests.mutations --choose` finds them under another name, or draws the next ones."""
    listed = [entry.mutant for entry in chosen.read()]
    modules = [path for name in {one.module for one in listed} if (path := ROOT / name).exists()]
    words = {str(path.relative_to(ROOT)): " ".join(path.read_text("utf-8").split()) for path in modules}
    gone = [one for one in listed if one.before not in words.get(one.module, "")]
    assert len(gone) <= 10, gone


@pytest.mark.soak
def test_a_change_that_a_test_notices_is_caught_and_another_survives(tmp_path):
    """On a small program of its own, from the choice to the report."""
    for name, text in {
        "campaign/__init__.py": "",
        "campaign/text/__init__.py": "",
        "campaign/text/sizes.py": "def is_large(size):\n    return size > 5\n",
        "receiver/__init__.py": "",
        "tests/__init__.py": "",
        "tests/text/__init__.py": "",
        "tests/text/test_sizes.py": "from campaign.text.sizes import is_large\n\n"
        "def test_seven_is_large():\n    assert is_large(7) is True\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    shutil.copytree(Path(chosen.__file__).parent, tmp_path / "tests" / "mutations")
    (tmp_path / "tests" / "mutations" / "mutants.jsonl").unlink()
    (tmp_path / ".gitignore").write_text("_build/\n__pycache__/\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for options in (["--choose"], [], ["--report"]):
        done = subprocess.run(
            [sys.executable, "-m", "tests.mutations", *options],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert "4 mutants, 4 tried: 2 caught (50%), 2 survived" in done.stdout
    assert "| `campaign/text/sizes.py:2` | `return size > 5` → `return (size >= 5)` |" in done.stdout
    assert (tmp_path / "campaign/text/sizes.py").read_text().endswith("size > 5\n")
