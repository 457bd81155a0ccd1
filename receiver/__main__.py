"""`python -m receiver`: the receiver, or a half of it, as in production."""

from __future__ import annotations

import gc
import sys

import click

from campaign.errors import CandleError
from receiver import roles
from receiver.app import create_app
from receiver.http import logs
from receiver.http.proxies import CountProxies
from receiver.process import server, starting
from receiver.roles import Half
from receiver.state.erasure_list import ErasureList

THREADS = 64  # each waits for the disk most of the time; the writer commits for all of them at once
DESK_THREADS = 16  # each may hold a connection: with those of two public halves PostgreSQL's 100 suffice


@click.command()
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="The address to listen on."
)
@click.option("--port", metavar="N", default=8001, show_default=True, help="The port to listen on.")
@click.option(
    "--only", type=click.Choice(roles.HALVES), help="Serve the public paths alone, or the staff desk alone."
)
def main(host: str, port: int, only: Half | None) -> None:
    """Take messages and webhooks, and serve the staff desk."""
    try:
        starting.look(public=only == "public")
        serve(host, port, only)
    except CandleError as error:
        click.echo(f"receiver: {error}", err=True)
        sys.exit(1)


def serve(host: str, port: int, only: Half | None) -> None:
    """Make the app, bring the tables to their newest shape, and serve until a signal stops it.

    Raises:
        CandleError: something is missing or wrong; it names the place, the fault and the remedy.
    """
    app = create_app(only=only)
    services = app.extensions["candle"]
    ErasureList(services.database, services.settings.erasures_file).follow()
    app.wsgi_app = CountProxies(app.wsgi_app, services.database)  # type: ignore[method-assign]
    gc.freeze()  # what the app is made of stays: no look for garbage need pass over it again
    try:
        server.serve(app, host, port, DESK_THREADS if only == "desk" else THREADS)
    finally:
        logs.refused.write()
        services.outages.tell()


if __name__ == "__main__":
    main(prog_name="python -m receiver")
