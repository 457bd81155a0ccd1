"""Messages in groups, as cards at a glance: all are approved at once, but those that are ticked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from campaign.content.campaign import Campaign
from campaign.language import locales
from campaign.messages import first_approvals, groups, presence, queries, review
from campaign.messages.message import Message, MessageError
from campaign.press import printability
from campaign.storage.database import NotStored
from campaign.text.matching import likeness
from receiver.http.requested import requested_campaign, requested_number
from receiver.services import services
from receiver.staff import undo
from receiver.staff.flag_spans import FACTS, ExplainedFlag, explain_flags
from receiver.staff.login import current_member, login_required, now, scribe
from receiver.staff.review import desk_context
from receiver.staff.seen import IDENTIFIER, today
from receiver.staff.undo import Undoable

blueprint = Blueprint("groups", __name__, url_prefix="/staff")
PAGE = 24  # cards that a person can look at, one by one, before they approve
LOOKED_AT = 2 * PAGE  # messages among which those without any flag are found


@dataclass(frozen=True)
class GroupCard:
    """A message as it stands among others, and what to look at in it."""

    message: Message
    flags: tuple[ExplainedFlag, ...]
    facts: tuple[ExplainedFlag, ...]
    language: str
    first_by: str | None

    @property
    def misfit(self) -> bool:
        """Whether no card can carry it."""
        return any(told.flag.kind == "does-not-fit" for told in self.flags)

    @property
    def ticked(self) -> bool:
        """Whether something was noticed that nobody should approve in passing."""
        return any(told.to_be_read for told in self.flags)


@dataclass(frozen=True)
class SortedOut:
    """Messages that no group approves: those that print a translation, and those that no card can carry."""

    translated: tuple[str, ...]
    misfit: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both of them."""
        return self.translated + self.misfit


@dataclass(frozen=True)
class AskedGroup:
    """Which group is asked for: of words alike, of a suggestion by its number, or of no flag past `after`."""

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
        known = kind in ("alike", "suggestion", "unflagged")
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
    suggestions = _suggestions(campaign)
    with services().database.read() as connection:
        shown = desk_context(connection, campaign)
        if asked.kind:
            found = _found(connection, campaign, asked, suggestions)
            cards = list(islice(_cards(connection, campaign, asked, found), PAGE + 1))
            shown |= {"cards": cards[:PAGE], "further": _further(asked, found, cards)}
        else:
            shown |= _overview(connection, campaign, suggestions)
        looked_at = [card.message.id for card in shown.get("cards", ())]
        anew = presence.to_be_noted(connection, looked_at, current_member().name, now()) if looked_at else []
    _note_presence(anew)
    return render_template("staff/groups.html", **shown, asked=asked, state="groups", page=PAGE)


@blueprint.post("/<slug>/groups")
@login_required
def approve(slug: str) -> ResponseReturnValue:
    """Approve what was shown and not ticked; what changed meanwhile is named, and is not approved."""
    campaign, asked = requested_campaign(slug), AskedGroup.of_request(request.form)
    wanted = _wanted(request.form)
    sorted_out = _sort_out(campaign, wanted)
    fitting = {one: seen for one, seen in wanted.items() if one not in sorted_out.all}
    by, keys, two = scribe(), services().settings.approval_keys, campaign.review.second_approval

    def work(connection: Connection) -> tuple[dict[str, bool], list[str]]:
        done, late = {}, list[str]()
        for identifier, seen in fitting.items():
            try:
                _must_wait(connection, campaign, identifier)
                with connection.begin_nested():  # what is refused in the middle changes nothing
                    message = review.approve(
                        connection, identifier, by.who, keys, today(), seen=seen, two=two
                    )
                done[identifier] = message.state == "approved"
            except MessageError:
                late.append(identifier)
        by.record(connection, "approved", *(f"{slug} {one}" for one, whole in done.items() if whole))
        by.record(connection, "approved once", *(f"{slug} {one}" for one, whole in done.items() if not whole))
        return done, late

    done, late = services().database.write(work)
    if done:
        whole = all(done.values())
        undo.remember(Undoable(slug, tuple(done), "approved" if whole else "approved once"))
    _tell(list(done), late, sorted_out)
    return redirect(url_for("groups.show", slug=slug, **asked.fields), 303)


def _note_presence(identifiers: Sequence[str]) -> None:
    """Note who looks at the cards of a page; where it cannot be written down, or one is gone, it is not."""
    by, moment = current_member().name, now()
    if identifiers:
        with suppress(NotStored, IntegrityError):
            services().database.write(lambda c: presence.take_all(c, identifiers, by, moment))


def _tell(done: Sequence[str], late: Sequence[str], sorted_out: SortedOut) -> None:
    if not done and not late and not sorted_out.all:
        flash("Nothing was approved: all of them are ticked.", "fault")
    for why, some in (
        ("because others changed or decided them", late),
        ("because their translation is read beside them, one by one", sorted_out.translated),
        ("because no card can carry them", sorted_out.misfit),
    ):
        if some:
            flash(f"Not approved, {why}: {_named(some)}.", "fault")


