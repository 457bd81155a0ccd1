"""Mutants: which changes there are, that they are found again when lines move, and tried in a copy."""

import shutil
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest

from campaign import ROOT
from tests.mutations import chosen
from tests.mutations.operators import places

SOURCE = '''"""A module."""

from typing import Literal

MOST = 5
Kind = Literal["a"]

@route("/x")
def few(*, count: int, loud=True):
    """Tell whether it is few."""
    if count < MOST and not loud:
        count += 2
    try:
        print(count, end="")
    except ValueError:
        raise
    return count
'''
CHANGES = {
    ("", "number", "MOST = 5", "MOST = 6"),
    ("few", "decorator", '@route("/x")', ""),
    ("few", "number", "def few(*, count: int, loud=True):", "def few(*, count: int, loud=False):"),
    ("few", "condition", "if count < MOST and not loud:", "if (not (count < MOST and (not loud))):"),
    ("few", "boolean", "if count < MOST and not loud:", "if (count < MOST or not loud):"),
    ("few", "boolean", "if count < MOST and not loud:", "if count < MOST and (loud):"),
    ("few", "boundary", "if count < MOST and not loud:", "if (count <= MOST) and not loud:"),
    ("few", "comparison", "if count < MOST and not loud:", "if (count > MOST) and not loud:"),
    ("few", "statement", "count += 2", "pass"),
    ("few", "number", "count += 2", "count += 3"),
    ("few", "statement", 'print(count, end="")', "pass"),
    ("few", "option", 'print(count, end="")', "(print(count))"),
    ("few", "handler", "except ValueError:", "except ():"),
    ("few", "statement", "raise", "pass"),
    ("few", "return", "return count", "return None"),
}  # fmt: skip


def found(source: str = SOURCE, module: str = "receiver/few.py"):
    return list(places(module, source.encode()))


def test_each_kind_of_change_is_found_and_no_type_or_docstring_is_changed():
    assert {astuple(place.mutant)[1:5] for place in found()} == CHANGES


def test_a_change_is_made_in_its_place_and_nowhere_else():
    (place,) = (place for place in found() if place.mutant.operator == "boundary")
    assert place.applied(SOURCE.encode()).decode() == SOURCE.replace("count < MOST", "(count <= MOST)")
    assert list(place.lines) == [11]


def test_what_runs_once_at_import_is_tried_on_the_tests_of_its_module():
    (place,) = (place for place in found() if place.mutant.before == "MOST = 5")
    assert place.lines == range(1, SOURCE.count("\n") + 1)


def test_a_decorator_is_tried_on_the_tests_of_its_function():
    (place,) = (place for place in found() if place.mutant.operator == "decorator")
    assert place.applied(SOURCE.encode()).decode() == SOURCE.replace('@route("/x")', "")
    assert set(place.lines) >= {11, 17}


@pytest.mark.parametrize(
    "moved",
    [
        found("# a line more\n" + SOURCE),
        found(module="receiver/state/few.py"),
        found(SOURCE.replace("def few", "def some")),
        found(SOURCE.replace("MOST = 5", "MOST = FEW = 5")),
    ],
    ids=["lines", "module", "function", "words"],
)
def test_a_mutant_is_found_again_when_the_program_moves(moved):
    listed = {place.mutant for place in found() if "def few" not in place.mutant.before}
    assert chosen.located(listed, moved).keys() == listed


def test_a_mutant_whose_words_are_gone_is_not_found():
    listed = [place.mutant for place in found() if place.mutant.before == "MOST = 5"]
    assert chosen.located(listed, found(SOURCE.replace("MOST = 5", "MOST = 7"))) == {}


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
