"""In whose name a command works, and the keys that sign what it writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from campaign import settings

if TYPE_CHECKING:
    from campaign.accounts.staff_log import Scribe

STAFF = f"{settings.PREFIX}STAFF"


@contextmanager
def working_as(name: str) -> Iterator[None]:
    """Say in whose name this command and those that it starts are run."""
    before = os.environ.get(STAFF)
    os.environ[STAFF] = name
    try:
        yield
    finally:
        os.environ.pop(STAFF)
        if before is not None:
            os.environ[STAFF] = before


def scribe() -> Scribe:
    """Write into the log in the name of whoever works here; without a key say that nothing is written."""
    from campaign.accounts.staff_log import Scribe

    found = Scribe.of(settings.load())
    if not found.can_sign:
        click.echo(f"not in the log of staff: {settings.PREFIX}APPROVAL_KEY is not here", err=True)
    return found


def signing_keys() -> tuple[str, ...]:
    """Return the keys that sign approvals and the rows of staff; without one nothing holds."""
    config = settings.load()
    config.require_keys("approval_key")
    return config.approval_keys
