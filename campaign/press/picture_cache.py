"""The cards' picture, prepared once and kept: reading it takes as long as a few hundred cards, and MuPDF.

What is kept is signed with the approval key. So it does not matter who can write where it lies: nothing is
printed from there but what a press with this key prepared of exactly these bytes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from campaign.cards.dimensions import CardSize
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.keys import signing
from campaign.press import made_with
from campaign.storage.disk import replace_file

DOMAIN = b"candle prepared picture 1"
_DIGEST = 32  # bytes


def prepared(picture: Path, card: CardSize, kept: Path, keys: Sequence[str]) -> Illustration:
    """Give a picture as it goes into a file of sheets; what was made of it is kept in the file `kept`.

    Raises:
        IllustrationError: naming the file, what would print otherwise than it looks, and the remedy.
    """
    made_of = _made_of(picture, card)
    if made_of and (body := _trusted(kept, keys)) and body[:_DIGEST] == made_of:
        return Illustration.from_bytes(body[_DIGEST:])
    from campaign.cards.illustration.card_front import load_illustration  # late: it loads MuPDF

    found = load_illustration(picture, card)
    if made_of and made_of == _made_of(picture, card):  # else somebody saved another meanwhile
        body = made_of + found.to_bytes()
        with suppress(OSError):  # whoever cannot write there does without
            replace_file(kept, _signature(keys[0], body) + body, 0o600)
    return found


def _made_of(picture: Path, card: CardSize) -> bytes:
    """Name everything that a prepared picture depends on; nothing where it cannot be read."""
    try:
        data = picture.read_bytes()
    except OSError:
        return b""
    facts = (
        str(picture),
        hashlib.sha256(data).hexdigest(),
        str(card),
        str(sorted(made_with.versions().items())),
    )
    return hashlib.sha256(signing.framed(DOMAIN, *facts)).digest()


def _trusted(kept: Path, keys: Sequence[str]) -> bytes:
    """Read what a press with one of our keys wrote; nothing where there is none, or it was changed."""
    try:
        written = kept.read_bytes()
    except OSError:
        return b""
    signature, body = written[:_DIGEST], written[_DIGEST:]
    return body if any(hmac.compare_digest(_signature(key, body), signature) for key in keys) else b""


def _signature(key: str, body: bytes) -> bytes:
    return hmac.digest(signing.subkey(key, DOMAIN).encode(), body, "sha256")
