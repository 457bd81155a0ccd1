"""Approvals: a signature over the exact words, so that a text changed since is not printed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

DOMAIN = b"candle approval 1"
KEY_ID_LENGTH = 8


def sign(keys: Sequence[str], message_id: str, campaign: str, text: str, first_name: str) -> str:
    """Sign the words as they will be printed, with the first of `keys`; returns `KEYID.HEX`."""
    return _signature(keys[0], message_id, campaign, text, first_name)


def valid(
    keys: Sequence[str], signature: str | None, message_id: str, campaign: str, text: str, first_name: str
) -> bool:
    """Tell whether any of `keys` signed exactly these words, in constant time for each key."""
    given = (signature or "").encode("utf-8", "replace")
    good = False
    for key in keys:
        wanted = _signature(key, message_id, campaign, text, first_name).encode()
        good |= hmac.compare_digest(wanted, given)
    return good


def key_id(key: str) -> str:
    """Name a key without telling anything about it, so that staff can see which one signed."""
    return hashlib.sha256(DOMAIN + b" key id " + key.encode()).hexdigest()[:KEY_ID_LENGTH]


def _signature(key: str, *words: str) -> str:
    digest = hmac.digest(
        key.encode(), _framed(DOMAIN) + b"".join(_framed(word.encode()) for word in words), "sha256"
    )
    return f"{key_id(key)}.{digest.hex()}"


def _framed(data: bytes) -> bytes:
    """Put the length first: without it, letters could move from one field to the next unnoticed."""
    return len(data).to_bytes(8, "big") + data
