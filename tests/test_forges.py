"""The workflows that check an editor's change on a forge: what they run is there, and told to editors."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest

from campaign import ROOT

WORKFLOWS = sorted((ROOT / "deploy").glob("content-*.yml"))
COMMAND = re.compile(r"run: \.venv/bin/python build\.py (\w+)((?: --[\w-]+)*)$", re.MULTILINE)


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return path.read_text(encoding="utf-8")


def test_it_checks_with_annotations_and_builds_the_page(workflow: str) -> None:
    commands = COMMAND.findall(workflow)
    assert commands == [("check", " --github"), ("site", "")]
    for name, options in commands:
        command: click.Command = getattr(importlib.import_module(f"commands.{name}"), name)
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(options.split()) <= known


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