def _named(some: Sequence[str]) -> str:
    with services().database.read() as connection:
        named = [f"“{_short(one.text)}” ({one.id})" for one in queries.get_some(connection, some)]
    return ", ".join(named) or "their writers took them back"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40].rstrip()}…"


def _wanted(form: MultiDict[str, str]) -> dict[str, str]:
    """Return what the reviewer saw of each message that is not ticked, at most a page of them."""
    shown = {name[5:]: seen for name, seen in form.items() if name.startswith("seen:")}
    named = [(one, seen) for one, seen in shown.items() if IDENTIFIER.fullmatch(one)][:PAGE]
    return {one: seen for one, seen in named if f"leave:{one}" not in form}


def _sort_out(campaign: Campaign, wanted: Mapping[str, str]) -> SortedOut:
    """Set all words before the writer's thread is asked; sort out what no card carries or is translated."""
    with services().database.read() as connection:
        found = queries.get_some(connection, list(wanted))
    translated, misfit = [], []
    for message in found:
        if printability.planned_prints(campaign, message) != "original":
            translated.append(message.id)
            continue
        try:
            printability.must_fit(campaign.card, message)
        except MessageError:
            misfit.append(message.id)
    return SortedOut(tuple(translated), tuple(misfit))


def _must_wait(connection: Connection, campaign: Campaign, identifier: str) -> None:
    """Refuse what was decided meanwhile, also what was rejected: nobody here saw why.

    Raises:
        MessageError: it does not wait, or is another campaign's.
    """
    message = queries.get(connection, identifier)
    if message.campaign != campaign.slug or message.state != "waiting":
        raise MessageError(f"{identifier}: it does not wait")


def _overview(connection: Connection, campaign: Campaign, suggestions: Sequence[str]) -> dict[str, object]:
    reader = _reader(campaign)
    borrowed = groups.of_suggestions(connection, campaign.slug, suggestions, reader)
    shown = {likeness(text): number for text, number in borrowed.items()}
    alike = groups.alike(connection, campaign.slug, reader)
    return {
        "unflagged": groups.count_without_stored_flags(connection, campaign.slug, reader),
        "window": groups.WINDOW,
        "alike": [group for group in alike if group.number > shown.get(group.likeness, 0)],
        "borrowed": [(n, text, borrowed[text]) for n, text in enumerate(suggestions, 1) if text in borrowed],
    }


def _found(
    connection: Connection, campaign: Campaign, asked: AskedGroup, suggestions: Sequence[str]
) -> list[Message]:
    reader, slug = _reader(campaign), campaign.slug
    if asked.kind == "unflagged":
        return groups.without_stored_flags(connection, slug, asked.after, LOOKED_AT, reader)
    if asked.kind == "alike":
        return groups.of_likeness(connection, slug, asked.of, LOOKED_AT, reader)
    chosen = dict(enumerate(suggestions, 1)).get(int(asked.of) if re.fullmatch("[0-9]+", asked.of) else 0)
    return groups.of_text(connection, slug, chosen, LOOKED_AT, reader) if chosen else []


def _cards(
    connection: Connection, campaign: Campaign, asked: AskedGroup, found: Sequence[Message]
) -> Iterator[GroupCard]:
    """Make a card of each message that nobody else looks at; one without flags where that is the group."""
    held = presence.holders(connection, [one.id for one in found], now())
    free = [one for one in found if held.get(one.id, current_member().name) == current_member().name]
    once = first_approvals.by_whom(connection, [one.id for one in free])
    looked = (printability.add_all_flags(connection, some, campaign) for some in _by_page(free))
    for message in chain.from_iterable(looked):  # no further than the page needs
        texts = {"message": message.text, "first_name": message.first_name}
        told = explain_flags((flag for flag in message.flags if flag.kind not in FACTS), texts)
        if asked.kind in ("alike", "suggestion"):  # that is why it stands here
            told = [one for one in told if one.flag.kind != "duplicate"]
        facts = explain_flags((flag for flag in message.flags if flag.kind in FACTS), {})
        if not told or asked.kind != "unflagged":
            language = locales.told_name(message.language)
            yield GroupCard(message, tuple(told), tuple(facts), language, once.get(message.id))


def _by_page(some: Sequence[Message]) -> Iterator[Sequence[Message]]:
    step = PAGE + 1
    yield from (some[first : first + step] for first in range(0, len(some), step))


def _further(asked: AskedGroup, found: Sequence[Message], cards: Sequence[GroupCard]) -> int:
    """Return behind which message the next page of those without flags begins; 0 where there is none."""
    if asked.kind != "unflagged":
        return 0
    if len(cards) > PAGE:
        return cards[PAGE - 1].message.order
    return found[-1].order if len(found) == LOOKED_AT else 0


def _suggestions(campaign: Campaign) -> list[str]:
    """Return the lines that supporters may borrow, in all languages, as they come in."""
    texts = (text for edition in campaign.editions.values() for text in edition.suggestions)
    return list(dict.fromkeys(texts))


def _reader(campaign: Campaign) -> str | None:
    return current_member().name if campaign.review.second_approval else None
