"""Messages in groups, as cards at a glance: what was noticed of a message ticks its card, to be left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from campaign.content.campaign import Campaign
from campaign.language import locales
from campaign.messages import groups, presence, second_approval
from campaign.messages.message import Message
from campaign.press import printability
from campaign.storage.database import NotStored
from receiver.http.requested_campaign import requested_campaign
from receiver.http.requested_number import requested_number
from receiver.services import services
from receiver.staff import group_approval
from receiver.staff.flag_kinds import FACTS
from receiver.staff.flag_spans import ExplainedFlag, explain_flags
from receiver.staff.login import current_member, login_required, now
from receiver.staff.review import desk_context

PAGE = 24  # cards that a person can look at, one by one, before they approve
LOOKED_AT = 2 * PAGE  # messages among which those without any flag are found

blueprint = Blueprint("groups", __name__, url_prefix="/staff")


@dataclass(frozen=True)
class GroupCard:
    """A message as it stands among others, and what to look at in it."""

    message: Message
    flags: tuple[ExplainedFlag, ...]
    facts: tuple[str, ...]
    language: str
    first_by: str | None
    apart: str = ""  # why no group approves it

    @property
    def ticked(self) -> bool:
        """Whether something was noticed that nobody should approve in passing."""
        return any(told.to_be_read for told in self.flags)


@dataclass(frozen=True)
class AskedGroup:
    """Which group is asked for: of words alike, or of no flag past `after`."""

    kind: str = ""
    of: str = ""
    after: int = 0

    @classmethod
    def of_request(cls, given: Mapping[str, str]) -> AskedGroup:
        """Read it from a query or a form.

        Raises:
            BadRequest: the place is no number.
        """
        kind, of = given.get("kind", ""), given.get("of", "").replace("\0", "")[:32]
        known = kind in ("alike", "unflagged")
        return cls(kind if known else "", of, requested_number(given, "after", 0))

    @property
    def fields(self) -> dict[str, Any]:
        """Return what an address or a form holds of it."""
        held = {"kind": self.kind, "of": self.of, "after": self.after and str(self.after)}
        return {name: value for name, value in held.items() if value}


@blueprint.get("/<slug>/groups")
@login_required
def show(slug: str) -> ResponseReturnValue:
    """List the groups, or show the cards of one."""
    campaign, asked = requested_campaign(slug), AskedGroup.of_request(request.args)
    with services().database.read() as connection:
        shown = desk_context(connection, campaign)
        if asked.kind:
            looks = presence.looks(connection, now())
            cards, further = _find_cards(connection, campaign, asked, looks)
            shown |= {"cards": cards, "further": further}
        else:
            reader = _reader_of(campaign)
            shown["unflagged"] = groups.count_without_stored_flags(connection, slug, reader)
            shown |= {"alike": groups.alike(connection, slug, reader), "window": groups.WINDOW}
    if shown.get("cards"):
        _note_presence([card.message.id for card in shown["cards"]], looks)
    return render_template("staff/groups.html", **shown, asked=asked, state="groups", page=PAGE)


@blueprint.post("/<slug>/groups")
@login_required
def approve(slug: str) -> ResponseReturnValue:
    """Approve the messages of a page that are not ticked, and go back to the group."""
    campaign, asked = requested_campaign(slug), AskedGroup.of_request(request.form)
    group_approval.approve_unticked(campaign, request.form, most=PAGE)
    return redirect(url_for("groups.show", slug=slug, **asked.fields), 303)


def _note_presence(identifiers: Sequence[str], looks: presence.Looks) -> None:
    """Note who looks at the cards of a page; where it cannot be written down, or one is gone, it is not."""
    by, moment = current_member().name, now()
    anew = [one for one in identifiers if not presence.is_noted(looks.get(one), by, moment)]
    if anew:
        with suppress(NotStored, IntegrityError):
            services().database.write(lambda c: presence.take_all(c, anew, by, moment))


def _find_cards(
    connection: Connection, campaign: Campaign, asked: AskedGroup, looks: presence.Looks
) -> tuple[list[GroupCard], int]:
    """Return a page of cards that nobody else looks at, and behind which message more may be found, or 0."""
    found = list[Message]()
    parts = _parts(connection, campaign, asked, found)
    cards = list(islice(_cards(connection, campaign, asked, parts, looks), PAGE + 1))
    return cards[:PAGE], _further(found, cards)


def _parts(
    connection: Connection, campaign: Campaign, asked: AskedGroup, found: list[Message]
) -> Iterator[list[Message]]:
    """Yield the oldest of a group, at first what a page shows: mostly that is enough. `found` gets all."""
    after, reader = asked.after, _reader_of(campaign)
    for size in (PAGE + 1, LOOKED_AT - PAGE - 1):
        some = groups.read_group(connection, asked.kind, campaign.slug, asked.of, size, reader, after)
        found += some
        yield some
        if len(some) < size:
            return
        after = some[-1].order


def _cards(
    connection: Connection,
    campaign: Campaign,
    asked: AskedGroup,
    parts: Iterable[Sequence[Message]],
    looks: presence.Looks,
) -> Iterator[GroupCard]:
    """Make a card of each message that nobody else looks at; one without flags where that is the group."""
    own, same = current_member().name, asked.kind == "alike"
    for some in parts:  # no further than the page needs
        free = [one for one in some if looks.get(one.id, (own,))[0] == own]
        two = campaign.review.second_approval
        once = second_approval.by_whom(connection, [one.id for one in free]) if two else {}
        # Of the same words that some came before is why they stand here.
        for message in printability.add_all_flags(connection, free, campaign, duplicates=not same):
            texts = {"message": message.text, "first_name": message.first_name}
            told = explain_flags((flag for flag in message.flags if flag.kind not in FACTS), texts)
            facts = [FACTS[flag.kind] for flag in message.flags if flag.kind in FACTS]
            apart = _why_apart(campaign, message)
            if same or not (told or apart):
                language, first_by = locales.told_name(message.language), once.get(message.id)
                yield GroupCard(message, tuple(told), tuple(facts), language, first_by, apart)


def _why_apart(campaign: Campaign, message: Message) -> str:
    if any(flag.kind == "does-not-fit" for flag in message.flags):
        return "No card can carry it"
    translated = printability.planned_prints(campaign, message) != "original"
    return "It is read beside its translation" if translated else ""


def _further(found: Sequence[Message], cards: Sequence[GroupCard]) -> int:
    """Return behind which message the next page begins; 0 where there is none."""
    if len(cards) > PAGE:
        return cards[PAGE - 1].message.order
    return found[-1].order if len(found) == LOOKED_AT else 0


def _reader_of(campaign: Campaign) -> str | None:
    return current_member().name if campaign.review.second_approval else None
