"""Alembic's steps from one shape of the database to the next, forwards and with data in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from campaign.errors import CandleError


class MigrationError(CandleError):
    """The database cannot be brought to this program's shape."""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the steps that this database has not seen, inside the open transaction.

    Raises:
        MigrationError: the database was made by a newer program.
    """
    # Imported here: it takes a tenth of a second, and few commands need it.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise MigrationError(
            f"the database was made by a newer Candle ({error}); install that one, or restore an older backup"
        ) from error
