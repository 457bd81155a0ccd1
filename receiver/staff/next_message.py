"""Which message a reviewer is shown next: the oldest of their queue that nobody else looks at."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from campaign.content.campaign import Campaign
from campaign.messages import presence, queries
from campaign.storage.database import NotStored
from receiver.services import services
from receiver.staff.login import current_member, now
from receiver.staff.queues import Queue

LOOK_AHEAD = 50  # messages among which to find one that nobody else looks at


def next_message(campaign: Campaign, queue: Queue) -> str | None:
    """Return the id of what comes next in a queue, and note who looks at it.

    What came in a flood comes only when it is asked for, or when nothing else is free; so does what somebody
    else approved once. Past the last one come those again that were skipped. What is set aside has a queue
    of its own.
    """
    reader = current_member().name if campaign.review.second_approval else None
    with services().database.read() as connection:
        found = _found(connection, campaign, queue, reader)
        if is_noted(connection, found):
            return found[0]
    return note_presence(found)


def _found(connection: Connection, campaign: Campaign, queue: Queue, reader: str | None) -> list[str]:
    """Return the next of the first queue in turn that holds one at which nobody else looks.

    Where others look at all of them, these are all that there are.
    """
    held: list[str] = []
    for wanted in _in_turn(queue, with_second=reader is not None):
        found = queries.queue(
            connection,
            campaign.slug,
            limit=LOOK_AHEAD,
            after=wanted.after,
            flood=None if wanted.aside or wanted.second else wanted.flood,
            aside=wanted.aside,
            once=wanted.second,
            reader=reader,
        )
        if presence.is_any_free(connection, found, current_member().name, now()):
            return found
        held += found
    return held


def note_presence(identifiers: list[str]) -> str | None:
    """Note that whoever is at the desk looks at the first of these that nobody else looks at; return its id.

    Nobody is kept from looking: where it cannot be written down, it is not.
    """
    if not identifiers:
        return None
    by, moment = current_member().name, now()
    try:
        return services().database.write(
            lambda connection: presence.take(connection, identifiers, by, moment)
        )
    except (NotStored, IntegrityError):  # or it is gone meanwhile
        return identifiers[0]


def is_noted(connection: Connection, identifiers: list[str]) -> bool:
    """Tell whether it was noted a moment ago that they look at the first of these."""
    if not identifiers:
        return False
    look = presence.looks(connection, now()).get(identifiers[0])
    return presence.is_noted(look, current_member().name, now())


def _in_turn(queue: Queue, *, with_second: bool) -> Iterator[Queue]:
    """Yield where to look: behind the message that was skipped, then from the beginning."""
    if queue.aside or queue.second:
        yield from (queue, queue.moved())
        return
    other = Queue(flood=not queue.flood, after=queue.after)
    yield from (queue, other, other.moved(), queue.moved())
    if with_second:
        yield Queue(second=True)
