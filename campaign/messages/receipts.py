"""Receipts: the code with which a supporter takes a message back, and the proof that a post came twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

RECEIPT_BYTES = 15  # 120 bits: nobody finds one by trying
GROUP = 4  # characters between hyphens
# What is not in base32, and what it is read as: figures, and letters of a Cyrillic keyboard.
_LOOK_ALIKE = str.maketrans("0189аеорсухікмт", "olbgaeopcyxikmt")


def code(key: str, token: str) -> str:
    """Make the receipt code of the post that carries `token` (the token's own id).

    It follows from the token, so that the same post sent twice is given the same code although only the
    code's digest is kept.
    """
    digest = _keyed(key, b"candle receipt 1 " + token.encode())
    letters = base64.b32encode(digest[:RECEIPT_BYTES]).decode().lower()
    return "-".join(letters[i : i + GROUP] for i in range(0, len(letters), GROUP))


def digest(receipt: str) -> str:
    """Return what is stored of a receipt code, however it was typed."""
    letters = "".join(filter(str.isalnum, receipt.lower())).translate(_LOOK_ALIKE)
    return hashlib.sha256(b"candle receipt 1 " + letters.encode()).hexdigest()


def words_digest(key: str, *words: str) -> str:
    """Return a keyed digest that tells "the same words again" from other words, and nothing else."""
    framed = b"".join(len(word.encode()).to_bytes(4, "big") + word.encode() for word in words)
    return _keyed(key, b"candle words 1 " + framed).hex()


def _keyed(key: str, said: bytes) -> bytes:
    """Return a keyed digest; `hmac.digest` lets go of the interpreter, and another thread takes it."""
    return hmac.new(key.encode(), said, "sha256").digest()


def matching_key(keys: Sequence[str], stored: str, *words: str) -> str | None:
    """Return the key under which `stored` is the digest of `words`; None when they are other words."""
    for key in keys:
        if hmac.compare_digest(words_digest(key, *words), stored):
            return key
    return None
