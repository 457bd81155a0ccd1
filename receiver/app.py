"""The receiver put together: what outlives a request, HTTP's own matters, and the routes of each half."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Flask

from campaign import settings as operator
from campaign.keys.webhook_secrets import decode_secrets
from campaign.settings import Settings
from campaign.storage import database as databases
from campaign.storage import marks
from campaign.storage.database import Database, Unavailable
from receiver import roles
from receiver.http import body, errors, headers, health, limits, logs, origins, static_files
from receiver.petition import webhook
from receiver.roles import Half
from receiver.services import Services
from receiver.state import request_slots
from receiver.state.contents import Contents
from receiver.state.counts import Counts
from receiver.state.day_key import DayKey
from receiver.state.erasure_list import ErasureList
from receiver.state.flood import Flood
from receiver.state.health import Health
from receiver.state.heartbeat import Announced
from receiver.state.moving_windows import MovingWindows
from receiver.state.outages import Outages, each_minute
from receiver.state.refusals import Refusals
from receiver.state.request_slots import RequestSlots
from receiver.state.shared_redis import shared_redis
from receiver.state.tokens import Tokens
from receiver.supporters import count_json, withdrawal
from receiver.supporters import sending as supporters

ANSWER_WITHIN = 3.0  # seconds for the database: with all else a request is answered within five
PUBLIC = tuple(part.blueprint for part in (supporters, withdrawal, count_json, webhook))  # no session


class Receiver(Flask):
    """A Flask of plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return it as it is: whether each is a coroutine was asked fifteen times a request."""
        return func


def create_app(
    settings: Settings | None = None,
    database: Database | None = None,
    only: Half | None = None,
    workers: int = 1,
) -> Flask:
    """Make the receiver, or one half of it; without arguments as the settings of this machine say.

    So many `workers` may be forked from this process then, and share what has to be the same for all.

    Raises:
        CandleError: a key is missing, the content has a fault, the database cannot be used.
    """
    settings = settings or operator.load()
    settings.require_keys(*roles.signing_keys(only))
    app = Receiver(__name__, static_folder=None, template_folder=None)
    database = database or open_database(settings, workers)
    app.extensions["candle"] = gather(settings, database, only, workers)
    logs.install(app)
    headers.install(app, only)
    body.install(app)
    request_slots.install(app)
    errors.install(app)
    static_files.install(app, settings)
    app.register_blueprint(health.blueprint)
    if only != "desk":
        add_public(app, settings)
    if only != "public":
        add_desk(app, settings)
    limits.install(app, settings)
    return app


def add_public(app: Flask, settings: Settings) -> None:
    """Add what supporters, their browsers and the petition reach."""
    origins.install(app, settings)
    for blueprint in PUBLIC:
        app.register_blueprint(blueprint)
    app.register_blueprint(static_files.blueprint)


def add_desk(app: Flask, settings: Settings) -> None:
    """Add the staff desk."""
    from receiver.staff import access  # late: the public half loads neither the press nor its pictures

    access.install(app, settings, without_session=PUBLIC)


def gather(settings: Settings, database: Database, only: Half | None = None, workers: int = 1) -> Services:
    """Make what outlives a request.

    Raises:
        CandleError: the content has a fault, or a webhook secret cannot be one.
    """
    slots, redis, flood = RequestSlots(), shared_redis(settings.limits_url), Flood(settings)
    database.before_waiting = slots.release
    windows = MovingWindows(redis) if settings.ratelimit_enabled else None
    announced, erased = Announced(database, settings, only), ErasureList(database, settings.erasures_file)
    return Services(
        settings=settings,
        database=database,
        contents=Contents(settings.content_dir, settings.site_url[0]),
        counts=Counts(database),
        tokens=Tokens(settings.secret_keys),
        request_slots=slots,
        flood=flood,
        windows=windows,
        day_key=DayKey(redis),
        health=Health(database),
        outages=Outages(),
        refused=Refusals(partial(keep_refused, database)),
        announced=announced,
        webhook_keys={
            slug: decode_secrets(slug, secrets) for slug, secrets in settings.webhook_secrets.items()
        },
        only=only,
        workers=workers,
        beginnings=[
            erased.follow,
            announced.begin,
            *(partial(each_minute, networks.wipe) for networks in (flood, windows) if networks),
        ],
    )


def keep_refused(database: Database, number: int) -> None:
    """Keep how much was refused in an hour, for the operator; what cannot be written is let go."""
    with suppress(Unavailable):
        database.write(lambda connection: marks.note(connection, "refused", datetime.now(UTC), number))


def open_database(settings: Settings, workers: int) -> Database:
    """Open the database of the settings, its tables in their newest shape, for one of so many workers.

    Raises:
        CandleError: it cannot be opened, or is newer than this program.
    """
    with closing(databases.connect(settings.database_url)) as patient:
        databases.migrate(patient)
    return databases.connect(settings.database_url, ANSWER_WITHIN, workers)
