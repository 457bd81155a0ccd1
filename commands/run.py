"""For trying Candle out: everything on this machine, and sample sheets without a database."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from campaign import settings
from campaign.content.campaign import Campaign, load_all, published
from campaign.doctor import gravest
from campaign.pages import hosting
from campaign.pages.site import freeze
from campaign.pages.walls import at_hand
from campaign.press import sampling
from campaign.settings import Settings
from commands import local
from commands.shared import FILE, find_campaign


@click.command()
def run() -> None:
    """Run everything on this machine: page, receiver, staff desk, sample sheet.

    Keys and the database are kept in instance/; the login is made for this run and ends with it.
    """
    local.prepare_instance()
    site_url, receiver_url = (f"http://127.0.0.1:{port}" for port in local.free_ports(2))
    config = local.local_settings(site_url, receiver_url)
    for warning in gravest.find(config, settings.CONFIG):
        click.echo(f"warning: {warning}", err=True)
    campaigns = load_all(config.content_dir)
    folder, log = config.build_dir / "local", config.build_dir / "receiver.log"
    shown = published(campaigns)
    freeze(folder, shown, config, walls=at_hand(shown, config))
    samples = [write_sample(campaign, config) for campaign in campaigns.values()]
    with (
        local.until_stopped(),
        hosting.hosting(folder, int(site_url.rpartition(":")[2])),
        local.receiving(config, log),
        local.login(config) as login,
    ):
        click.echo(f"Page          {site_url}/")
        click.echo(f"Staff desk    {receiver_url}/staff/   name: {login.name}   password: {login.password}")
        for sample_sheet in samples:
            click.echo(f"Sample sheet  {sample_sheet}")
        click.echo(f"Receiver log  {log}\nCtrl-C stops everything.")
        threading.Event().wait()
    click.echo("Stopped.")


@click.command()
@click.argument("campaign")
@click.option("--output", type=FILE, help="Where to; default _build/samples/CAMPAIGN.pdf.")
@click.option("--printer", metavar="NAME", help="One of the campaign's [printers]; its backs differ.")
def sample(campaign: str, output: Path | None, printer: str | None) -> None:
    """Make sample sheets from the content's own suggestions; needs no database."""
    config = settings.load()
    wanted = find_campaign(campaign, config)
    click.echo(write_sample(wanted.on_printer(printer) if printer else wanted, config, output))


def write_sample(campaign: Campaign, config: Settings, output: Path | None = None) -> Path:
    """Write the campaign's sample sheets and return where they are."""
    written = output or config.build_dir / "samples" / f"{campaign.slug}.pdf"
    sampling.sample(campaign, written)
    return written
