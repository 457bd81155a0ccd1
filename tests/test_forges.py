"""The workflows that check an editor's change on a forge: what they run is there, and told to editors."""

from __future__ import annotations

import importlib
import re
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from build import cli
from campaign import ROOT

WORKFLOWS = sorted((ROOT / "deploy").glob("content-*.yml"))
COMMAND = re.compile(r"run: \.venv/bin/python build\.py (\w+)((?: --[\w-]+)*)$", re.MULTILINE)


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return path.read_text(encoding="utf-8")


def test_it_checks_with_annotations_and_builds_the_page(workflow: str) -> None:
    commands = COMMAND.findall(workflow)
    assert commands == [("check", " --github"), ("status", ""), ("site", "")]
    for name, options in commands:
        command: click.Command = getattr(importlib.import_module(f"commands.{name}"), name)
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(options.split()) <= known


@pytest.mark.slow
def test_it_builds_the_page_of_a_campaign_with_a_wall(workflow: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content" / "mikita", folder := tmp_path / "content" / "mikita")
    with (folder / "campaign.toml").open("a") as facts:
        facts.write("\n[page]\nwall = 24\n")
    given = dict(re.findall(r"^ +(CANDLE_\w+): (\S+)$", workflow, re.MULTILINE)) | {
        "CANDLE_CONTENT_DIR": str(tmp_path / "content"),
        "CANDLE_BUILD_DIR": str(tmp_path / "_build"),
        "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/candle.sqlite",
    }
    for name, options in COMMAND.findall(workflow):
        done = CliRunner(env=given).invoke(cli, [name, *options.split()])
        assert done.exit_code == 0, done.output
    assert (tmp_path / "_build/site/mikita/wall/index.html").is_file()


def test_it_gives_a_proposed_change_nothing_to_take_away(workflow: str) -> None:
    """Whoever proposes a change runs it there: no secret, no credentials, no target that publishes."""
    assert "secrets." not in workflow
    assert "pull_request_target" not in workflow
    assert "persist-credentials: false" in workflow


def test_it_keeps_the_page_that_was_built(workflow: str) -> None:
    assert "path: _build/site" in workflow
    assert "\t" not in workflow


def test_editors_are_told_where_each_goes() -> None:
    told = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    assert len(WORKFLOWS) == 2
    for path in WORKFLOWS:
        assert f"`deploy/{path.name}`" in told
