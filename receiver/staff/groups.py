"""Messages in groups, as cards at a glance: all are approved at once, but those that are ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from campaign.content.campaign import Campaign
from campaign.messages import groups, presence, queries, review
from campaign.messages.message import MessageError
from campaign.press import printability
from campaign.storage.database import NotStored
from campaign.text.matching import likeness
from receiver.http.requested import requested_campaign
from receiver.services import services
from receiver.staff import undo
from receiver.staff.group_cards import PAGE, AskedGroup, find_cards, reader_of, suggestions_of
from receiver.staff.login import current_member, login_required, now, scribe
from receiver.staff.queues import IDENTIFIER, today
from receiver.staff.review import desk_context
from receiver.staff.undo import Undoable

blueprint = Blueprint("groups", __name__, url_prefix="/staff")


@dataclass(frozen=True)
class SortedOut:
    """Messages that no group approves: those that print a translation, and those that no card can carry."""

    translated: tuple[str, ...]
    misfit: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both of them."""
        return self.translated + self.misfit


@blueprint.get("/<slug>/groups")
@login_required
def show(slug: str) -> ResponseReturnValue:
    """List the groups, or show the cards of one."""
    campaign, asked = requested_campaign(slug), AskedGroup.of_request(request.args)
    with services().database.read() as connection:
        shown = desk_context(connection, campaign)
        if asked.kind:
            looks = presence.looks(connection, now())
            cards, further = find_cards(connection, campaign, asked, looks)
            shown |= {"cards": cards, "further": further}
        else:
            shown |= _overview(connection, campaign)
    if shown.get("cards"):
        _note_presence([card.message.id for card in shown["cards"]], looks)
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


def _note_presence(identifiers: Sequence[str], looks: presence.Looks) -> None:
    """Note who looks at the cards of a page; where it cannot be written down, or one is gone, it is not."""
    by, moment = current_member().name, now()
    anew = [one for one in identifiers if not presence.is_noted(looks.get(one), by, moment)]
    if anew:
        with suppress(NotStored, IntegrityError):
            services().database.write(lambda c: presence.take_all(c, anew, by, moment))


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


def _overview(connection: Connection, campaign: Campaign) -> dict[str, object]:
    reader, suggestions = reader_of(campaign), suggestions_of(campaign)
    borrowed = groups.of_suggestions(connection, campaign.slug, suggestions, reader)
    shown = {likeness(text): number for text, number in borrowed.items()}
    alike = groups.alike(connection, campaign.slug, reader)
    return {
        "unflagged": groups.count_without_stored_flags(connection, campaign.slug, reader),
        "window": groups.WINDOW,
        "alike": [group for group in alike if group.number > shown.get(group.likeness, 0)],
        "borrowed": [(n, text, borrowed[text]) for n, text in enumerate(suggestions, 1) if text in borrowed],
    }
