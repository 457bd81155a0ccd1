"""`build.py doctor`: what is wrong with this installation."""

from __future__ import annotations

import click

from campaign import settings
from campaign.doctor import examination
from campaign.doctor.installation import Installation
from commands.shared.clock import now


@click.command()
def doctor() -> None:
    """Look for what is wrong with this installation: one line a finding, with its remedy.

    It changes nothing. The status is 1 where there is anything to mend.
    """
    found = 0
    for line in examination.examine(Installation(settings.load(), settings.CONFIG, now())):
        click.echo(line)
        found += 1
    if found:
        click.get_current_context().exit(1)
    click.echo("nothing to mend")
