"""`python -m receiver`: the receiver, or a half of it, as in production."""

from __future__ import annotations

import gc
import sys

import click

from campaign.cards.fonts import faces
from campaign.cards.fonts.families import TEXT
from campaign.errors import in_plain_words
from campaign.storage import writer
from receiver import roles
from receiver.app import create_app
from receiver.http.proxies import CountProxies
from receiver.process import server, starting
from receiver.process.request_threads import RequestThreads
from receiver.process.workers import MOST, Workers, cores
from receiver.roles import Half

THREADS = 64  # each waits for the disk most of the time; the writer commits for all of them at once
DESK_THREADS = 16  # each may hold a connection: with those of two public halves PostgreSQL's 100 suffice
LEAST_THREADS = 8  # of a worker
PORT = click.IntRange(0, 65535)


def number_of_workers(_context: click.Context, _option: click.Parameter, written: str) -> int:
    """Return how many workers are meant, `auto` as one for each core."""
    number = cores() if written == "auto" else int(written) if written.isdecimal() else 0
    if not 1 <= number <= MOST:
        raise click.BadParameter(f"{written}: write a number from 1 to {MOST}, or auto")
    return number


@click.command()
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="The address to listen on."
)
@click.option("--port", metavar="N", type=PORT, default=8001, show_default=True, help="The port there.")
@click.option(
    "--only", type=click.Choice(roles.HALVES), help="Serve the public paths alone, or the staff desk alone."
)
@click.option(
    "--workers",
    callback=number_of_workers,
    metavar="N|auto",
    default="1",
    show_default=True,
    help="How many processes share the work; auto: one for each core.",
)
@click.option("--lifeline", type=int, hidden=True)  # for `build.py run`: a pipe of who started this
def main(host: str, port: int, only: Half | None, workers: int, lifeline: int | None) -> None:
    """Take messages and webhooks, and serve the staff desk."""
    try:
        starting.look(public=only == "public")
        serve(host, port, only, workers, lifeline)
    except Exception as error:
        if (told := in_plain_words(error)) is None:
            raise
        click.echo(f"receiver: {told}", err=True)
        sys.exit(1)


def serve(host: str, port: int, only: Half | None, workers: int, held: int | None = None) -> None:
    """Make the app, bring the tables to their newest shape, and serve until a signal stops it.

    One worker alone stops too once `held`, a pipe, has nobody at its other end.

    Raises:
        CandleError: something is missing or wrong; it names the place, the fault and the remedy.
    """
    app = create_app(only=only, workers=workers)
    services = app.extensions["candle"]
    services.database.rest_between_commits(writer.REST_BETWEEN_COMMITS)
    app.wsgi_app = CountProxies(app.wsgi_app, services.database)  # type: ignore[method-assign]
    server.check_address(host, port)
    threads = max(LEAST_THREADS, (DESK_THREADS if only == "desk" else THREADS) // workers)
    gc.freeze()  # what the app is made of stays: no look for garbage need pass over it again

    def work(number: int, lifeline: int | None = None) -> None:
        services.resume(first=number == 0)
        server.serve(app, host, port, RequestThreads(threads, services.request_slots), lifeline)

    try:
        if workers == 1:
            work(0, held)
        else:
            faces.face(TEXT)  # and so HarfBuzz, which each would load for itself
            services.database.disconnect()
            Workers(workers, work).run()
    finally:
        services.announced.end()
        services.refused.write()
        services.outages.tell()


if __name__ == "__main__":
    try:
        main(prog_name="python -m receiver")
    except SystemExit as ended:
        server.leave(int(ended.code or 0))
