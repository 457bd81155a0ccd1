"""Answers to a post of a message: the form again, the thanks, or that the campaign takes none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Response, make_response, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from campaign.cards import fitting
from campaign.cards.type.typesetter import CannotSet
from campaign.content.campaign import Campaign
from campaign.content.form_fields import SEALED
from campaign.content.opening_days import SOON
from campaign.language.locales import countries, day, language_names, list_comma, number
from campaign.storage.database import Unavailable
from campaign.text import contact_addresses, matching
from campaign.text.letters import mostly_foreign
from receiver.http.answer_language import requested_catalogue
from receiver.http.outcome import RETRY_AFTER, Outcome, as_json, page_context, wants_json, with_retry_after
from receiver.http.requested_campaign import page_url
from receiver.services import services
from receiver.supporters.form import MessageForm, TypedForm
from receiver.supporters.thanks_page import thanks_page

if TYPE_CHECKING:
    from campaign.cards.outlines import Outlines


def form_again(
    post: TypedForm,
    outcome: Outcome,
    token: str,
    values: Mapping[str, Any],
    *,
    sound: MessageForm | None = None,
    drawn: Outlines | None = None,
) -> Response:
    """Answer with the form, filled as it was, what there is to say about it, and the card of a sound one."""
    if wants_json():
        return as_json(outcome)
    card = sound.normalised if sound else None
    page = render_template(
        "supporter/form.html",
        **page_context(post.campaign, post.language, post.catalogue),
        outcome=outcome,
        action=url_for("public.send", slug=post.campaign.slug),
        fields=post.asked,
        countries=countries(post.language),
        privacy_url=page_url(post.campaign, post.language, "privacy"),
        values=values,
        seal="" if SEALED in outcome.errors else post.seal,
        token=token,
        card=card,
        drawn=drawn,
        risky=_risky(post.campaign, card["message"]) if card else [],
        comma=list_comma(post.language),
        reachable=card is not None and any(contact_addresses.find(card["message"])),
        foreign=_foreign(post, card["message"]) if card else "",
        own_surname=card is not None and _names_its_writer(card["message"], card.get("last_name", "")),
    )
    return with_retry_after(make_response(page, outcome.status), outcome.wait)


def _risky(campaign: Campaign, text: str) -> list[str]:
    """List the words for which a censor may stop the card, as they stand in the text."""
    wanted = matching.risky(tuple(campaign.recipient.risky_words))
    return list(dict.fromkeys(text[start:end] for start, end in matching.Folded(text).spans(wanted)))


def _foreign(post: TypedForm, text: str) -> str:
    """Name the languages that the recipient reads where the letters of the text belong to none of them."""
    languages = post.campaign.recipient.languages
    return language_names(languages, post.language) if mostly_foreign(text, languages) else ""


def _names_its_writer(text: str, surname: str) -> bool:
    """Tell whether the writer's surname stands in the text; they alone hear it, and staff do not."""
    return any(matching.Folded(text).spans(matching.surname(surname)))


def closing(campaign: Campaign) -> Outcome:
    """Say that the campaign takes no messages now, and why."""
    _ = requested_catalogue().gettext
    kept = _("Your words are still here, so that you can copy them.")
    if campaign.status == SOON and campaign.opens:
        first = day(campaign.opens, requested_catalogue().language)
        title = _("You can write from %(day)s on") % {"day": first}
        return Outcome(410, SOON, title, errors={"form": [title, kept]})
    if campaign.status == "paused":
        title = _("Writing rests for a while")
        return Outcome(410, "paused", title, errors={"form": [title, kept]})
    notice = _("This campaign takes no more messages. Your words are still here, so that you can copy them.")
    return Outcome(410, campaign.status, notice=notice)


def closed(post: TypedForm) -> Response:
    """Answer that the campaign takes no messages now, with the words so that they can be copied."""
    outcome = closing(post.campaign)
    if wants_json():
        return as_json(outcome)
    page = render_template(
        "supporter/closed.html",
        **page_context(post.campaign, post.language, post.catalogue),
        outcome=outcome,
        values=post.values,
    )
    return make_response(page, outcome.status)


def not_stored() -> Outcome:
    """Say that the message is not on the disk, and may be sent again."""
    _ = requested_catalogue().gettext
    notice = _(
        "Your message could not be stored and has not been sent. Your words are still here;"
        " please try again in a minute."
    )
    return Outcome(503, "not stored", _("Not sent yet"), notice, wait=RETRY_AFTER)


def drawing_for_review(form: MessageForm) -> Outlines | None:
    """Draw the card for who will look at it on the review page; a script shows its own."""
    return None if wants_json() else draw_card(form)


def drawing_for_thanks(form: MessageForm) -> Outlines | None:
    """Draw the card for who will see it: each page does, and a script that asks."""
    asked = not wants_json() or form.post.typed.get("card") == "y"
    return draw_card(form) if asked else None


def draw_card(form: MessageForm) -> Outlines | None:
    """Draw the back of the card that will carry the words of a sound form; None where no card can.

    It is done before the words are stored: while the post holds its request slot, and while nothing that
    goes wrong can keep the thanks from a message that is on the disk.
    """
    from campaign.cards.outlines import outlines  # late: most answers show no card

    card, words = form.post.campaign.card, form.normalised
    alone = card.messages_per_card == 1
    typesetter = fitting.typesetter(card.size, alone=alone)
    setting = None if alone else form.setting  # a card alone is set larger than the fit check looked at it
    try:
        setting = setting or typesetter.set(words["message"], words["first_name"], form.post.language)
    except CannotSet:
        return None
    return outlines(typesetter, setting)


def thanks(form: MessageForm, receipt: str, drawn: Outlines | None) -> Response:
    """Answer that the message is on the disk."""
    if wants_json():
        return as_json(Outcome(201, "waiting"), receipt=receipt, card=drawn)
    return make_response(thanks_page().of(form, receipt, _posted(form), drawn), 201)


def _posted(form: MessageForm) -> str:
    """Say how many messages were posted; no thanks fail where that cannot be counted."""
    try:
        posted = services().counts.current(form.post.campaign).posted
    except (Unavailable, SQLAlchemyError):
        return ""
    return number(posted, form.post.language) if posted else ""
