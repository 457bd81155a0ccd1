"""What is looked at before a start: which keys this process can read, and the gravest of what is wrong."""

from __future__ import annotations

import click

from campaign import settings as operator
from campaign.doctor import start_warnings
from campaign.errors import SettingsError
from campaign.settings import CONFIG, readable_approval_keys


def look(*, public: bool) -> None:
    """Warn of the gravest, and refuse the `public` half alone where it can read a key that approves.

    Raises:
        SettingsError: naming each place of such a key, and the remedy; or a setting that cannot be used.
    """
    settings = operator.load()
    if public and (places := readable_approval_keys()):
        raise SettingsError(
            f"{', '.join(places)}: the public half can read this key, and whoever breaks in there could "
            "approve anything; run this half as a user of its own, and keep the key in a file that only the "
            "desk's user may read, named by approval_key_file, as docs/operators.md says under Keys"
        )
    for warning in start_warnings.find(settings, CONFIG):
        click.echo(f"receiver: warning: {warning}", err=True)
