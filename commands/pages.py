"""For editors: publish the page; for everybody: compare a published one with what is made here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from campaign import settings
from campaign.content import checks
from campaign.content.campaign import load_written, nothing_but_drafts, published
from campaign.errors import CandleError, ContentErrors
from campaign.pages import build_record, verifying, walls
from campaign.pages.published import Published
from campaign.pages.site import freeze
from campaign.storage.disk import read_within
from commands.shared import EXISTING_FILE, FILE, FOLDER, Day, now

NEXT = (
    "to publish it, copy what is in that folder to the web server, as docs/operators.md says below "
    '"Publish the page", or give it to whoever runs the server'
)


@click.command()
@click.option("--output", type=FOLDER, help="Where to; default _build/site.")
@click.option(
    "--wall", "wall_file", type=EXISTING_FILE, help="What `wall` wrote, on a machine without the database."
)
@click.option("--on", metavar="DATE", type=Day(), help="The page of that day; default today.")
def site(output: Path | None, wall_file: Path | None, on: date | None) -> None:
    """Freeze content/ into a folder that any static host may publish.

    A campaign's wall is read from the database, or from the file that --wall names. Drafts are left out,
    and what is dated comes with its day, in the campaign's time zone.
    """
    config = settings.load()
    written = output or config.build_dir / "site"
    written_down, drafts = load_written(config.content_dir)
    if not written_down:
        raise ContentErrors([nothing_but_drafts(config.content_dir)])
    campaigns = published(written_down, on)
    if unwritten := checks.unwritten(campaigns.values()):
        raise ContentErrors(unwritten)
    for slug in drafts:
        click.echo(f"{slug}: a draft, left out", err=True)
    addresses = freeze(written, campaigns, config, on, walls=walls.gather(campaigns, config, wall_file))
    click.echo(f"{written}: {len(addresses)} files")
    click.echo(NEXT)


@click.command()
@click.argument("file", type=FILE)
def wall(file: Path) -> None:
    """Write the campaigns' walls into FILE, for `site --wall FILE` on a machine without the database.

    It holds supporters' words and is good for seven days.
    """
    config = settings.load()
    limits = walls.wanted(load_written(config.content_dir)[0])
    if not limits:
        raise CandleError("no campaign has a wall; write `wall = 24` below [page] in its campaign.toml")
    found = walls.from_database(limits, config)
    walls.write(file, found, now().date())
    told = ", ".join(f"{slug} {len(messages)}" for slug, messages in found.items())
    click.echo(f"{file}: {told}; it holds supporters' words, so delete it when the page is built")


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
    verdict = verifying.verify(host, load_written(config.content_dir)[0], config, right)
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
