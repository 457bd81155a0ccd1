"""Review: the oldest waiting message, what to look at in it, and the card as it will be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.accounts import staff_log_pages
from campaign.cards.dimensions import CARD_SIZES
from campaign.content.campaign import Campaign
from campaign.keeping import made_keepsakes
from campaign.language import locales
from campaign.ledger import places, recalls
from campaign.messages import (
    approval,
    asides,
    presence,
    queries,
    review_flags,
    second_approval,
    translations,
    uncut_words,
)
from campaign.messages.message import Message, MessageError
from campaign.messages.message_counts import count_by_state
from campaign.messages.second_approval import FirstApproval
from campaign.press import printability
from campaign.text.flag import Flag
from campaign.text.likeness import likeness
from receiver.http.requested_campaign import requested_campaign
from receiver.http.requested_number import requested_number
from receiver.services import services
from receiver.staff import dates, undo
from receiver.staff.flag_kinds import FACTS
from receiver.staff.flag_spans import ExplainedFlag, explain_flags, split_at_flags
from receiver.staff.login import current_member, login_required, now
from receiver.staff.next_message import next_message, note_presence
from receiver.staff.print_choice import choose_printing
from receiver.staff.queues import IDENTIFIER, Queue
from receiver.staff.word_choice import Choice, choose_words

blueprint = Blueprint("desk", __name__, url_prefix="/staff")
blueprint.add_app_template_filter("{:,}".format, "thousands")


@blueprint.get("/")
@login_required
def home() -> ResponseReturnValue:
    """Show every campaign with its counts; with only one, go to its desk."""
    campaigns = services().contents.campaigns()
    with services().database.read() as connection:
        missing = [slug for slug in queries.campaigns(connection) if slug not in campaigns]
        if len(campaigns) == 1 and not missing:
            return redirect(url_for("desk.review", slug=next(iter(campaigns))), 303)
        tallies = [(one.on(), count_by_state(connection, slug)) for slug, one in campaigns.items()]
    return render_template("staff/home.html", member=current_member(), tallies=tallies, missing=missing)


@blueprint.get("/<slug>/")
@login_required
def review(slug: str) -> ResponseReturnValue:
    """Show the oldest message that waits, or the one that is asked for."""
    campaign = requested_campaign(slug)
    queue = Queue.requested(request.args)
    asked = request.args.get("message")
    chosen = _asked_for(campaign, asked) if asked else next_message(campaign, queue)
    with services().database.read() as connection:
        shown = desk_context(connection, campaign)
        message = find_message(connection, slug, chosen) if chosen else None
        if asked and (message is None or message.erased_on):
            return _gone(connection, shown, message, asked)
        shown |= _message_context(connection, campaign, message) if message else {}
    if asked and shown.get("tab") == "aside" and not queue.fields:
        queue = Queue(aside=True)  # who comes from a list goes on with its like
    return render_template("staff/review.html", **shown, queue=queue, asked=asked)


def _asked_for(campaign: Campaign, identifier: str) -> str:
    """Note who looks at a message that waits and is asked for by its id, as after any work on it."""
    with services().database.read() as connection:
        message = find_message(connection, campaign.slug, identifier)
        look = presence.looks(connection, now()).get(identifier)
    waits = message is not None and message.state == "waiting"
    if waits and not presence.is_noted(look, current_member().name, now()):
        note_presence([identifier])
    return identifier


def _gone(
    connection: Connection, shown: dict[str, Any], message: Message | None, asked: str
) -> ResponseReturnValue:
    """Say that a message is missing, or what is still known of one that was erased."""
    history = _history(connection, shown["campaign"], message) if message else {}
    page = render_template("staff/gone.html", **shown, **history, gone=message, asked=asked, state="find")
    return page, 200 if message else 404


def desk_context(connection: Connection, campaign: Campaign) -> dict[str, Any]:
    """Return what every page of a campaign's desk shows."""
    undone = undo.last_step(connection, campaign.slug)
    two = campaign.review.second_approval
    return {
        "member": current_member(),
        "campaign": campaign,
        "tally": count_by_state(connection, campaign.slug, two=two),
        "two": two,
        "others": len(services().contents.campaigns()) > 1,
        "message": None,
        "recalls": recalls.all_open_recalls(connection, campaign.slug),
        "outdated": made_keepsakes.count_taken_back(connection, campaign.slug),
        "undo": undone,
        "day": lambda moment: dates.told_day(campaign, moment),
    }


