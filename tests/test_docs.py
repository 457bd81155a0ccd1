"""Every command that README and docs/ show is run, in a copy of the project with a few messages in it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.english import english_alone
from tests.support.ports import free_ports
from tests.support.table import table

ROOT = Path(__file__).resolve().parent.parent
OPERATORS = ROOT / "docs" / "operators.md"  # followed by test_operators_road.py
EDITORS = ROOT / "docs" / "editors.md"
WALKED = "python build.py site"  # of EDITORS, with any options: run by test_editors_walk.py
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVER = re.compile(r"^python (-m receiver|build\.py (preview|run))\b")
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"`((?:campaign|commands|deploy|receiver|tests|tools)/[\w./-]*)`")
WRITTEN = re.compile(r"^python build\.py .*?(?:> |translations |wall )(\w[\w-]*\.\w+)", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")

# What a page writes in capitals stands for something that only the reader has.
SEED = """
import secrets
from datetime import UTC, datetime, timedelta
from campaign import settings
from commands.shared import local
from campaign.messages import review, submission
from campaign.storage import database

local.prepare_instance()
config = settings.load()
opened = database.connect(config.database_url)
database.migrate(opened)

def submit(number):
    words = f"Words number {number}, warm and short."
    sent = submission.Submission("mikita", words, "Anna", "en", "1", "en")
    now = datetime.now(UTC)
    post = submission.Post(
        sent, secrets.token_hex(16), now + timedelta(days=1), config.secret_keys, now.date())
    return opened.write_together(submission.submit_together, post).message

ids = [submit(number) for number in range(60)]
today = datetime.now(UTC).date()
for identifier in ids[:50]:
    opened.write(lambda c: review.approve(c, identifier, "docs", config.approval_keys, today))
opened.close()
print(*ids[50:])
"""


@dataclass(frozen=True)
class Copy:
    """A copy of the project and the ids of messages that wait in it."""

    folder: Path
    environ: dict[str, str]
    waiting: list[str]


@pytest.fixture
def bare(tmp_path, build_dir):
    """A copy of the project as somebody gets it."""
    folder = tmp_path / "candle"
    folder.mkdir()
    build_dir.rename(folder / "_build")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in listed.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for compiled in (cached for cached in ROOT.glob("*/**/__pycache__") if ".venv" not in cached.parts):
        shutil.copytree(compiled, folder / compiled.relative_to(ROOT), dirs_exist_ok=True)
    english_alone(folder / "content" / "mikita", "be")  # content/test_checks.py reads the others
    (folder / ".venv").symlink_to(ROOT / ".venv")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")}
    environ["PATH"] = f"{Path(sys.executable).parent}:{environ['PATH']}"
    return Copy(folder, environ, [])


@pytest.fixture
def copy(bare):
    """The same with messages in it."""
    command = [sys.executable, "-c", SEED]
    seeded = subprocess.run(
        command, cwd=bare.folder, env=bare.environ, capture_output=True, text=True, check=True
    )
    return replace(bare, waiting=seeded.stdout.split())


@pytest.fixture
def forked(copy: Copy) -> Iterator[Copy]:
    """The same copy, where `python build.py` is forked from one process that has read its modules."""
    made = Commands(copy.folder)
    yield replace(copy, environ=copy.environ | {"PATH": f"{made.shell}:{copy.environ['PATH']}"})
    made.end()


def commands(page: Path) -> list[str]:
    """The shell commands of a page, in order; a comment after a command is dropped, a `\\` continues it."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            command = re.sub(r"(^|\s+)# .*$", "", line).strip()
            if command:
                found.append(command)
    return found


def run(command: str, copy: Copy) -> None:
    """Run one command as the reader would; a server is stopped with Ctrl-C once it is up."""
    for word in [w for w in shlex.split(command) if w == "ID"]:
        command = re.sub(rf"\b{word}\b", copy.waiting.pop(), command, count=1)
    if command.startswith("make "):
        command = f"make --dry-run {command.removeprefix('make ')}"
    if SERVER.match(command):
        run_server(command, copy)
        return
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=copy.folder, env=copy.environ, capture_output=True, text=True, timeout=120,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def run_server(command: str, copy: Copy) -> None:
    """Start it, on a port that nobody has, and stop it when it serves."""
    command = re.sub(r"--port \d+", f"--port {free_ports(1)[0]}", command)
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        cwd=copy.folder, env=copy.environ | {"PYTHONUNBUFFERED": "1"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        # A shell lets what it starts in the background ignore Ctrl-C, and all that this starts in turn.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    killer = threading.Timer(60, lambda: os.killpg(process.pid, signal.SIGKILL))
    killer.start()
    printed = []
    try:
        for line in process.stdout:
            printed.append(line)
            if "http://" in line or "listening" in line:
                break
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate()
    finally:
        killer.cancel()
    assert process.returncode == 0, f"{command}\n{''.join(printed)}{rest}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if page != OPERATORS and commands(page)], ids=lambda page: page.name
)
def test_every_command_that_a_page_shows_runs(page, request):
    follow(page, *map(request.getfixturevalue, ("copy", "forked") if runs(page) else ("bare", "bare")))


def runs(page: Path) -> bool:
    """Say whether the page shows a command of the program, and not of `make` alone."""
    return any("build.py" in command for command in commands(page))


def follow(page: Path, copy: Copy, later: Copy) -> None:
    """Run a page's commands one after the other, where it makes no cards after a batch was made.

    The first one of the program and the servers start as the reader's do, all that come `later` as they may.
    """
    shown = commands(page)
    if runs(page) and "build.py cards" not in " ".join(shown):
        run("python build.py cards mikita --final", later)
    begun = False
    for command in (one for one in shown if page != EDITORS or not one.startswith(WALKED)):
        run(command, later if begun and not SERVER.match(command) else copy)
        begun = begun or "build.py" in command


@table("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page):
    for target in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@table("page", PAGES, ids=lambda page: page.name)
def test_every_file_of_the_code_that_a_page_names_is_there(page):
    for named in PATH.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / named).exists(), f"{page.name}: {named}"


def test_what_a_page_has_people_write_beside_the_program_goes_into_no_commit():
    written = {name for page in PAGES for name in WRITTEN.findall(page.read_text(encoding="utf-8"))}
    asked = ["git", "-C", str(ROOT), "check-ignore", "--no-index", *written]
    ignored = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    assert {"details.csv", "key-1.txt", "to-translate.csv"} <= written == set(ignored)
