"""The secrets that senders of webhooks share with us, as Standard Webhooks writes them."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from campaign.errors import SettingsError

PREFIX = "whsec_"
SHORTEST_SECRET = 16  # bytes; the specification wants 24


def decode_secrets(campaign: str, secrets: Sequence[str]) -> tuple[bytes, ...]:
    """Return the bytes of a campaign's secrets, each written as `whsec_` and base64.

    Raises:
        SettingsError: one is not base64, or so short that somebody could guess it; it is not repeated.
    """
    return tuple(_decode(campaign, number, secret) for number, secret in enumerate(secrets, 1))


def _decode(campaign: str, number: int, secret: str) -> bytes:
    try:
        decoded = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:  # binascii.Error is one
        decoded = b""
    if len(decoded) < SHORTEST_SECRET:
        raise SettingsError(
            f"CANDLE_WEBHOOK_SECRETS_{campaign.upper().replace('-', '_')}: number {number} is no secret; "
            "write whsec_ and base64, as the sender shows it"
        )
    return decoded