def find_message(connection: Connection, slug: str, identifier: str) -> Message | None:
    """Return the campaign's message of that id; one that was erased has no words left."""
    try:
        message = queries.get(connection, identifier if IDENTIFIER.fullmatch(identifier) else "")
    except MessageError:
        return None
    return message if message.campaign == slug else None


def _history(connection: Connection, campaign: Campaign, message: Message) -> dict[str, Any]:
    """Return what became of a message: its cards, and the one that it is on now."""
    cards = places.places_of(connection, [message.id])
    decisions = [
        entry
        for entry in staff_log_pages.decisions_about(connection, campaign.slug, message.id)
        if entry.what != "cut" or not message.redactions  # each is told with its reason
    ]
    return {
        "decisions": [(day, list(some)) for day, some in groupby(decisions, key=lambda entry: entry.day)],
        "cards": cards,
        "on_card": next((place for place in cards if place.live), None),
    }


def _message_context(connection: Connection, campaign: Campaign, message: Message) -> dict[str, Any]:
    (message,) = printability.add_all_flags(connection, [message], campaign, duplicates=False)
    texts = {"message": message.text, "first_name": message.first_name}
    told = explain_flags((flag for flag in message.flags if not _shown_elsewhere(flag)), texts)
    reader = current_member().name
    aside, first = asides.get_aside(connection, message.id), _first(connection, campaign, message)
    printing = choose_printing(campaign, message, reader, request.args, once=first is not None)
    other = presence.holders(connection, [message.id], now()).get(message.id)
    return {
        "message": message,
        "state": message.state if message.state in ("approved", "rejected") else None,
        "text_pieces": _split(message, "message", message.text),
        "name_pieces": _split(message, "first_name", message.first_name),
        "explained": told,
        "facts": explain_flags((flag for flag in message.flags if flag.kind in FACTS), {}),
        "alike": review_flags.count_alike(connection, message),
        "likeness": likeness(message.text),
        "printing": printing,
        "misfit": printing.misfit,
        "language": locales.told_name(message.language),
        "card": CARD_SIZES[campaign.card.size],
        "longest_translation": translations.LONGEST,
        "longest_note": asides.LONGEST,
        "shared_card": campaign.card.messages_per_card != 1,
        "elsewhere": other if other != reader else None,
        "first": first,
        "signers": list(approval.parts(message.approval)),
        "aside": aside,
        "tab": "aside" if aside else "second" if first else "flood" if message.flood else "waiting",
        "original": uncut_words.get_original(connection, message.id) if message.redactions else None,
        "choices": _choices(message) if "cut" in request.args and _asked_of(message) else None,
        "why_cut": _reason(told),
    } | _history(connection, campaign, message)


def _first(connection: Connection, campaign: Campaign, message: Message) -> FirstApproval | None:
    """Return who approved it first, where two are asked."""
    if not campaign.review.second_approval or message.state != "waiting":
        return None
    return second_approval.get_first(connection, message, services().settings.approval_keys)


def _asked_span() -> tuple[str, tuple[int, int]]:
    """Return the words that are to be cut, as the address names them: the field, from where to where."""
    span = requested_number(request.args, "start", 0), requested_number(request.args, "end", 0)
    return request.args.get("cut", ""), span


def _asked_of(message: Message) -> bool:
    """Tell whether the address was made for these words: Back leads to those from before a cut."""
    return request.args.get("of", message.fingerprint) == message.fingerprint


def _choices(message: Message) -> list[Choice]:
    """Return the words that can be cut out, those ticked that are asked for."""
    field, span = _asked_span()
    return [
        choice
        for name, text in (("message", message.text), ("first_name", message.first_name))
        for choice in choose_words(name, text, span if name == field else None)
    ]


def _reason(told: Sequence[ExplainedFlag]) -> str:
    """Propose a reason to cut: what the flag means that stands just there."""
    field, span = _asked_span()
    here = (
        flag.meaning for flag in told if (flag.flag.field, (flag.flag.start, flag.flag.end)) == (field, span)
    )
    return next(here, "")


def _shown_elsewhere(flag: Flag) -> bool:
    """Tell whether the desk shows it elsewhere: quiet facts, how many are alike, why it does not fit."""
    return flag.kind in {"duplicate", *FACTS} or (flag.kind == "does-not-fit" and flag.start is None)


def _split(message: Message, field: str, text: str) -> list[Any]:
    return list(split_at_flags(text, [flag for flag in message.flags if flag.field == field]))
