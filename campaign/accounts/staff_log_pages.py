"""The log of what staff did, in pages: the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from campaign.accounts.staff_log_rows import LogEntry, LogRow, UnnumberedDecision
from campaign.storage.tables import staff_log, staff_log_today

PAGE = 50


@dataclass(frozen=True)
class LogPage:
    """Some of the log, each entry after its number; decisions of a day that has not ended have none yet."""

    entries: tuple[tuple[int | None, LogEntry], ...]
    number: int
    pages: int


_ABOUT = select(staff_log).where(staff_log.c.about == bindparam("about")).order_by(staff_log.c.number)
_ABOUT_TODAY = select(staff_log_today).where(staff_log_today.c.about == bindparam("about"))


def decisions_about(connection: Connection, campaign: str, message: str) -> list[LogEntry]:
    """Return what staff did with one message, by days; of one day in no order, for none is kept."""
    about = {"about": f"{campaign} {message}"}
    numbered = [LogRow.of(row).entry for row in connection.execute(_ABOUT, about)]
    undated = [UnnumberedDecision.of(row).entry for row in connection.execute(_ABOUT_TODAY, about)]
    return sorted(numbered + undated, key=lambda entry: (entry.day, entry.who, entry.what))


def read_page(connection: Connection, number: int, who: str = "") -> LogPage:
    """Return one page, of one person or of all; past the last one, the last."""
    today, rows = select(staff_log_today), select(staff_log)
    if who:  # members' names are small; a command notes what its --as says
        names = {who, who.lower()}
        today, rows = today.where(staff_log_today.c.who.in_(names)), rows.where(staff_log.c.who.in_(names))
    undated = connection.scalar(select(func.count()).select_from(today.subquery())) or 0
    count = undated + (connection.scalar(select(func.count()).select_from(rows.subquery())) or 0)
    pages = max(1, -(-count // PAGE))
    number = min(max(1, number), pages)
    first = (number - 1) * PAGE
    chosen = today.order_by(staff_log_today.c.id).offset(first).limit(PAGE)
    found: list[tuple[int | None, LogEntry]] = [
        (None, UnnumberedDecision.of(row).entry) for row in connection.execute(chosen)
    ]
    numbered = rows.order_by(staff_log.c.number.desc()).offset(max(0, first - undated))
    for row in map(LogRow.of, connection.execute(numbered.limit(PAGE - len(found)))):
        found.append((row.number, row.entry))
    return LogPage(tuple(found), number, pages)
