"""For editors: see the page while writing."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import ROOT, local
from campaign.content import checks
from campaign.content.campaign import load_all, load_sound
from campaign.errors import CandleError
from campaign.pages import hosting
from campaign.pages.preview import rebuilding
from campaign.pages.site import freeze
from campaign.pages.walls import at_hand
from commands.shared import now


@click.command()
@click.option("--port", metavar="N", type=int, default=0, help="The port of the page; default a free one.")
def preview(port: int) -> None:
    """Show the page and the receiver while you edit; both are built again on each save."""
    local.prepare_instance()
    page_port, receiver_port = local.free_ports(2)
    page_port = port or page_port
    config = local.local_settings(f"http://127.0.0.1:{page_port}", f"http://127.0.0.1:{receiver_port}")
    folder, log = config.build_dir / "preview", config.build_dir / "receiver.log"
    live = hosting.Live()

    def build() -> None:
        campaigns = load_all(config.content_dir)
        freeze(folder, campaigns, config, walls=at_hand(campaigns, config))

    with local.until_stopped(), hosting.hosting(folder, page_port, live) as page:
        watched = rebuilding(build, [config.content_dir, ROOT / "site"], live)
        if faults := next(watched):
            raise CandleError(faults)
        with local.receiving(config, log) as receiver:
            said = _warnings(config.content_dir)
            click.echo(f"Page          {page}/\nReceiver      {receiver}/\nCtrl-C stops.{said}")
            for faults in watched:
                click.echo(faults or f"{now():%H:%M:%S} built{_warnings(config.content_dir)}")
    click.echo("Stopped.")


def _warnings(folder: Path) -> str:
    """Say what should be looked at before it is published, as `check` does."""
    sound, _ = load_sound(folder)  # a save may have come between
    return "".join(f"\n{warning}" for warning in checks.warnings(sound.values()))
