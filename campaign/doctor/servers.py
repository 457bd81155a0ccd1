"""The database and Redis as they are found: who we are there, what lasts, and what gets into their logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy import Connection, text

from campaign.settings import PREFIX, Settings
from campaign.storage import postgresql
from campaign.storage.database import Database
from campaign.storage.redis_address import redis_address
from campaign.storage.tables import metadata
from campaign.storage.upgrade import is_newest

CHECKPOINTS = 150_000  # the first version of PostgreSQL that lets others than superusers ask for one
# What the log of a server must not hold: the words of a statement.
QUIET = {
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_min_duration_statement": "-1",
}
PATIENCE = 2.0  # seconds for Redis
ANSWER_WITHIN = 3.0  # seconds for the database, as the receiver gives it


def find_shape(connection: Connection) -> Iterator[str]:
    """Report that the tables are not those of this program."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        yield f"{PREFIX}DATABASE_URL: is empty; restore a backup into it, or else start the receiver"
    elif not is_newest(connection):
        yield (
            f"{PREFIX}DATABASE_URL: its tables are of another version than this program; "
            "restart the receiver, which brings older ones up to date"
        )


def find_postgresql(database: Database, connection: Connection) -> Iterator[str]:
    """Name where a PostgreSQL server does not do as docs/operators.md asks."""
    if database.engine.dialect.name != "postgresql":
        return
    role = postgresql.role(connection)
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        yield (
            f"{PREFIX}DATABASE_URL: the role {role} may do everything; make one of its own, "
            "as docs/operators.md says under Outgrowing one machine"
        )
    if _lacks_checkpoint(connection):
        yield (
            f"{PREFIX}DATABASE_URL: erased words stay in PostgreSQL's files for minutes; "
            f"as administrator: GRANT pg_checkpoint TO {role}"
        )
    for table in postgresql.owned_by_others(connection, list(metadata.tables)):
        yield (
            f"{PREFIX}DATABASE_URL: the table {table} is another role's; "
            f"as administrator: ALTER TABLE {table} OWNER TO {role}"
        )
    if connection.scalar(text("SHOW statement_timeout")) == "0":
        yield (
            f"{PREFIX}DATABASE_URL: what stands before PostgreSQL drops the receiver's time limits; "
            "name the server itself, or let its pool pass `options` on"
        )
    for name, value in QUIET.items():
        if connection.scalar(text(f"SHOW {name}")) != value:  # our own names
            yield (
                f"{PREFIX}DATABASE_URL: PostgreSQL's log may hold supporters' words; "
                f"set {name} = {value} in its settings"
            )


def find_redis(settings: Settings) -> Iterator[str]:
    """Report that Redis does not answer, or that its counts get onto a disk.

    Raises:
        SettingsError: the address is none.
    """
    if not (address := redis_address(settings.limits_url)):
        return
    from redis import Redis, RedisError
    from redis.exceptions import NoPermissionError, ResponseError

    client: Redis = Redis.from_url(
        address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    )
    name = f"{PREFIX}LIMITS_URL"
    found: dict[str | None, str | None] = {}
    try:
        with suppress(NoPermissionError):  # it answers
            client.ping()
        with suppress(ResponseError):  # it lets this role, or nobody, ask for settings
            found = client.config_get("save", "appendonly")
    except (RedisError, OSError) as error:
        yield (
            f"{name}: Redis does not answer ({type(error).__name__}), and each receiver counts for itself; "
            "start it, or mend the address"
        )
        return
    finally:
        client.close()
    if found.get("save"):
        yield f'{name}: Redis writes itself to the disk; set save "" in its settings'
    if found.get("appendonly") == "yes":
        yield f"{name}: Redis keeps a log on the disk; set appendonly no in its settings"


def _lacks_checkpoint(connection: Connection) -> bool:
    if int(connection.scalar(text("SHOW server_version_num")) or 0) < CHECKPOINTS:
        return False
    return not connection.scalar(text("SELECT pg_has_role(current_user, 'pg_checkpoint', 'USAGE')"))
