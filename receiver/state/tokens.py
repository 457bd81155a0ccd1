"""Tokens: signed, timed, single-use permits that let a form be stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from itsdangerous import BadData, Signer, URLSafeSerializer

from campaign.errors import CandleError

YOUNGEST = 3.0  # seconds: nobody reads a form and writes a message in less
OLDEST = 24 * 3600.0  # seconds
SALT = "candle.token"
DERIVED = {"key_derivation": "none", "digest_method": hashlib.sha256}

Kind = Literal["page", "review", "withdraw"]
TO_SEND: tuple[Kind, ...] = ("page", "review")
TO_WITHDRAW: tuple[Kind, ...] = ("page", "withdraw")


class TokenError(CandleError):
    """A token that does not let this post be stored."""


class TokenForged(TokenError):
    """The token was not signed here for this campaign and this form; none was, without JavaScript."""


class TokenExpired(TokenError):
    """The token is older than `OLDEST`."""


class TokenAhead(TokenError):
    """The token is of a time to come: a clock was set back, and waiting could take hours."""


class TokenTooYoung(TokenError):
    """The token is younger than `YOUNGEST`; the same one is good a moment later."""

    def __init__(self, token: Token) -> None:
        super().__init__("the token is too young")
        self.token = token


@dataclass(frozen=True)
class Token:
    """A token as read. `words_digest` is the digest of the words that a review page showed, else empty."""

    id: str
    kind: Kind
    words_digest: str
    expires_at: datetime


class Tokens:
    """Issue and read the tokens of one receiver. The first key signs, every key verifies."""

    def __init__(self, keys: tuple[str, ...], clock: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._clock = clock
        self._serializers: dict[str, URLSafeSerializer] = {}  # of the campaigns that there are

    def issue(self, campaign: str, kind: Kind = "page", words_digest: str = "") -> str:
        """Return a new token for one form of one campaign."""
        issued = int(self._clock() * 1000)  # rounded up it would be of a time to come
        return self._serializer(campaign).dumps([secrets.token_hex(16), kind, words_digest, issued])

    def read(
        self, campaign: str, token: str, kinds: Sequence[Kind] = TO_SEND, *, youngest: float = YOUNGEST
    ) -> Token:
        """Return the token's content if it is one of the `kinds` and permits a post now; ages in seconds.

        Raises:
            TokenError: the subclass says why it does not.
        """
        try:
            number, kind, words_digest, issued = self._serializer(campaign).loads(token)
        except (BadData, ValueError, TypeError) as error:
            raise TokenForged("the token was not issued for this form") from error
        if kind not in kinds:
            raise TokenForged("the token was issued for another form")
        age = self._clock() - issued / 1000
        if age > OLDEST:
            raise TokenExpired("the token has expired")
        if age < -YOUNGEST:
            raise TokenAhead("the token is of a time to come")
        expires_at = datetime.fromtimestamp(issued / 1000, UTC) + timedelta(seconds=OLDEST)
        valid = Token(number, kind, words_digest, expires_at)
        if age < youngest:
            raise TokenTooYoung(valid)
        return valid

    def digest(self, fields: Mapping[str, str]) -> str:
        """Return a keyed digest of a post's words, which tells the same words from others."""
        packed = "\0".join(f"{name}\0{fields[name]}" for name in sorted(fields))
        key = hmac.digest(self._keys[0].encode(), b"candle.words", "sha256")
        return hmac.new(key, packed.encode(), hashlib.sha256).hexdigest()[:32]

    def _serializer(self, campaign: str) -> URLSafeSerializer:
        serializer = self._serializers.get(campaign)
        if serializer is None:
            salt = f"{SALT}.{campaign}"
            # Derived here, once, and not anew for each token; the newest comes last.
            keys = [Signer(key, salt, digest_method=hashlib.sha256).derive_key() for key in self._keys[::-1]]
            serializer = self._serializers[campaign] = URLSafeSerializer(keys, salt, signer_kwargs=DERIVED)
        return serializer
