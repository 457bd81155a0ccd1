"""Standard Webhooks 1.0: is this request from who we share a secret with, and is it of now?

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence

from campaign.errors import CandleError

TOLERANCE = 300  # seconds between the sender's clock and ours
IDENTIFIER = re.compile(r"[\x20-\x7e]{1,255}")
TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


class WebhookRefused(CandleError):
    """Headers that are malformed, stale, or not signed with any of our secrets."""


def verify_webhook(
    keys: Sequence[bytes],
    identifier: str | None,
    timestamp: str | None,
    signatures: str | None,
    body: bytes,
    *,
    now: float,
) -> None:
    """Accept the body if any of the signatures was made with any of the keys, and recently.

    The signatures are compared as written: base64 has spare bits in its last letter, and a header in which
    those were changed is not the one that was sent.

    Raises:
        WebhookRefused: in every other case, however malformed the headers are.
    """
    if not IDENTIFIER.fullmatch(identifier or "") or not TIMESTAMP.fullmatch(timestamp or ""):
        raise WebhookRefused("webhook-id or webhook-timestamp is missing or malformed")
    if abs(now - int(timestamp or "")) > TOLERANCE:
        raise WebhookRefused("webhook-timestamp is too far from our clock")
    given = [signature.encode("latin-1", "replace") for signature in (signatures or "").split(" ")]
    good = False
    for secret in keys:
        wanted = sign(secret, identifier or "", timestamp or "", body)
        for signature in given:
            good |= hmac.compare_digest(wanted, signature)
    if not good:
        raise WebhookRefused("no signature was made with a secret of ours")


def sign(secret: bytes, identifier: str, timestamp: str, body: bytes) -> bytes:
    """Return the signature as the header writes it."""
    digest = hmac.digest(secret, f"{identifier}.{timestamp}.".encode() + body, "sha256")
    return b"v1," + base64.b64encode(digest)
