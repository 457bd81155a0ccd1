"""`/health`, which both halves of the receiver answer, each for itself."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from receiver.http import logs
from receiver.services import services

blueprint = Blueprint("status", __name__)


@blueprint.get("/health")
def health() -> tuple[Response, int]:
    """Tell whether a durable write is possible."""
    found = services().health
    services().request_slots.release()  # the proof of somebody else is waited for
    good = found.is_good()
    logs.record_fault(found.failure)
    return jsonify(status="ok" if good else "failing"), 200 if good else 503
