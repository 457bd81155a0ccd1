"""What is known of the keepsakes: where they are, what the latest holds, and whether a newer one is needed.

Every function that takes an open `Connection` and writes is meant for `Database.write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select, update

from campaign.storage.bulk_insert import insert_new
from campaign.storage.chunks import chunks
from campaign.storage.tables import erasures, keepsakes, messages, slots

RETENTION = "retention"  # the reason for an erasure after which the keepsake rightly still holds the message


def default_file(build_dir: Path, campaign: str) -> Path:
    """Say where the keepsake is written unless another file is named."""
    return build_dir / "keepsake" / f"{campaign}.pdf"


def record(connection: Connection, campaign: str, held: Sequence[int], on: date, sha256: str) -> None:
    """Record that the keepsake was made: from then on the days of what is in the `held` slots count.

    It takes the place of the older ones; `sha256` is its file's.
    """
    of_campaign = keepsakes.c.campaign == campaign
    # Who takes back now waits.
    connection.execute(select(keepsakes.c.made_on).where(of_campaign).with_for_update())
    insert_new(
        connection, keepsakes, [{"campaign": campaign, "made_on": on, "taken_back": 0, "sha256": sha256}]
    )
    gone = 0
    for some in chunks(held):
        new = slots.c.id.in_(some) & slots.c.in_book_on.is_(None)
        connection.execute(update(slots).where(new).values(in_book_on=on))
        gone += _taken_back_of(connection, some)
    connection.execute(update(keepsakes).where(of_campaign).values(taken_back=0))
    today = update(keepsakes).where(of_campaign, keepsakes.c.made_on == on)
    connection.execute(today.values(taken_back=gone, sha256=sha256))


def take_back(connection: Connection, campaign: str) -> None:
    """Record that a message in the keepsake was taken back: one without it has to be made."""
    latest = update(keepsakes).where(_latest(campaign))
    connection.execute(latest.values(taken_back=keepsakes.c.taken_back + 1))


_TAKEN_BACK = select(func.sum(keepsakes.c.taken_back)).where(keepsakes.c.campaign == bindparam("campaign"))


def count_taken_back(connection: Connection, campaign: str) -> int:
    """Count the messages that the latest keepsake holds although they were taken back."""
    return int(connection.scalar(_TAKEN_BACK, {"campaign": campaign}) or 0)


def latest_sha256(connection: Connection, campaign: str) -> str | None:
    """Return the SHA-256 of the latest keepsake's file; None where it is not known."""
    return connection.scalar(select(keepsakes.c.sha256).where(_latest(campaign)))


def taken_back_by_people() -> Select[str]:
    """Choose the ids of the messages that were erased for another reason than their age."""
    return select(erasures.c.message).where(erasures.c.what == "message", erasures.c.why != RETENTION)


def _taken_back_of(connection: Connection, held: Sequence[int]) -> int:
    """Count those of the slots whose message was taken back while the keepsake was made."""
    chosen = select(slots.c.message).join(messages, messages.c.id == slots.c.message)
    erased = chosen.where(slots.c.id.in_(held), messages.c.erased_on.is_not(None))
    ids = connection.scalars(erased).all()
    if not ids:
        return 0
    by_people = taken_back_by_people().where(erasures.c.message.in_(ids))
    return len(connection.scalars(by_people).all())


def _latest(campaign: str) -> ColumnElement[bool]:
    of_campaign = keepsakes.c.campaign == campaign
    return and_(
        of_campaign,
        keepsakes.c.made_on == select(func.max(keepsakes.c.made_on)).where(of_campaign).scalar_subquery(),
    )
