"""PostgreSQL: a server is used only if what it commits is on its disk."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from campaign.storage.errors import DatabaseError, code, is_not_allowed
from campaign.storage.untrusted_values import read_json

LOCK_TIMEOUT = 5.0  # seconds that a command waits for another program's lock
TABLE_TIMEOUT = 0.1  # seconds to wait at a time for a whole table: whoever comes meanwhile waits behind us
CONNECT_TIMEOUT = 2  # seconds to be let in
COMMANDS = 600.0  # seconds that a command waits for a server that says nothing: it may write a table anew
EARLIER = 0.5  # seconds by which the server gives up first, so that it says why
POOL = 16  # connections kept open; it allows 100 by default, and two receivers must fit
OVERFLOW = 24  # more of them in a rush
POOL_TIMEOUT = 1.5  # seconds to wait for a free one


def engine(url: URL, answer_within: float | None = None, workers: int = 1) -> Engine:
    """Make the connections to a server; `answer_within` so many seconds it answers, or counts as gone.

    All `workers` open as many as one. Each raises DatabaseError where the server would lose what it
    acknowledged.
    """
    options = f"-c timezone=UTC {_limits(answer_within)}"
    made = create_engine(
        url,
        pool_size=max(1, POOL // workers),
        max_overflow=OVERFLOW // workers,
        pool_timeout=POOL_TIMEOUT,
        json_deserializer=read_json,
        connect_args={"connect_timeout": CONNECT_TIMEOUT, "options": options},
    )
    from campaign.storage import postgresql_days, postgresql_timeouts  # late: they load psycopg

    event.listen(made, "connect", postgresql_days.read_any_day)
    postgresql_timeouts.install(made, answer_within or COMMANDS)
    event.listen(made, "connect", _check_letters, insert=True)  # SQLAlchemy's own look at it would stumble
    event.listen(made, "connect", _check_durable)
    return made


def _limits(answer_within: float | None) -> str:
    if answer_within is None:
        return f"-c lock_timeout={int(LOCK_TIMEOUT * 1000)}"
    milliseconds = int((answer_within - EARLIER) * 1000)
    return f"-c lock_timeout={milliseconds} -c statement_timeout={milliseconds}"


def _check_letters(connection: Any, _record: object) -> None:
    """Refuse a database that does not hold every language, as one made on a machine without any."""
    found = connection.info.parameter_status("server_encoding")
    if found not in (None, "UTF8"):
        raise DatabaseError(
            f"CANDLE_DATABASE_URL: that database keeps letters as {found}, not those of all languages; "
            "make it anew: createdb --encoding UTF8 --template template0 --owner ROLE NAME"
        )


def _check_durable(connection: Any, _record: object) -> None:
    """Ask for a COMMIT that waits for the disk, and refuse a server that would not do it."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION synchronous_commit = on")
        for setting in ("fsync", "full_page_writes"):
            (found,) = cursor.execute(f"SHOW {setting}").fetchone()
            if found != "on":
                raise DatabaseError(
                    f"PostgreSQL runs with {setting}={found}: it can lose what it acknowledged; "
                    f"write {setting} = on into its settings, and reload it"
                )
    connection.commit()


def hold_still(connection: Connection) -> None:
    """Let all that this connection reads be of one moment, on PostgreSQL too; call it before it reads."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def write_anew(engine: Engine, tables: Sequence[str]) -> tuple[str, ...]:
    """Write tables anew without what was erased, then ask for a checkpoint; says what the role may not do.

    PostgreSQL itself only warns of a table that it passes over because another role owns it.

    Raises:
        DBAPIError: somebody holds a table for too long.
    """
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.detach()  # nobody else is to have its limit
        foreign = owned_by_others(connection, tables)
        connection.exec_driver_sql(f"SET lock_timeout = {int(TABLE_TIMEOUT * 1000)}")
        for table in tables:
            if table not in foreign:
                _write_anew_when_free(connection, table)
        told = [
            f"{table}: another role owns it, so erased words stay in its old rows; as administrator:"
            f" ALTER TABLE {table} OWNER TO {role(connection)}"
            for table in foreign
        ]
        if not _checkpoint(connection):
            told.append(
                "PostgreSQL takes erased words out of its files at its next checkpoint, within minutes;"
                f" to have it done at once, as administrator: GRANT pg_checkpoint TO {role(connection)}"
            )
    return tuple(told)


def _write_anew_when_free(connection: Connection, table: str) -> None:
    deadline = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            connection.exec_driver_sql(f"VACUUM FULL {table}")
        except OperationalError as error:
            if code(error) != "55P03" or time.monotonic() > deadline:  # lock_not_available
                raise
            time.sleep(2 * TABLE_TIMEOUT)  # between our attempts the others read and write
        else:
            return


def owned_by_others(connection: Connection, tables: Sequence[str]) -> list[str]:
    """List the tables that another role owns: this one can neither alter nor rewrite them."""
    mine = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(:table)")
    return [table for table in tables if not connection.scalar(mine, {"table": table})]


def role(connection: Connection) -> str:
    """Name who we are there, as SQL writes it."""
    return str(connection.scalar(text("SELECT quote_ident(current_user)")))


def _checkpoint(connection: Connection) -> bool:
    """Ask for a checkpoint: a superuser may, and whoever is in pg_checkpoint (PostgreSQL 15 and newer)."""
    try:
        connection.exec_driver_sql("CHECKPOINT")
    except ProgrammingError as error:
        if not is_not_allowed(error):
            raise
        return False
    return True
