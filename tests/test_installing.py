"""`make install` and `make setup`: each brings what it is for, checked, and takes away the rest."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from campaign import ROOT
from tests.support.figures import Figure
from tests.support.lanes import few
from tests.test_docs import Copy, bare, copy, follow  # noqa: F401 # a copy is made of a bare one
from tests.test_structure import imports, product

__all__ = ["copy"]

PIN = re.compile(r"^([\w.-]+)==(.*?)(?=^[\w.-]+==|\Z)", re.MULTILINE | re.DOTALL)
OWN = {"build", "campaign", "commands", "receiver"}
FOR_TYPES = {"_typeshed"}  # never there at run time


def pinned(file: str) -> dict[str, str]:
    """Map the distributions of a file of requirements to their version and hashes, on whatever system."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(PIN.findall(re.sub(" ; .*? \\\\\n", " \\\\\n", text)))


def test_a_server_gets_every_distribution_that_the_program_imports() -> None:
    known, brought = packages_distributions(), pinned("requirements.txt")
    tops = {name.split(".")[0] for module in product() for name in imports(module)}
    tops -= OWN | FOR_TYPES | sys.stdlib_module_names
    assert len(tops) > 15
    assert not {
        top for top in tops if not {name.lower().replace("_", "-") for name in known[top]} & brought.keys()
    }


def test_a_server_gets_the_versions_that_the_tests_ran_with() -> None:
    assert pinned("requirements.txt").items() < pinned("requirements-dev.txt").items()


def test_what_installs_and_what_locks_is_pinned_too() -> None:
    assert pinned("requirements-install.txt").keys() == {"pip", "setuptools"}
    assert "uv" in pinned("requirements-dev.txt")


def wheel(folder: Path, name: str) -> str:
    """Put a distribution with one module into a folder, and return its line in a file of requirements."""
    path, info = folder / f"{name}-1-py3-none-any.whl", f"{name}-1.dist-info"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{name}.py", "")
        packed.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(
            f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"
        )
    return f"{name}==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The Makefile over two small distributions: `served` for a server, `tested` for development."""
    served, tested = wheel(tmp_path, "served"), wheel(tmp_path, "tested")
    (tmp_path / "requirements.txt").write_text(served)
    (tmp_path / "requirements-dev.txt").write_text(served + tested)
    (tmp_path / "requirements-install.txt").write_text("# the pip that Python brings\n")
    (tmp_path / "tools").mkdir()
    for name in ("Makefile", "tools/environment.sh"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    """Run a target without a registry, as somebody would who has no other virtual environment."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE"))}
    environ |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": os.devnull}
    command = ["make", target, f"PYTHON={sys.executable}"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def held(folder: Path) -> set[str]:
    """The distributions of a folder's virtual environment."""
    return {path.name.split("-")[0] for path in folder.glob(".venv/lib/*/site-packages/*.dist-info")}


HELD = {"install": {"pip", "served"}, "setup": {"pip", "served", "tested"}}


@pytest.mark.slow
@pytest.mark.parametrize("targets", few(1, [["setup", "install"], ["install", "setup", "install"]]))
def test_each_of_the_two_takes_away_what_only_the_other_needs(small: Path, targets: list[str]) -> None:
    for target in targets:
        done = make(small, target)
        assert (done.returncode, held(small)) == (0, HELD[target]), done.stderr
        assert "some minutes" in done.stderr


@pytest.mark.soak
def test_what_an_upgrade_asks_for_no_more_goes_and_what_is_there_is_left_alone(small: Path) -> None:
    assert make(small, "setup").returncode == 0
    (small / "tested-1-py3-none-any.whl").unlink()
    os.utime(small / "requirements-dev.txt")  # a checkout writes it anew
    assert make(small, "setup").returncode == 0
    shutil.copy(small / "requirements.txt", small / "requirements-dev.txt")
    os.utime(small / "requirements-dev.txt", (0, 0))  # and an archive brings its own times
    assert make(small, "setup").returncode == 0
    assert held(small) == {"pip", "served"}


@pytest.mark.soak
def test_other_bytes_than_the_pinned_ones_are_refused_until_they_are_right(small: Path) -> None:
    right = (small / "requirements.txt").read_text()
    (small / "requirements.txt").write_text(right[:-3] + ("00\n" if right[-3:] != "00\n" else "11\n"))
    for _ in range(2):
        done = make(small, "install")
        assert done.returncode
        assert "DO NOT MATCH THE HASHES" in done.stderr
        assert "served" not in held(small)
    (small / "requirements.txt").write_text(right)
    assert make(small, "install").returncode == 0


@pytest.mark.slow
def test_an_old_python_hears_which_one_is_needed(small: Path) -> None:
    old = small / "python3.10"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(["make", "install", f"PYTHON={old}"], cwd=small, capture_output=True, text=True)
    assert done.returncode
    assert "Python 3.11 or later" in done.stderr


@pytest.mark.parametrize(("there", "called"), [(None, "install"), ("install", "install"), ("setup", "setup")])
def test_a_run_brings_no_development_and_takes_none_away(small: Path, there: str | None, called: str) -> None:
    files = {"install": "requirements.txt", "setup": "requirements-dev.txt"}
    if there:
        (small / ".venv").mkdir()
        (small / ".venv" / files[there]).touch()
    shown = subprocess.run(["make", "-n", "run"], cwd=small, capture_output=True, text=True, check=True)
    assert f"environment.sh {files[called]}\n" in shown.stdout


@pytest.mark.soak
def test_an_operator_needs_nothing_of_development(copy: Copy, figure: Figure) -> None:
    """The whole page for operators, with what `make install` brings; from the registry, in half a minute."""
    (copy.folder / ".venv").unlink()
    path = f"{copy.folder}/.venv/bin:{os.environ['PATH']}"
    installed = replace(copy, environ=copy.environ | {"PATH": path, "VIRTUAL_ENV": f"{copy.folder}/.venv"})
    sizes = [measured(installed, target) for target in ("install", "setup", "install")]
    figure("du -sm .venv, after make install and after make setup", f"{sizes[0][0]}, {sizes[1][0]}")
    assert sizes[0][1] == sizes[2][1] < sizes[1][1]
    follow(ROOT / "docs/operators.md", installed, installed)


def measured(copy: Copy, target: str) -> tuple[int, set[str]]:
    """Run a target; return the MiB that `du` counts in .venv, and its distributions."""
    subprocess.run(["make", target], cwd=copy.folder, env=copy.environ, check=True, stdout=subprocess.DEVNULL)
    counted = subprocess.run(
        ["du", "-sm", ".venv"], cwd=copy.folder, capture_output=True, text=True, check=True
    )
    return int(counted.stdout.split()[0]), held(copy.folder)
