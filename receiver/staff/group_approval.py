"""All messages of a page of a group approved at once, but those that are ticked and those that may not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from campaign.accounts.staff_log import Decided
from campaign.content.campaign import Campaign
from campaign.messages import asides, queries, review
from campaign.messages.message import Message, MessageError
from campaign.press import printability
from receiver.services import services
from receiver.staff import undo
from receiver.staff.login import scribe
from receiver.staff.queues import IDENTIFIER, today
from receiver.staff.undo import APPROVED, Undoable


def approve_unticked(campaign: Campaign, form: MultiDict[str, str], most: int) -> None:
    """Approve what was shown and not ticked; what changed meanwhile is named, and is not approved."""
    wanted = _wanted(form, most)
    apart = _find_apart(campaign, wanted)
    fitting = {one: seen for one, seen in wanted.items() if one not in apart}
    by, keys, two = scribe(), services().settings.approval_keys, campaign.review.second_approval

    def work(connection: Connection) -> tuple[dict[str, Decided], list[str]]:
        done, late = dict[str, Decided](), list[str]()
        for identifier, seen in fitting.items():
            try:
                _must_wait(connection, campaign, identifier)
                with connection.begin_nested():  # what is refused in the middle changes nothing
                    message = review.approve(
                        connection, identifier, by.who, keys, today(), seen=seen, two=two
                    )
                done[identifier] = "approved" if message.state == "approved" else "approved once"
            except MessageError:
                late.append(identifier)
        for what in APPROVED:
            by.record(connection, what, *(f"{campaign.slug} {one}" for one, it in done.items() if it == what))
        return done, late

    done, late = services().database.write(work)
    if done:
        what = max(done.values())  # of both, that they were approved once
        undo.remember(Undoable(campaign.slug, tuple(done), what))
    if not wanted:
        flash("Nothing was approved: all of them are ticked.", "fault")
    for why, some in (
        ("because others changed or decided them", late),
        ("because they are looked at one by one", apart),
    ):
        if some:
            flash(f"Not approved, {why}: {_named(some)}.", "fault")


def _named(some: Sequence[str]) -> str:
    with services().database.read() as connection:
        named = [f"“{_short(one.text)}” ({one.id})" for one in queries.get_some(connection, some) if one.text]
    return ", ".join(named) or "their writers took them back"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40].rstrip()}…"


def _wanted(form: MultiDict[str, str], most: int) -> dict[str, str]:
    """Return what the reviewer saw of each message that is not ticked, of at most so many that were shown."""
    shown = {name[5:]: seen for name, seen in form.items() if name.startswith("seen:")}
    named = [(one, seen) for one, seen in shown.items() if IDENTIFIER.fullmatch(one)][:most]
    return {one: seen for one, seen in named if f"leave:{one}" not in form}


def _find_apart(campaign: Campaign, wanted: Mapping[str, str]) -> list[str]:
    """Return those that no group approves: which print a translation, and which no card can carry.

    All words are set before the writer's thread is asked.
    """
    with services().database.read() as connection:
        found = queries.get_some(connection, list(wanted))
    return [message.id for message in found if message.text and _is_apart(campaign, message)]


def _is_apart(campaign: Campaign, message: Message) -> bool:
    if printability.planned_prints(campaign, message) != "original":
        return True
    try:
        printability.must_fit(campaign.card, message)
    except MessageError:
        return True
    return False


def _must_wait(connection: Connection, campaign: Campaign, identifier: str) -> None:
    """Refuse what was decided meanwhile, also what was rejected or set aside: nobody here saw why.

    Raises:
        MessageError: it does not wait, or is another campaign's.
    """
    message = queries.get(connection, identifier)
    waits = message.state == "waiting" and not asides.get_aside(connection, identifier)
    if message.campaign != campaign.slug or not waits:
        raise MessageError(f"{identifier}: it does not wait")
