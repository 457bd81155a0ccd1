"""A batch's steps at the desk: on paper, posted, taken back; each asks first, once it may be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.content.campaign import Campaign
from campaign.ledger import ranges, transitions, typed_days
from campaign.press import reprinting
from receiver.services import services
from receiver.staff.dates import local_day, told_day
from receiver.staff.login import now, scribe


@dataclass(frozen=True)
class StepQuestion:
    """What is asked before a step: `on` which day, which `cards`, "" for the whole batch, and `why`."""

    step: str
    on: date | None = None
    cards: str = ""
    why: str = ""


class _OnlyTried(Exception):
    """How a step that was only tried ends: nothing of it stays."""


def asked(campaign: Campaign, number: int, given: Mapping[str, str]) -> StepQuestion | None:
    """Return what an address asks, once the step was tried and undone; None where it asks nothing.

    Raises:
        BatchError: the step cannot be done.
        ValueError: the day is none, the cards are none, or something is missing.
    """
    step, slug, moment = given.get("sure", ""), campaign.slug, now()
    if step == "printed":
        _try(lambda c: transitions.mark_printed(c, slug, number, moment))
        return StepQuestion(step)
    if step == "posted":
        on = typed_days.read(given.get("on", ""))
        _try(lambda c: transitions.mark_posted(c, slug, number, on, local_day(campaign)))
        return StepQuestion(step, on)
    if step == "void":
        written, why, cards = _cards(given)
        _try(lambda c: transitions.void(c, slug, number, why, cards))
        return StepQuestion(step, None, written, why)
    return None


def _cards(given: Mapping[str, str]) -> tuple[str, str, range | None]:
    written, why = given.get("cards", "").strip(), given.get("why", "").strip()[:200]
    cards = ranges.read(written) if written else None
    if not why:
        raise ValueError("Please say why.")
    if (cards is None) != (given.get("whole") == "y"):
        raise ValueError("Please name the cards, or tick the whole batch.")
    return written, why, cards


def _try(work: Callable[[Connection], object]) -> None:
    """Do a step and undo it at once: what cannot be done is said before it is asked for."""

    def tried(connection: Connection) -> None:
        work(connection)
        raise _OnlyTried

    with suppress(_OnlyTried):
        services().database.write(tried)


def question(slug: str, number: int, step: str) -> ResponseReturnValue:
    """Go to where a step is asked for, by an address that Back comes back to."""
    names = ("on", "cards", "why", "whole")
    given = {name: value.strip()[:200] for name in names if (value := request.form.get(name, ""))}
    address = url_for("batches.single", slug=slug, number=number)
    return redirect(f"{address}?{urlencode({'sure': step} | given)}", 303)


def take(campaign: Campaign, number: int, step: str) -> str:
    """Note that a batch is on paper or was posted, or take cards back; returns what is told of it.

    Raises:
        BatchError: it cannot be done.
        ValueError: the day is none, the cards are none, or something is missing.
    """
    slug, moment, by, database = campaign.slug, now(), scribe(), services().database
    if step == "printed":
        database.write(by.recording(lambda c: transitions.mark_printed(c, slug, number, moment), "printed"))
        return "It is on paper."
    if step == "posted":
        on, day = typed_days.read(request.form.get("on", "")), local_day(campaign)
        database.write(by.recording(lambda c: transitions.mark_posted(c, slug, number, on, day), "posted"))
        return f"Posted on {told_day(campaign, on)}."
    _, why, cards = _cards(request.form)
    own = replace(services().settings, staff=by.who)
    voided = reprinting.void(database, campaign, own, number, why, cards)
    return (
        f"Cards taken back: {len(voided.cards)}. Messages that wait for a new card: {voided.freed}. "
        "Keep the old cards apart and destroy them."
    )
