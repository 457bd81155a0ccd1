"""The second factor: a code that a phone computes, good once; and recovery codes for a lost phone.

TOTP (RFC 6238) with the values that every authenticator knows: SHA-1, 6 digits, 30 seconds. The secret lies
in the database sealed under the approval key, so that the public half, which has none, cannot read it.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from campaign.accounts import passwords

SECRET = 20  # bytes, as RFC 4226 advises
DIGITS, STEP = 6, 30
DRIFT = 1  # steps that a phone's clock may be wrong by, either way
NONCE = 16  # bytes
RECOVERY_CODES = 8
SEAL = b"candle second factor 1"


@dataclass(frozen=True)
class SecondFactor:
    """What a member's row keeps: the sealed secret, and keyed digests of the recovery codes that are left."""

    sealed: str
    recovery: tuple[str, ...]

    def words(self) -> tuple[str, ...]:
        """Give what the row's signature covers."""
        return (self.sealed, " ".join(self.recovery))


def new_secret() -> bytes:
    """Make a secret for a phone."""
    return secrets.token_bytes(SECRET)


def as_base32(secret: bytes) -> str:
    """Write a secret as people type it into a phone."""
    return base64.b32encode(secret).decode()


def from_base32(text: str) -> bytes:
    """Read it again.

    Raises:
        ValueError: it is none.
    """
    return base64.b32decode(text)


def uri(secret: bytes, name: str, issuer: str) -> str:
    """Give the address that a QR code holds (https://github.com/google/google-authenticator/wiki/Key-Uri-Format)."""
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?secret={as_base32(secret)}&issuer={quote(issuer)}"


def code_at(secret: bytes, step: int) -> str:
    """Compute the code of a step: RFC 4226, section 5.3."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 0xF
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, moment: float, after: int) -> int | None:
    """Return the step whose code this is, near the moment and later than the last one used; None for none."""
    now = int(moment) // STEP
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def enrol(keys: Sequence[str], name: str, secret: bytes) -> tuple[SecondFactor, list[str]]:
    """Seal a secret and make recovery codes, which are shown once."""
    codes = [f"{passwords.group()}-{passwords.group()}" for _ in range(RECOVERY_CODES)]
    return SecondFactor(_seal(keys[0], name, secret), tuple(_digest(secret, code) for code in codes)), codes


def open_secret(key: str, name: str, factor: SecondFactor) -> bytes:
    """Give the secret that was sealed under this key; the row's signature has told that it was this one."""
    sealed = bytes.fromhex(factor.sealed)
    return _mask(key, name, sealed[:NONCE], sealed[NONCE:])


def sealed_anew(old_key: str, new_key: str, name: str, factor: SecondFactor) -> SecondFactor:
    """Seal the same secret under another key."""
    return replace(factor, sealed=_seal(new_key, name, open_secret(old_key, name, factor)))


def without(factor: SecondFactor, secret: bytes, code: str) -> SecondFactor | None:
    """Return what is left once a recovery code is used; None where it is none of them."""
    bare = code.strip().lower().replace("-", "")  # from paper somebody types it with the hyphen, or without
    used = _digest(secret, f"{bare[: passwords.GROUP]}-{bare[passwords.GROUP :]}")
    left = tuple(one for one in factor.recovery if not hmac.compare_digest(one, used))
    return replace(factor, recovery=left) if len(left) < len(factor.recovery) else None


def _seal(key: str, name: str, secret: bytes) -> str:
    nonce = secrets.token_bytes(NONCE)
    return (nonce + _mask(key, name, nonce, secret)).hex()


def _mask(key: str, name: str, nonce: bytes, text: bytes) -> bytes:
    """Encrypt or decrypt at most 32 bytes with a pad that the key and a fresh nonce give.

    HMAC is a pseudorandom function, and no nonce comes twice; that nothing was changed is proved by the row's
    signature. A library for ciphers would be 10 MB more for these 20 bytes.
    """
    pad = hmac.digest(key.encode(), SEAL + nonce + name.encode(), "sha256")
    return bytes(a ^ b for a, b in zip(text, pad, strict=False))


def _digest(secret: bytes, code: str) -> str:
    """Digest a recovery code under the sealed secret: of its 50 bits a stolen database alone tells none."""
    return hmac.digest(secret, f"candle recovery 2 {code}".encode(), "sha256").hex()
