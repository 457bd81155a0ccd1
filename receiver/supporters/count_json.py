"""The page's count: signatures and messages, as they are now."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify

from receiver.http.requested_campaign import public_campaign
from receiver.services import services

blueprint = Blueprint("count", __name__)
COUNT_AGE = 60  # seconds for which a count may be cached


@blueprint.get("/<slug>/count.json")
def show(slug: str) -> Response:
    """Give the page the counts of now."""
    campaign = public_campaign(slug)
    counted = services().counts.current(campaign)
    answer = jsonify(
        signatures=counted.signatures,
        signatures_as_of=datetime.fromtimestamp(counted.as_of, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        messages=counted.messages,
        posted=counted.posted,
    )
    answer.headers["Cache-Control"] = f"public, max-age={COUNT_AGE}"
    return answer
