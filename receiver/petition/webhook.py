"""The petition's webhooks: how the count of signatures gets here."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, cast

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, Unauthorized

from campaign import petition
from campaign.petition import EventType, PetitionError
from receiver.http import limits
from receiver.http.requested_campaign import public_campaign
from receiver.petition import webhook_signing
from receiver.petition.webhook_signing import WebhookRefused
from receiver.services import services

blueprint = Blueprint("hooks", __name__)
TYPES = ("petition.signatures", "petition.signed")


@dataclass(frozen=True)
class Event:
    """What a webhook says."""

    type: EventType
    timestamp: datetime
    signatures: int | None


@blueprint.post("/hooks/<slug>/petition")
def receive(slug: str) -> Response | tuple[str, int]:
    """Count a webhook once; 401 without a good signature, 400 for a body that cannot be true."""
    campaign = public_campaign(slug)
    try:
        _verify(campaign.slug)
    except WebhookRefused as refusal:
        limits.count_unsigned()
        raise Unauthorized from refusal
    event = parse_event(request.get_data())
    if event is None:
        return "", 204
    counted = _record(campaign.slug, request.headers["webhook-id"], event)
    services().counts.expire(campaign.slug)
    return jsonify(counted=counted)


def _verify(campaign: str) -> None:
    headers = request.headers
    webhook_signing.verify_webhook(
        services().webhook_keys.get(campaign, ()),
        headers.get("webhook-id"),
        headers.get("webhook-timestamp"),
        headers.get("webhook-signature"),
        request.get_data(),
        now=time.time(),
    )


def _record(campaign: str, identifier: str, event: Event) -> bool:
    try:
        return services().database.write(
            lambda connection: petition.record(
                connection,
                campaign,
                identifier,
                event.type,
                event.timestamp,
                event.signatures,
                now=datetime.now(UTC),
            )
        )
    except PetitionError as error:
        raise BadRequest from error


def parse_event(body: bytes) -> Event | None:
    """Return what a signed body says; None when it is of a type that means nothing to us.

    Raises:
        BadRequest: it is no body of docs/contract.md, "The webhook".
    """
    parsed = _parsed(body)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("type"), str):
        raise BadRequest
    if parsed["type"] not in TYPES:
        return None
    data = parsed.get("data", {})
    if not isinstance(data, dict):
        raise BadRequest
    return Event(
        cast(EventType, parsed["type"]), _parse_time(parsed.get("timestamp")), data.get("signatures")
    )


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_not_json)
    except (ValueError, RecursionError) as error:  # both decoders' errors are ValueErrors
        raise BadRequest from error


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)


def _parse_time(written: object) -> datetime:
    if not isinstance(written, str):
        raise BadRequest
    try:
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is None:
            raise BadRequest
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest from error
    if moment > datetime.now(UTC) + petition.AHEAD:
        raise BadRequest  # until that day no later count would be believed
    return moment
