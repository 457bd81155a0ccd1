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

LOOK_AHEAD = 50  # messages besides those that are looked at: some may be taken meanwhile


def next_message(campaign: Campaign, queue: Queue) -> str | None:
    """Return the id of what comes next in a queue, and note who looks at it.

    What came in a flood comes only when it is asked for, or when nothing else is free; so does what somebody
    else approved once. Past the last one come those again that were skipped. What is set aside has a queue
    of its own.
    """
    own, moment = current_member().name, now()
    reader = own if campaign.review.second_approval else None
    with services().database.read() as connection:
        looks = presence.looks(connection, moment)
        found = _found(connection, campaign, queue, reader, looks)
    if found and presence.is_noted(looks.get(found[0]), own, moment):
        return found[0]
    return note_presence(found)


def _found(
    connection: Connection, campaign: Campaign, queue: Queue, reader: str | None, looks: presence.Looks
) -> list[str]:
    """Return the next of the first queue in turn that holds one at which nobody else looks.

    Where others look at all of them, these are all that there are.
    """
    held, own = list[str](), current_member().name
    for wanted in _in_turn(queue, with_second=reader is not None):
        found = queries.queue(
            connection,
            campaign.slug,
            limit=LOOK_AHEAD + len(looks),
            after=wanted.after,
            flood=None if wanted.aside or wanted.second else wanted.flood,
            aside=wanted.aside,
            once=wanted.second,
            reader=reader,
        )
        if any(looks.get(one, (own,))[0] == own for one in found):
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


def _in_turn(queue: Queue, *, with_second: bool) -> Iterator[Queue]:
    """Yield where to look: behind the message that was skipped, then from the beginning."""
    if queue.aside or queue.second:
        yield from (queue, queue.moved())
        return
    other = Queue(flood=not queue.flood, after=queue.after)
    yield from (queue, other, other.moved(), queue.moved())
    if with_second:
        yield Queue(second=True)
