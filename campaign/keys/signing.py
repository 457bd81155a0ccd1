"""Signatures over exactly these words, by a key that is in the settings and not in the database."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

KEY_ID_LENGTH = 8


def sign(key: str, domain: bytes, *words: str) -> str:
    """Sign the words for one purpose, which `domain` names; returns `KEYID.HEX`."""
    signing = _taken_up(key).copy()
    signing.update(framed(domain, *words))
    return f"{key_id(key, domain)}.{signing.hexdigest()}"


def valid(keys: Sequence[str], signature: str | None, domain: bytes, *words: str) -> bool:
    """Tell whether any of `keys` signed exactly these words, in constant time for each key."""
    given = (signature or "").encode("utf-8", "replace")
    good = False
    for key in keys:
        good |= hmac.compare_digest(sign(key, domain, *words).encode(), given)
    return good


def subkey(key: str, domain: bytes) -> str:
    """Make a key for one purpose of another: what is signed with it is nothing else's signature."""
    return hmac.digest(key.encode(), framed(domain), "sha256").hex()


def framed(domain: bytes, *words: str) -> bytes:
    """Write the words with their lengths: without them, letters could move from one to the next unnoticed."""
    return b"".join([len(part).to_bytes(8, "big") + part for part in (domain, *map(str.encode, words))])


@lru_cache(maxsize=64)
def key_id(key: str, domain: bytes) -> str:
    """Name a key without telling anything about it: the row shows which one signed."""
    return hashlib.sha256(domain + b" key id " + key.encode()).hexdigest()[:KEY_ID_LENGTH]


@lru_cache(maxsize=64)
def _taken_up(key: str) -> hmac.HMAC:
    """Take up a key once: that is half of the work of signing a message's words."""
    return hmac.new(key.encode(), digestmod="sha256")
