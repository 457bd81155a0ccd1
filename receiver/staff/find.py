"""Looking up: messages by their words, by what was decided and by their card; or one by its id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.accounts import staff
from campaign.content.campaign import Campaign
from campaign.language import locales
from campaign.ledger import places
from campaign.messages import search, second_approval
from campaign.messages.message import Message
from campaign.messages.search import Found, Question
from campaign.press import printability
from receiver.http.costly_work import Turns
from receiver.http.requested_campaign import requested_campaign
from receiver.http.requested_number import requested_number
from receiver.services import services
from receiver.staff.flag_kinds import DESCRIPTIONS
from receiver.staff.flag_spans import explain_flags
from receiver.staff.login import login_required
from receiver.staff.review import desk_context, find_message

blueprint = Blueprint("find", __name__, url_prefix="/staff")
PAGE = 50
_searches = Turns(2, 4)  # each looks through all words, on a core that supporters' messages need too
STATES = ("waiting", "approved", "rejected")
LONGEST = 200  # characters that are looked for
QUOTES = 3  # of a message, that tell why it was found
ANOTHER = "another"  # a reason that is none of the campaign's
# What is found only when a message is looked at stands in no row: for it each is looked at, some at a time.
LOOKED_FOR = {
    "duplicate", "language", "other-name", "postal-address", "code", "hostile", "does-not-fit",
}  # fmt: skip
STORED = DESCRIPTIONS.keys() - LOOKED_FOR - {"surname"}  # which nothing has any more
FLAGS = {
    "noticed when it came": {kind: told for kind, told in DESCRIPTIONS.items() if kind in STORED},
    "noticed when it is looked at": {kind: told for kind, told in DESCRIPTIONS.items() if kind in LOOKED_FOR},
}


@blueprint.get("/<slug>/messages")
@login_required
def listing(slug: str) -> ResponseReturnValue:
    """List the messages that are looked for, or go to the one whose id is asked for."""
    campaign = requested_campaign(slug)
    words = request.args.get("words", "").strip()[:LONGEST]
    question, page = _question(campaign, words), _number("page") or 1
    asked = _asked(question)
    listed = asked.keys() == {"state"} and question.state != "waiting"  # a tab, nothing is looked for
    with services().database.read() as connection:
        if words and find_message(connection, slug, words.lower()):
            return redirect(url_for("desk.review", slug=slug, message=words.lower()), 303)
        shown = desk_context(connection, campaign)
        number = getattr(shown["tally"], question.state) if listed else None
        with _searches.turn() if words or question.flag in LOOKED_FOR else nullcontext():
            found = _find(connection, campaign, question, page, number) if asked else None
        cards = places.live_places(connection, [message.id for message in found.messages] if found else ())
        once = second_approval.by_whom(connection, [m.id for m in found.messages] if found else ())
        members = staff.list_members(connection, services().settings.approval_keys)
    return render_template(
        "staff/find.html",
        **shown,
        asked=asked,
        state=question.state if listed else "find",
        filtered=not listed and asked.keys() != {"words"},
        question=question,
        found=found,
        cards=cards,
        once=once,
        members=[member.name for member in members],
        languages={code: locales.told_name(code) for code in campaign.languages},
        flags=FLAGS,
        flag=DESCRIPTIONS.get(question.flag),
        at_once=search.LOOKED_THROUGH,
        quotes=lambda message: _quotes(message, question.flag),
    )


def _find(
    connection: Connection, campaign: Campaign, question: Question, page: int, number: int | None
) -> Found:
    """Find what is asked for; what stands in no row by looking at messages, a part of them at a time."""
    kind, slug = question.flag, campaign.slug
    if kind not in LOOKED_FOR:
        return search.find(connection, slug, question, page=page, size=PAGE, number=number)

    def look(some: Sequence[Message]) -> Iterator[Message]:
        looked = printability.add_all_flags(connection, some, campaign, duplicates=kind == "duplicate")
        yield from (one for one in looked if any(flag.kind == kind for flag in one.flags))

    rest, part = replace(question, flag=""), _number("part") or 1
    return search.look_through(connection, slug, rest, look, part=part, page=page, size=PAGE)


def _quotes(message: Message, kind: str) -> list[str]:
    """Return the words on which the flag stands that was asked for, a few of them."""
    texts = {"message": message.text, "first_name": message.first_name}
    told = explain_flags((flag for flag in message.flags if flag.kind == kind), texts)
    return list(dict.fromkeys(one.quote for one in told if one.quote))[:QUOTES]


def _question(campaign: Campaign, words: str) -> Question:
    given = {name: value.replace("\0", "") for name, value in request.args.items()}  # PostgreSQL has no NUL
    state, reason = given.get("state", ""), given.get("reason", "")
    return Question(
        state=state if state in STATES else "",
        words=words,
        flag=given.get("flag", "") if given.get("flag") in STORED | LOOKED_FOR else "",
        reason="" if reason == ANOTHER else reason[:LONGEST],
        other_than=campaign.review.reasons if reason == ANOTHER else None,
        reviewer=given.get("reviewer", "").strip()[:LONGEST],
        language=given.get("language", "") if given.get("language") in campaign.languages else "",
        batch=_number("batch"),
        card=_number("card"),
        flood=given.get("flood") == "1",
        once=given.get("once") == "1" and campaign.review.second_approval,
    )


def _asked(question: Question) -> dict[str, Any]:
    """Return what the links to other pages hold."""
    asked = {name: value for name, value in asdict(question).items() if value and name != "other_than"}
    if question.other_than is not None:
        asked["reason"] = ANOTHER
    return asked | {name: "1" for name in ("flood", "once") if asked.get(name)}


def _number(name: str) -> int | None:
    """Return the number of a field, which a form sends empty where nobody filled it in."""
    return requested_number(request.args, name) if request.args.get(name) else None
