"""For editors: check the content, begin a campaign, bring translations up to date."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.content import checks, fixing, scaffold
from campaign.errors import ContentError
from campaign.language.catalogue import translated, update
from commands.shared import print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.option("--github", is_flag=True, help="Print it as GitHub shows it beside a change, in a workflow.")
@click.option("--strict", is_flag=True, help="Count warnings as faults.")
@click.option("--fix", is_flag=True, help="First mend what a program can mend.")
def check(*, as_json: bool, github: bool, strict: bool, fix: bool) -> None:
    """Check all content strictly, offline: one line a fault or warning, with file, line and remedy.

    A warning keeps nothing from being published.
    """
    folder = settings.load().content_dir
    for mended in fixing.fix_all(lambda: checks.findings(folder)) if fix else ():
        click.echo(f"mended: {mended}", err=True)
    found = checks.findings(folder)
    refused = any(strict or one.level == "fault" for one in found)
    if as_json:
        print_json([_as_json(one) for one in found])
    elif github or found:
        click.echo(
            "\n".join(_annotation(one) if github else str(one) for one in found), err=refused and not github
        )
    if refused:
        click.get_current_context().exit(1)
    if not as_json and not github:
        _tell_notes(folder, len(found))


def _tell_notes(folder: Path, warnings: int) -> None:
    for note in checks.notes(folder):
        click.echo(f"note: {note}")
    click.echo(f"content can be published, with {warnings} to look at" if warnings else "content is fine")


def _as_json(found: ContentError) -> dict[str, object]:
    return {
        "file": found.shown_path,
        "line": found.line or None,
        "level": found.level,
        "fault": found.fault,
        "remedy": found.remedy,
    }


def _annotation(found: ContentError) -> str:
    """Write a workflow command: docs.github.com, "Workflow commands for GitHub Actions"."""
    place = f"file={_escaped(found.shown_path, ':,')}" + (f",line={found.line}" if found.line else "")
    kind = "error" if found.level == "fault" else "warning"
    return f"::{kind} {place}::{_escaped(f'{found.fault}; {found.remedy}')}"


def _escaped(words: str, also: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in f"%\r\n{also}" else sign for sign in words)


@click.command()
@click.argument("slug")
def new(slug: str) -> None:
    """Begin a campaign: content/SLUG with every file to fill in."""
    folder = scaffold.new(settings.load().content_dir, slug)
    click.echo(f"{folder}: now write each file, then: build.py check")


@click.command()
@click.argument("languages", nargs=-1, metavar="[LANGUAGE]...")
def translate(languages: tuple[str, ...]) -> None:
    """Bring the file of buttons and labels in LANGUAGE, such as pl, up to date; without one, all files."""
    for language in languages or translated():
        click.echo(f"{update(language)}: now translate what is empty, then: build.py check")
