"""For editors: check the content, begin a campaign, bring translations up to date."""

from __future__ import annotations

import click

from campaign import settings
from campaign.content import checks, scaffold
from campaign.errors import CandleError
from campaign.language.catalogue import translated, update


@click.command()
def check() -> None:
    """Check all content strictly, offline: one line a fault, with file, line and remedy."""
    folder = settings.load().content_dir
    faults = checks.faults(folder)
    if faults:
        raise CandleError("\n".join(str(fault) for fault in faults))
    for warning in checks.warnings(folder):
        click.echo(warning)
    for note in checks.notes(folder):
        click.echo(f"note: {note}")
    click.echo("content is fine")


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
