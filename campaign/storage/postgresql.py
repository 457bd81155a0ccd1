"""PostgreSQL: a server is used only if what it commits is on its disk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, text

from campaign.storage.errors import DatabaseError
from campaign.storage.tables import live_slots

LOCK_TIMEOUT = 5.0  # seconds to wait for another program's lock, or for the server
POOL = 16  # connections kept open; it allows 100 by default, and two receivers must fit
OVERFLOW = 24  # more of them in a rush
POOL_TIMEOUT = 10.0  # seconds to wait for a free one


def engine(url: URL) -> Engine:
    """Make the connections to a server.

    Each raises DatabaseError where the server would lose what it acknowledged.
    """
    options = f"-c lock_timeout={int(LOCK_TIMEOUT * 1000)} -c timezone=UTC"
    made = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_timeout=POOL_TIMEOUT,
        connect_args={"connect_timeout": int(LOCK_TIMEOUT), "options": options},
    )
    event.listen(made, "connect", _check_durable)
    # Said here and not beside the column: it loads the dialect, 3 MB that a receiver on SQLite does without.
    live_slots.dialect_options["postgresql"]["where"] = text("live")
    return made


def _check_durable(connection: Any, _record: object) -> None:
    """Ask for a COMMIT that waits for the disk, and refuse a server that would not do it."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION synchronous_commit = on")
        for setting in ("fsync", "full_page_writes"):
            (found,) = cursor.execute(f"SHOW {setting}").fetchone()
            if found != "on":
                raise DatabaseError(
                    f"PostgreSQL runs with {setting}={found}: it can lose what it acknowledged"
                )
    connection.commit()
