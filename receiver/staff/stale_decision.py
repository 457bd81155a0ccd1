"""What a reviewer saw when they decided, and who was quicker."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from campaign.language import locales
from campaign.messages import asides, queries
from campaign.messages.message import Message, MessageError
from receiver.http.requested_campaign import requested_campaign
from receiver.staff.login import current_member
from receiver.staff.queues import IDENTIFIER, today


@dataclass(frozen=True)
class Seen:
    """What the reviewer saw when they decided; the decision itself is made on the writer's thread."""

    campaign: str
    identifier: str
    state: str
    fingerprint: str
    note: str
    reader: str

    @classmethod
    def posted(cls, campaign: str, identifier: str) -> Seen:
        """Take it from the form of the request at hand.

        Raises:
            NotFound: there is no such campaign, or the id is none.
        """
        if not IDENTIFIER.fullmatch(identifier):
            raise NotFound
        slug = requested_campaign(campaign).slug
        state, words, note = (request.form.get(name, "") for name in ("state", "seen", "noted"))
        return cls(slug, identifier, state, words, note, current_member().name)

    def check(self, connection: Connection) -> None:
        """Refuse a decision on words, or in a state, that the reviewer did not see.

        Raises:
            MessageError: somebody else was quicker, its writer took it back, or it is another campaign's.
        """
        message = queries.get(connection, self.identifier)
        if message.campaign != self.campaign:
            raise MessageError(f"{self.identifier}: no message of this campaign")
        if message.erased_on is not None:
            raise MessageError("It was taken back or erased since you saw it; nothing is left of it.")
        if message.state != self.state:
            raise MessageError(
                f"Somebody was quicker: it is {message.state} already{_by_whom(message, self.reader)}."
            )
        if message.fingerprint != self.fingerprint:
            raise MessageError(f"{_who_changed(message)}; please look at it again.")
        aside = asides.get_aside(connection, self.identifier)
        if aside and aside.note.split() != self.note.split():
            raise MessageError(f"It was set aside by {aside.by} since you saw it; please read the note.")


def _by_whom(message: Message, reader: str) -> str:
    """Say who decided, and on which day: more is not kept."""
    if not message.reviewed_by or not message.reviewed_on:
        return ""
    on = "today" if message.reviewed_on == today() else f"on {locales.day(message.reviewed_on, 'en')}"
    by = "you" if message.reviewed_by == reader else message.reviewed_by
    return f" by {by}, {on}"


def _who_changed(message: Message) -> str:
    """Say who translated it or cut words out last; of words that were put back that is not known."""
    if message.translation:  # which a cut would have taken away
        return f"It was translated by {message.translated_by} since you saw it"
    if message.redactions:
        return f"Words were cut out by {message.redactions[-1]['by']} since you saw them"
    return "Somebody changed the words since you saw them"
