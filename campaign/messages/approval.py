"""Approvals: a signature over the exact words, so that a text changed since is not printed."""

from __future__ import annotations

from collections.abc import Sequence

from campaign.keys import signing

DOMAIN = b"candle approval 1"


def sign(keys: Sequence[str], message_id: str, campaign: str, text: str, first_name: str) -> str:
    """Sign the words as they will be printed, with the first of `keys`; returns `KEYID.HEX`."""
    return signing.sign(keys[0], DOMAIN, message_id, campaign, text, first_name)


def valid(
    keys: Sequence[str], signature: str | None, message_id: str, campaign: str, text: str, first_name: str
) -> bool:
    """Tell whether any of `keys` signed exactly these words."""
    return signing.valid(keys, signature, DOMAIN, message_id, campaign, text, first_name)
