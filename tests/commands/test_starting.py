"""The small commands are there at once: each loads what it needs, and no more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from build import cli
from campaign import ROOT
from campaign.errors import in_plain_words
from receiver.__main__ import main
from receiver.process import starting
from tests.support.editing import write_campaign

PRESS = {"pymupdf", "PIL", "resvg_py", "campaign.press", "campaign.cards.draw", "campaign.cards.proof"}
SETTING = {"uharfbuzz", "icu4py", "pycld2", "campaign.cards.type", "campaign.cards.fonts"}
TEXTS = {"markdown", "nh3", "jinja2", "flask", "werkzeug", "rich", "campaign.content.edition"}
DATABASE = {"sqlalchemy", "alembic", "psycopg"}
EVERYTHING = PRESS | SETTING | TEXTS | DATABASE
PATTERNS = {"campaign.text.flags", "campaign.text.matching", "campaign.text.normalising"}  # slow to load
LISTS = (EVERYTHING | PATTERNS) - {"sqlalchemy"}


@pytest.fixture
def environment(tmp_path: Path, migrated_file: Path) -> dict[str, str]:
    """One campaign without a fault, and a database."""
    write_campaign(tmp_path / "content" / "mikita")
    database = tmp_path / "candle.sqlite"
    database.write_bytes(migrated_file.read_bytes())
    return os.environ | {
        "CANDLE_CONTENT_DIR": str(tmp_path / "content"),
        "CANDLE_BUILD_DIR": str(tmp_path / "_build"),
        "CANDLE_DATABASE_URL": f"sqlite:///{database}",
        "CANDLE_SECRET_KEY": "a key of the tests alone, long enough",
        "CANDLE_APPROVAL_KEY": "another key of the tests alone, long enough",
    }


def run(environment: dict[str, str], *arguments: str) -> tuple[set[str], str]:
    """Run a command; return each module that it loaded, with the rooms above it, and what it said."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "build.py", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    names = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line]
    parts = [name.split(".") for name in names]
    return {".".join(part[:depth]) for part in parts for depth in range(1, len(part) + 1)}, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["--help"], EVERYTHING | {"campaign.content"}),
        (["messages", "mikita", "list"], LISTS),
        (["batches", "mikita", "list"], LISTS),
        (["cards", "mikita"], {"markdown", "campaign.content.edition"}),
    ],
)
def test_a_small_command_loads_nothing_that_it_does_without(
    environment: dict[str, str], arguments: list[str], spared: set[str]
) -> None:
    loaded, _ = run(environment, *arguments)
    assert not spared & loaded
    assert {"click", "commands.shared.refusals"} <= loaded  # so what is looked for would be found


@pytest.mark.slow
def test_a_check_of_unchanged_content_loads_nothing_that_checks(environment: dict[str, str]) -> None:
    first, said = run(environment, "check")
    assert {"markdown", "pymupdf", "uharfbuzz"} <= first
    second, again = run(environment, "check")
    assert again == said
    assert not (EVERYTHING | {"campaign.content.checks", "babel"}) & second


def test_a_part_that_only_a_new_version_needs_is_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An upgrade was checked out, and not installed."""

    def lacking(**_: object) -> None:
        raise ModuleNotFoundError(name="segno")

    monkeypatch.setattr(starting, "look", lacking)
    monkeypatch.setitem(sys.modules, "commands.proof", None)
    told = "is not installed; make install\n"
    assert CliRunner().invoke(main, []).stderr == f"receiver: segno: {told}"
    assert CliRunner().invoke(cli, ["proof", "sheets.pdf"]).stderr == f"commands.proof: {told}"
    assert in_plain_words(ModuleNotFoundError("told by a library, without a name")) is None


@pytest.mark.parametrize("there", [[], ["click"]])  # which other programs install for themselves
def test_a_python_without_the_parts_is_met_with_the_remedy_alone(tmp_path: Path, there: list[str]) -> None:
    for name in there:
        (tmp_path / name).symlink_to(Path(click.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-S", "build.py", "check"], env={"PYTHONPATH": str(tmp_path)},
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    assert said.endswith((". .venv/bin/activate", "make install"))
