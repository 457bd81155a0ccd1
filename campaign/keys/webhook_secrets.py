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
        SettingsError: one is not base64, or empty; it is not repeated.
    """
    decoded = tuple(map(_decoded, secrets))
    if b"" in decoded:
        raise SettingsError(
            f"{variable(campaign)}: number {decoded.index(b'') + 1} is no secret; "
            "write whsec_ and base64, as the sender shows it"
        )
    return decoded


def are_short(secrets: Sequence[str]) -> bool:
    """Tell whether somebody could guess one of them."""
    return any(0 < len(_decoded(secret)) < SHORTEST_SECRET for secret in secrets)


def variable(campaign: str) -> str:
    """Name the setting that holds a campaign's secrets."""
    return f"CANDLE_WEBHOOK_SECRETS_{campaign.upper().replace('-', '_')}"


def _decoded(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:  # binascii.Error is one
        return b""
