"""`build.py check`: what is wrong with the content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from campaign import settings
from campaign.content import check_cache
from campaign.content.check_cache import Sound
from campaign.errors import ContentError
from campaign.settings import Settings
from commands.shared.output import print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.option("--github", is_flag=True, help="Print it as GitHub shows it beside a change, in a workflow.")
@click.option("--strict", is_flag=True, help="Count warnings as faults.")
@click.option("--fix", is_flag=True, help="First mend what a program can mend.")
def check(*, as_json: bool, github: bool, strict: bool, fix: bool) -> None:
    """Check all content strictly, offline: one line a fault or warning, with file, line and remedy.

    A warning keeps nothing from being published.
    """
    config = settings.load()
    if fix:
        _mend(config.content_dir)
    found = _found(config)
    findings = found.warnings if isinstance(found, Sound) else found
    refused = any(strict or one.level == "fault" for one in findings)
    if as_json:
        print_json([_as_json(one) for one in findings])
    elif github or findings:
        click.echo(
            "\n".join(_annotation(one) if github else str(one) for one in findings),
            err=refused and not github,
        )
    if refused:
        if not as_json and not github:
            click.echo(_how_many(findings), err=True)
        click.get_current_context().exit(1)
    if not as_json and not github and isinstance(found, Sound):
        _tell_notes(found)


def _how_many(findings: Sequence[ContentError]) -> str:
    """Say in a line what has to be done, and whether the page can be published meanwhile."""
    faults = [one for one in findings if one.level == "fault"]
    many = len(findings) - len(faults)
    if not faults:
        return f"{many} to look at, which --strict counts as faults"
    then = "then it can be published" if any(one.stops_site for one in faults) else "though site publishes it"
    return f"{len(faults)} to mend, {then}" + (f"; {many} to look at" if many else "")


def _mend(folder: Path) -> None:
    from campaign.content import checks, fixing

    for mended in fixing.fix_all(lambda: checks.findings(folder)):
        click.echo(f"mended: {mended}", err=True)


def _found(config: Settings) -> Sound | Sequence[ContentError]:
    """Check all content, if it is not the same as when it was found sound; give the faults if it has any."""
    key = check_cache.digest(config.content_dir)
    if known := check_cache.remembered(config.build_dir, key):
        return known
    from campaign.content import checks

    findings = checks.findings(config.content_dir)
    if any(one.level == "fault" for one in findings):
        return findings
    sound = Sound(findings, checks.notes(config.content_dir))
    if key == check_cache.digest(config.content_dir):  # else somebody saved meanwhile
        check_cache.remember(config.build_dir, key, sound)
    return sound


def _tell_notes(sound: Sound) -> None:
    for note in sound.notes:
        click.echo(f"note: {note}")
    many = len(sound.warnings)
    click.echo(f"content can be published, with {many} to look at" if many else "content is fine")


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
