"""The whole examination of an installation, in the order in which an operator would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

from campaign.content.campaign import Campaign, folders, load_sound
from campaign.doctor import (
    backups,
    exposed_secrets,
    keys_elsewhere,
    machine,
    origins,
    seen_from_outside,
    servers,
    signing_keys,
    staff_log,
    start_warnings,
    units,
    waiting,
)
from campaign.doctor.installation import Installation
from campaign.errors import CandleError, ContentErrors, SettingsError
from campaign.keeping import key_rotation
from campaign.keys.webhook_secrets import decode_secrets
from campaign.settings import PREFIX, WEBHOOK_PREFIX, Settings
from campaign.storage import database as databases
from campaign.storage.database import Database, DatabaseError


def examine(installation: Installation) -> Iterator[str]:
    """Yield one line a fault: its place, what is wrong, and the remedy behind a semicolon.

    What is closed to this user is one too, and keeps nothing else from being looked at.
    """
    for found in _looks(installation):
        try:
            yield from found
        except CandleError as error:
            yield str(error)
        except OSError as error:
            yield f"{error.filename}: {error.strerror}; let this user look there, or run this as its owner"


def _looks(installation: Installation) -> Iterator[Iterable[str]]:
    settings = installation.settings
    yield start_warnings.find(settings, installation.config)
    yield exposed_secrets.find_files(installation)
    yield _missing_keys(settings)
    campaigns, faults = load_sound(settings.content_dir)
    yield map(str, faults)
    yield _strange_webhooks(settings)
    yield machine.find_clock(installation)
    yield machine.find_disk(installation)
    yield machine.find_fonts(installation)
    yield machine.find_versions(installation)
    yield _in_database(installation, campaigns)
    yield servers.find_redis(settings)
    yield backups.find_lists(settings)
    shown = [campaign for campaign in campaigns.values() if not campaign.draft]
    if not installation.tried_out:
        for lent in (settings.content_dir, *installation.program):
            yield machine.find_unreadable(lent)
        yield signing_keys.find_few_recipients(settings)
        yield origins.find_desk(settings)
        yield seen_from_outside.find_certificates(settings, installation.now)
        yield seen_from_outside.find_page(settings, [campaign.slug for campaign in shown])
        yield seen_from_outside.find_receiver(settings)
        yield units.find(installation, shown)


def _missing_keys(settings: Settings) -> Iterator[str]:
    try:
        settings.require_keys()
    except SettingsError as error:
        yield str(error)


def _strange_webhooks(settings: Settings) -> Iterator[str]:
    for campaign, secrets in settings.webhook_secrets.items():
        try:
            decode_secrets(campaign, secrets)
        except SettingsError as error:
            yield str(error)
    with suppress(ContentErrors):  # said above: there is no campaign at all
        slugs = {folder.name for folder in folders(settings.content_dir)}
        for slug in sorted(set(settings.webhook_secrets) - slugs):
            variable = f"{PREFIX}{WEBHOOK_PREFIX}{slug.upper().replace('-', '_')}"
            yield f"{variable}: there is no such campaign; write the name of its folder, or take it away"


def _in_database(installation: Installation, campaigns: Mapping[str, Campaign]) -> Iterator[str]:
    """Look at the database as it is: nothing is made or brought up to date."""
    scheme, _, path = installation.settings.database_url.partition(":///")
    lacking = Path(path) if scheme.startswith("sqlite") and path else None
    with suppress(PermissionError):  # connecting says more, as it does of a folder that is nowhere
        if lacking and not lacking.exists() and lacking.parent.parent.is_dir():
            yield f"{path}: is not there; start the receiver, which makes it, or mend {PREFIX}DATABASE_URL"
            return
    try:
        with closing(
            databases.connect(installation.settings.database_url, servers.ANSWER_WITHIN)
        ) as database:
            yield from _found_there(installation, campaigns, database)
    except DatabaseError as error:
        told = str(error).removeprefix(f"{PREFIX}DATABASE_URL: ")
        yield f"{PREFIX}DATABASE_URL: {told}" + ("" if "; " in told else "; mend it, or start the server")


def _found_there(
    installation: Installation, campaigns: Mapping[str, Campaign], database: Database
) -> Iterator[str]:
    settings, today = installation.settings, installation.now.date()
    with database.read() as connection:
        yield from (old := list(servers.find_shape(connection)))
        if old:  # what follows asks for tables that may not be there yet
            return
        yield from servers.find_postgresql(database, connection)
        yield from waiting.find(connection, campaigns, today)
        yield from waiting.find_left(connection, settings.content_dir)
        yield from origins.find_other_hops(connection, settings)
        yield from keys_elsewhere.find(connection, settings, installation.now)
        yield from backups.find(connection, today, expected=not installation.tried_out)
        if not installation.tried_out:
            yield from waiting.find_purge(connection, today)
    if settings.approval_key:
        hanging = key_rotation.find_hanging(database, settings.approval_keys)
        yield from signing_keys.tell_hanging(hanging)
        yield from staff_log.find(installation, database)
