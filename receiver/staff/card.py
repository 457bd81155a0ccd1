"""The card as it will be printed: a picture beside the words, which are what is read."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from campaign.cards.type.typesetter import CannotSet
from campaign.press import printability
from receiver.http.requested_campaign import requested_campaign
from receiver.services import services
from receiver.staff.login import login_required
from receiver.staff.print_choice import shown_prints
from receiver.staff.review import find_message

blueprint = Blueprint("card", __name__, url_prefix="/staff")
DPI = 200  # the desk shows it about 300 pixels wide, and many screens have two or three dots for one


@blueprint.get("/<slug>/<identifier>/card.png")
@login_required
def picture(slug: str, identifier: str) -> Response:
    """Draw the back of a message's card."""
    campaign = requested_campaign(slug)
    with services().database.read() as connection:
        message = find_message(connection, slug, identifier)
    if message is None or message.erased_on:
        raise NotFound
    try:
        prints = shown_prints(campaign, message, request.args) or "original"
        drawn = printability.picture(campaign.card, message, prints)
        return Response(drawn.png(DPI), mimetype="image/png")
    except CannotSet:
        raise NotFound from None  # the desk says why in its place
