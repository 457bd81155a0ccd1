"""`build.py verify`: compare a published page with what is made here."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.content.campaign import load_all
from campaign.errors import CandleError
from campaign.pages import build_record, verifying
from campaign.pages.fetching import Published
from campaign.storage.disk import read_within
from commands.shared.arguments import EXISTING_FILE


@click.command()
@click.argument("url")
@click.option(
    "--known", type=EXISTING_FILE, help="A build.json that you trust, such as one kept from before."
)
def verify(url: str, known: Path | None) -> None:
    """Say, file by file, whether the page at URL is what this checkout makes.

    It is built here with the settings that the page's own build.json names. Whether those are right is known
    from --known, from CANDLE_ variables, and from this machine's settings where the page is one of its own.
    """
    config, host = settings.load(), Published(url)
    right = _right(known, host.origin)
    verdict = verifying.verify(host, load_all(config.content_dir), config, right)
    for warning in verdict.warnings:
        click.echo(f"{host.origin}: warning: {warning}", err=True)
    if verdict.differences:
        raise CandleError("\n".join(map(str, verdict.differences)))
    click.echo(f"{host.origin}: {verdict.files} files, as this checkout makes them")
    if verdict.on_walls:
        click.echo("  on its walls stand    messages of supporters, which only a database could prove")
    _tell(verdict.says, right)


def _right(known: Path | None, origin: str) -> dict[str, object]:
    """Find what is known of a page's settings from elsewhere than from the page."""
    if known:
        return vars(build_record.read(read_within(known, verifying.LONGEST_RECORD)).settings)
    config = settings.load()
    own = settings.CONFIG if origin in config.site_url else None
    said = settings.given(file=own)
    return {name: value for name, value in vars(build_record.page_settings(config)).items() if name in said}


def _tell(says: build_record.PageSettings, right: dict[str, object]) -> None:
    """Show where words and details go, and whether anything but the page says so."""
    click.echo(f"  it is the page of     {verifying.shown(' '.join(says.site_url))}")
    click.echo(f"  words are sent to     {verifying.shown(says.receiver_url)}")
    for key in says.age_recipients:
        click.echo(f"  details are sealed to {verifying.shown(key)}")
    if not {"site_url", "receiver_url", "age_recipients"} <= set(right):
        click.echo(
            "  Only the page says so: ask its operator, keep its build.json, and name that with --known."
        )
