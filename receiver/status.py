"""`/health`, which both halves of the receiver answer, each for itself."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from receiver.services import services

blueprint = Blueprint("status", __name__)


@blueprint.get("/health")
def health() -> tuple[Response, int]:
    """Tell whether a durable write is possible."""
    good = services().health.good()
    return jsonify(status="ok" if good else "failing"), 200 if good else 503
