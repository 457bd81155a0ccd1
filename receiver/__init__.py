"""The only code on the internet: takes messages and webhooks, and serves the staff desk; see `halves`."""

from __future__ import annotations

from flask import Flask

from campaign import database as databases
from campaign import settings as operator
from campaign.database import Database
from campaign.settings import Settings
from receiver import (
    body,
    errors,
    halves,
    headers,
    hooks,
    limits,
    logs,
    origins,
    public,
    staff,
    statics,
    status,
    turns,
    withdrawal,
)
from receiver.contents import Contents
from receiver.counts import Counts
from receiver.daykey import DayKey
from receiver.flood import Flood
from receiver.halves import Half
from receiver.health import Health
from receiver.outages import Outages
from receiver.presence import Presence
from receiver.readers import Readers
from receiver.services import Services
from receiver.tokens import Tokens
from receiver.turns import Turns
from receiver.webhooks import key


def create_app(
    settings: Settings | None = None, database: Database | None = None, only: Half | None = None
) -> Flask:
    """Make the receiver, or one half of it; without arguments as the settings of this machine say.

    Raises:
        CandleError: a key is missing, the content has a fault, the database cannot be used.
    """
    settings = settings or operator.load()
    settings.require_keys(*halves.signing_keys(only))
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.extensions["candle"] = gather(settings, database or open_database(settings), only)
    logs.install(app)
    headers.install(app, only)
    body.install(app)
    turns.install(app)
    errors.install(app)
    statics.install(app, settings)
    app.register_blueprint(status.blueprint)
    if only != "desk":
        add_public(app, settings)
    if only != "public":
        staff.install(app, settings)
    app.extensions["candle"].limiter = limits.install(app, settings)
    return app


def add_public(app: Flask, settings: Settings) -> None:
    """Add what supporters, their browsers and the petition reach."""
    origins.install(app, settings)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(withdrawal.blueprint)
    app.register_blueprint(hooks.blueprint)
    app.register_blueprint(statics.blueprint)


def gather(settings: Settings, database: Database, only: Half | None = None) -> Services:
    """Make what outlives a request.

    Raises:
        CandleError: the content has a fault, or a webhook secret cannot be one.
    """
    turns = Turns()
    database.before_waiting = turns.leave
    return Services(
        settings=settings,
        database=database,
        contents=Contents(settings.content_dir, settings.site_url[0]),
        counts=Counts(database),
        tokens=Tokens(settings.secret_keys),
        turns=turns,
        flood=Flood(settings),
        day_key=DayKey(settings.limits_url),
        health=Health(database),
        presence=Presence(),
        outages=Outages(),
        readers=Readers(),
        webhook_keys={
            slug: tuple(key(secret) for secret in secrets)
            for slug, secrets in settings.webhook_secrets.items()
        },
        only=only,
    )


def open_database(settings: Settings) -> Database:
    """Open the database of the settings, its tables in their newest shape.

    Raises:
        CandleError: it cannot be opened, or is newer than this program.
    """
    database = databases.connect(settings.database_url)
    databases.migrate(database)
    return database
