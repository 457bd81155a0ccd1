"""Approvals: signatures over the exact words, so that a text changed since is not printed.

Where one person is enough it is one signature. Where two are asked it is one of each, bound to who gave it:
`KEYID.HEX NAME KEYID.HEX NAME`. A single one of those is worth nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from campaign.keys import signing

DOMAIN = b"candle approval 1"
ONE_OF_TWO = b"candle approval by one of two 1"


def sign(keys: Sequence[str], *words: str) -> str:
    """Sign what `printed.signed` says, with the first of `keys`; returns `KEYID.HEX`."""
    return signing.sign(keys[0], DOMAIN, *words)


def sign_as(by: str, keys: Sequence[str], *words: str) -> str:
    """Sign the words in the name of one of two; returns `KEYID.HEX NAME`."""
    return f"{signing.sign(keys[0], ONE_OF_TWO, by, *words)} {by}"


def join(first: str, second: str) -> str:
    """Make one approval of those of two people."""
    return f"{first} {second}"


def parts(approval: str | None) -> dict[str, str]:
    """Return what each of two signed, by their names, valid or not; nothing where one was enough."""
    pieces = (approval or "").split(" ")
    return {by: f"{signature} {by}" for signature, by in zip(pieces[::2], pieces[1::2], strict=False)}


def valid_part(keys: Sequence[str], by: str, part: str, *words: str) -> bool:
    """Tell whether any of `keys` signed exactly these words in the name of `by`."""
    signature, _, name = part.partition(" ")
    return name == by and signing.valid(keys, signature, ONE_OF_TWO, by, *words)


def valid(keys: Sequence[str], approval: str | None, *words: str) -> bool:
    """Tell whether any of `keys` signed exactly these words: once where one was asked, or for two people."""
    signed = parts(approval)
    if not signed:
        return signing.valid(keys, approval, DOMAIN, *words)
    whole = len(signed) == 2 and approval == join(*signed.values())
    return whole and all(valid_part(keys, by, part, *words) for by, part in signed.items())


def renew(keys: Sequence[str], approval: str, *words: str) -> str:
    """Sign a valid approval again with the first of `keys`, in the same names."""
    signed = [sign_as(by, keys, *words) for by in parts(approval)]
    return join(*signed) if signed else signing.sign(keys[0], DOMAIN, *words)


def key_ids(key: str) -> tuple[str, str]:
    """Return what the signatures of a key begin with."""
    return signing.key_id(key, DOMAIN), signing.key_id(key, ONE_OF_TWO)
