"""Runs of pytest over a copy of the tree, each in a process of its own that begins with its imports done."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = ROOT / "_build" / "mutations"
TREE = HERE / "tree"
OWN = ".own"  # the ending of a module's own text while a mutant is in its place
OPTIONS = ["-p", "no:cacheprovider", "--tb=line", "-k", "not postgresql"]
OPTIONS += ["-m", "not browser and not soak and not history"]
# What the tests need of others: loaded once, not once a mutant.
LOADED = "alembic.command babel flask_wtf hypothesis icu4py.breakers markdown nh3 PIL.Image psycopg"
LOADED += " pymupdf pycld2 pyrage rich.progress sqlalchemy.dialects.sqlite uharfbuzz wtforms"


@dataclass
class Run:
    """What a run of tests said; `failed` holds the tests with the first words of why."""

    ended: str = "never"  # or "passed", "failed", "timeout"
    failed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)  # of each module, with the tests


def copy_tree() -> None:
    """Copy what git knows or would, so that no change is ever made to the tree that people work in."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, TREE / name)


def copy_tests() -> set[str]:
    """Take tests that were written since; return the names of files that changed."""
    changed = set()
    for path in (ROOT / "tests").rglob("*.py"):
        name = path.relative_to(ROOT)
        copied = TREE / name
        if not copied.exists() or copied.read_bytes() != path.read_bytes():
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copied)
            changed.add(str(name))
    return changed


@contextmanager
def changed(module: str, text: bytes) -> Iterator[None]:
    """Hold another text in place of a module's own, which stays beside it should this process be killed."""
    path = TREE / module
    path.rename(f"{path}{OWN}")
    path.write_bytes(text)
    _forget(path)
    try:
        yield
    finally:
        put_back()


def put_back() -> None:
    """Give each module its own text again."""
    for own in TREE.rglob(f"*{OWN}"):
        path = own.with_suffix("")
        own.rename(path)
        _forget(path)


def _forget(path: Path) -> None:
    """Drop what was compiled: a text of the same length and second would pass for it."""
    Path(cache_from_source(str(path))).unlink(missing_ok=True)


def prepare() -> None:
    """Load what does not change, so that each run starts with it."""
    for name in LOADED.split():
        importlib.import_module(name)


def run(tests: list[str], limit: float, *, mapped: bool = False) -> Run:
    """Run tests in the copy until the first fails, or all of them with the lines that each runs."""
    answer = HERE / "answer.json"
    answer.unlink(missing_ok=True)
    work = _measure if mapped else _try
    process = multiprocessing.get_context("fork").Process(target=_child, args=(work, tests, answer))
    process.start()
    process.join(limit)
    late = process.is_alive()
    with suppress(ProcessLookupError):
        os.killpg(process.pid or 0, signal.SIGKILL)  # and all servers that its tests started
    process.join()
    if late:
        return Run("timeout")
    return Run(**json.loads(answer.read_text())) if answer.exists() else Run("failed", {"": "it died"})


def _child(work: Callable[[list[str]], Run], tests: list[str], answer: Path) -> None:
    os.setsid()
    os.chdir(TREE)
    output = os.open(HERE / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
        del sys.modules[name]
    sys.path[:] = [str(TREE), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
    answer.write_text(json.dumps(asdict(work(tests))))
    sys.stdout.flush()
    os._exit(0)


def _try(tests: list[str]) -> Run:
    found = _Recorder()
    code = pytest.main([*OPTIONS, "-x", *tests], plugins=[found])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) and not found.run.failed:
        found.run.failed[""] = f"pytest ended with {code!r}"
    found.run.ended = "failed" if found.run.failed else "passed"
    return found.run


def _measure(tests: list[str]) -> Run:
    coverage = Coverage(
        data_file=None, config_file=False, source=[str(TREE / "campaign"), str(TREE / "receiver")]
    )
    coverage.start()
    found = _Recorder(coverage)
    pytest.main([*OPTIONS, *tests], plugins=[found])
    coverage.stop()
    data = coverage.get_data()
    for path in data.measured_files():
        lines = {
            line: [name for name in tests if name] for line, tests in data.contexts_by_lineno(path).items()
        }
        name = str(Path(path).relative_to(TREE))
        found.run.lines[name] = {line: names for line, names in lines.items() if names}
    found.run.ended = "failed" if found.run.failed else "passed"
    return found.run


class _Recorder:
    """Keeps what fails and how long each test takes, and tells the coverage which test runs."""

    def __init__(self, coverage: Coverage | None = None) -> None:
        self.run = Run()
        self._coverage = coverage

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if self._coverage:
            self._coverage.switch_context(item.nodeid)
        done = yield
        if self._coverage:
            self._coverage.switch_context("")
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.run.seconds[report.nodeid] = self.run.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.run.failed[report.nodeid] = str(getattr(crash, "message", report.longrepr))[:200]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.run.failed[report.nodeid] = str(report.longrepr)[-200:]
