"""`build.py keys`: the age keys that seal details, and signing again after a change of the approval key."""

from __future__ import annotations

import click

from campaign.errors import CandleError
from campaign.keeping import key_rotation
from campaign.keys import sealing
from campaign.language.english import counted
from commands.shared.acting_as import scribe, signing_keys
from commands.shared.database import open_database
from commands.shared.progress_bars import progress_bars
from commands.shared.refusals import RefusingGroup


@click.group(cls=RefusingGroup)
def keys() -> None:
    """Make the age keys that supporters' details are sealed to; renew what an older approval key signed."""


@keys.command("new")
def new_key() -> None:
    """Print a new pair of keys; the secret half is for an offline machine."""
    public, secret = sealing.new_key()
    click.echo(f"# On the server, in CANDLE_AGE_RECIPIENTS:\n# public key: {public}")
    click.echo(f"# On an offline machine, in a file of its own, and nowhere else:\n{secret}")


@keys.command()
@click.option("--dry-run", is_flag=True, help="Only count what an older key signed.")
def renew(dry_run: bool) -> None:
    """Sign with the newest approval key what an older one signed, so that the older one can be taken out."""
    signing = signing_keys()
    with open_database() as database, progress_bars() as show:
        if dry_run:
            found = key_rotation.find_hanging(database, signing, show)
        else:
            found = key_rotation.renew(database, signing, show, scribe().who)
    if told := str(found):
        click.echo(f"an older approval key is still needed for {told}" if dry_run else f"signed anew: {told}")
    for one in found.left_out:
        click.echo(f"left out of the log: {one}")
    if not (dry_run and told):
        click.echo("no older approval key is needed any more: take it out of the fallbacks")
    if found.unsigned:
        many = counted(len(found.unsigned), "approved message")
        raise CandleError(
            f"{many} signed by no key here; what is on no card yet is approved anew at the desk, and for "
            f"what was printed see `build.py batches ... vouch`: {' '.join(found.unsigned)}"
        )
