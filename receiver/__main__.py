"""`python -m receiver`: the receiver, or a half of it, as in production: one process of many threads."""

from __future__ import annotations

import resource
import sys
from multiprocessing.util import Finalize
from typing import Any

import click
from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.server import common

from campaign import settings as operator
from campaign.errors import CandleError
from receiver import roles
from receiver.app import create_app, gather, open_database
from receiver.http import logs
from receiver.process import collector, signals
from receiver.roles import Half

THREADS = 64  # each waits for the disk most of the time; the writer commits for all of them at once
DESK_THREADS = 16  # each may hold a connection: with those of two public halves PostgreSQL's 100 suffice
BACKLOG = 2048
CONNECTIONS = 2048  # held open at once, most of them by nobody who says anything
SLOWEST_HEADERS = 10  # seconds
LONGEST_HEADERS = 32 * 1024  # bytes: werkzeug takes half a second to understand 200 KiB of them
STOP_AFTER = 30  # seconds that accepted requests have to finish

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "receiver.http.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"_granian": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
}


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
        check(only)
    except CandleError as error:
        click.echo(f"receiver: {error}", err=True)
        sys.exit(1)
    serve(host, port, WORKERS[only], threads_of(only))


def check(only: Half | None = None) -> None:
    """Find out what would stop the receiver before it starts, and bring the tables to their newest shape.

    Raises:
        CandleError: naming the place, the fault and the remedy.
    """
    settings = operator.load()
    settings.require_keys(*roles.signing_keys(only))
    database = open_database(settings)
    try:
        gather(settings, database, only)
    finally:
        database.close()


def serve(host: str, port: int, app: str = "receiver.__main__:worker", threads: int = THREADS) -> None:
    """Serve what `app` makes until a signal stops it; requests that were accepted are answered first."""
    allow_files(CONNECTIONS * 2)
    signals.hear_once(common)
    Granian(
        app,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        # The other mode may miss its own end: it notifies a thread that does not wait yet.
        runtime_mode=RuntimeModes.st,
        blocking_threads=threads,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        # One request at a time on a connection, so that a slow one can be cut: see state.slow_clients.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=SLOWEST_HEADERS * 1000, max_buffer_size=LONGEST_HEADERS
        ),
        websockets=False,
        workers_kill_timeout=STOP_AFTER,
        log_dictconfig=LOGGING,
    ).serve()


def allow_files(wanted: int) -> None:
    """Let this process and the one it starts open more files than a shell allows by default, if it may."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, min(wanted, most)), most))


def threads_of(only: Half | None) -> int:
    """Return how many requests a process works on at once."""
    return DESK_THREADS if only == "desk" else THREADS


def worker(only: Half | None = None) -> Flask:
    """Make the app, or one half of it, in the process that serves it."""
    signals.listen()
    app = create_app(only=only)
    app.extensions["candle"].slow_clients.watch(threads_of(only))
    for tell in (logs.refused.write, app.extensions["candle"].outages.tell):
        # granian forks its worker, and such a process ends without a look at what `atexit` was given.
        Finalize(None, tell, exitpriority=0)
    collector.look_seldom()
    return app


def public_worker() -> Flask:
    """Make the public paths; granian calls a worker by its name and without arguments."""
    return worker("public")


def desk_worker() -> Flask:
    """Make the staff desk."""
    return worker("desk")


WORKERS: dict[Half | None, str] = {
    None: "receiver.__main__:worker",
    "public": "receiver.__main__:public_worker",
    "desk": "receiver.__main__:desk_worker",
}


if __name__ == "__main__":
    main(prog_name="python -m receiver")
