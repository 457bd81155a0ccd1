"""All messages of a page of a group approved at once, but those that are ticked and those that may not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from campaign.content.campaign import Campaign
from campaign.messages import queries, review
from campaign.messages.message import MessageError
from campaign.press import printability
from receiver.services import services
from receiver.staff import undo
from receiver.staff.login import scribe
from receiver.staff.queues import IDENTIFIER, today
from receiver.staff.undo import Undoable


@dataclass(frozen=True)
class SortedOut:
    """Messages that no group approves: those that print a translation, and those that no card can carry."""

    translated: tuple[str, ...]
    misfit: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both of them."""
        return self.translated + self.misfit


def approve_unticked(campaign: Campaign, form: MultiDict[str, str], most: int) -> None:
    """Approve what was shown and not ticked; what changed meanwhile is named, and is not approved."""
    wanted = _wanted(form, most)
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
        by.record(connection, "approved", *(f"{campaign.slug} {one}" for one, whole in done.items() if whole))
        by.record(
            connection,
            "approved once",
            *(f"{campaign.slug} {one}" for one, whole in done.items() if not whole),
        )
        return done, late

    done, late = services().database.write(work)
    if done:
        whole = all(done.values())
        undo.remember(Undoable(campaign.slug, tuple(done), "approved" if whole else "approved once"))
    _tell(list(done), late, sorted_out)


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


def _wanted(form: MultiDict[str, str], most: int) -> dict[str, str]:
    """Return what the reviewer saw of each message that is not ticked, of at most so many that were shown."""
    shown = {name[5:]: seen for name, seen in form.items() if name.startswith("seen:")}
    named = [(one, seen) for one, seen in shown.items() if IDENTIFIER.fullmatch(one)][:most]
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
