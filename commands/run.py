"""`build.py run`: everything on this machine."""

from __future__ import annotations

import threading
from contextlib import suppress

import click

from campaign import settings
from campaign.content.campaign import load_all, published
from campaign.doctor import start_warnings
from campaign.pages import local_server
from campaign.pages.site import freeze
from campaign.pages.walls import at_hand
from commands.sample import write_sample
from commands.shared import local


@click.command()
def run() -> None:
    """Run everything on this machine: page, receiver, staff desk, sample sheet.

    Keys and the database are kept in instance/; the login is made for this run and ends with it.
    """
    click.get_current_context().with_resource(local.alone(local.prepare_instance().parent))
    site_url, receiver_url = (f"http://127.0.0.1:{port}" for port in local.free_ports(2))
    config = local.local_settings(site_url, receiver_url)
    for warning in start_warnings.find(config, settings.CONFIG):
        click.echo(f"warning: {warning}", err=True)
    campaigns = load_all(config.content_dir)
    folder, log = config.build_dir / "local", config.build_dir / "receiver.log"
    shown = published(campaigns)
    click.echo("Building the page and a sample sheet; their addresses follow.")
    freeze(folder, shown, config, walls=at_hand(shown, config))
    samples = [write_sample(campaign, config) for campaign in campaigns.values()]
    with (
        suppress(KeyboardInterrupt),
        local_server.hosting(folder, int(site_url.rpartition(":")[2])),
        local.receiving(config, log),
        local.login(config) as password,
    ):
        click.echo(f"Page          {site_url}/")
        click.echo(f"Staff desk    {receiver_url}/staff/   name: {local.NAME}   password: {password}")
        for sample_sheet in samples:
            click.echo(f"Sample sheet  {sample_sheet}")
        click.echo(f"Receiver log  {log}\nCtrl-C stops everything.")
        threading.Event().wait()
    click.echo("Stopped.")
