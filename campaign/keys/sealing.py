"""Supporters' details, sealed to the operator's age keys; the receiver holds no key that opens them."""

from __future__ import annotations

import binascii
import codecs
import errno
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import pyrage

from campaign.errors import CandleError

LINE_BREAK = re.compile(r"\r\n|\r|\n")  # alone: in a comment of Latin-1 stands what Unicode calls one
BUCKET = 1024  # bytes; every plaintext is padded to a multiple, so that its length tells nothing
# What a browser seals holds one bucket; age puts a nonce before it, a tag behind, and two lines a recipient.
# Source: https://c2sp.org/age
SEALED = (
    rb"age-encryption\.org/v1\n(?:-> X25519 [A-Za-z0-9+/]{43}\n[A-Za-z0-9+/]{43}\n){%d}"
    rb"--- [A-Za-z0-9+/]{43}\n(?s:.{%d})"
)
NONCE, TAG = 16, 16  # bytes
MOST_KEY_FILE = 1024 * 1024  # bytes: some thousand keys with their comments
LONGEST_SEAL = 16 * 1024  # letters: the longest post
NO_RECIPIENT = "CANDLE_AGE_RECIPIENTS: no key to seal to; make one with `build.py keys new`"


class SealingError(CandleError):
    """Details could not be sealed or opened."""


class NoDetailsError(SealingError):
    """A seal that opens, and holds something else than details."""


def seal(details: Mapping[str, str], recipients: Sequence[str]) -> bytes:
    """Seal `details` so that any one of the `recipients` (age public keys) opens them.

    Raises:
        SealingError: there is no recipient, or one is not an age public key.
    """
    if not recipients:
        raise SealingError(NO_RECIPIENT)
    sealed: bytes = pyrage.encrypt(_padded(dict(details)), [_recipient(key) for key in recipients])
    return sealed


def seal_file(reader: BinaryIO, writer: BinaryIO, recipients: Sequence[str]) -> None:
    """Seal a whole file, piece by piece, as the program `age` does.

    Raises:
        SealingError: as for `seal`.
        OSError: it cannot be written.
    """
    if not recipients:
        raise SealingError(NO_RECIPIENT)
    try:
        pyrage.encrypt_io(reader, writer, [_recipient(key) for key in recipients])
    except pyrage.EncryptError as error:  # the writer's own error, of which it keeps the words alone
        raise OSError(errno.EIO, str(error).rpartition("] ")[2]) from error


def read_seal(text: str, recipients: int) -> bytes:
    """Read what a browser sealed, in base64, to that many recipients; to whom, nobody sees without a key.

    Raises:
        SealingError: it is no age file of the size and number of recipients that the page's script makes.
    """
    try:
        sealed = binascii.a2b_base64(text.encode("ascii")[:LONGEST_SEAL], strict_mode=True)
    except ValueError:
        sealed = b""
    if not re.fullmatch(SEALED % (recipients, NONCE + BUCKET + TAG), sealed):
        raise SealingError("these are no details as the page seals them")
    return sealed


def unseal(sealed: bytes, identities: Sequence[str]) -> dict[str, str]:
    """Open sealed details with any of the `identities` (age secret keys).

    Raises:
        SealingError: an identity is no age secret key, or none of them opens it.
        NoDetailsError: it opens, and holds something else.
    """
    try:
        keys = [pyrage.x25519.Identity.from_str(identity) for identity in identities]
    except pyrage.IdentityError:
        raise SealingError("the identity is not an age secret key (AGE-SECRET-KEY-1…)") from None
    try:
        opened = pyrage.decrypt(sealed, keys)
    except (pyrage.DecryptError, ValueError, TypeError):  # what lies in the column may be no bytes at all
        raise SealingError(
            "this identity does not open these details; was another key in use then?"
        ) from None
    return _details(opened)


def is_recipient(key: str) -> bool:
    """Tell whether a text is an age public key, its check letters included."""
    with suppress(SealingError):
        return bool(_recipient(key))
    return False


def read_key_file(path: Path) -> str:
    """Return the text of an age identity file.

    Raises:
        SealingError: it cannot be read, or is larger than any such file.
    """
    try:
        with path.open("rb") as file:
            written = file.read(MOST_KEY_FILE + 1)
    except OSError as error:
        raise SealingError(f"{path}: {error.strerror}; name the file with the secret key") from error
    if len(written) > MOST_KEY_FILE:
        raise SealingError(f"{path}: is no file with a secret key, it is too large; name that file")
    return text_of(written)


def text_of(key_file: bytes) -> str:
    """Return the text of an age identity file, as whichever editor or shell saved it.

    Keys are ASCII. So outside of UTF-16 any letter but those stands in a comment, and may be of any encoding.
    """
    if key_file.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return key_file.decode("utf-16", "replace")
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if key_file[place::2][:1] == b"\0":  # without a mark: the first letter says which half comes first
            return key_file.decode(encoding, "replace")
    return key_file.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def identities(key_file: str) -> list[str]:
    """Read the secret keys from the text of an age identity file, leaving out its comments."""
    lines = (line.strip() for line in LINE_BREAK.split(key_file))
    return [line for line in lines if line and not line.startswith("#")]


def new_key() -> tuple[str, str]:
    """Make an age key pair: the public half for the settings, the secret half for an offline machine."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def _details(opened: bytes) -> dict[str, str]:
    """Read what was sealed; anybody can seal anything to a public key."""
    try:
        details: object = json.loads(opened)
    except (ValueError, RecursionError):
        details = None
    if not isinstance(details, dict) or not all(isinstance(value, str) for value in details.values()):
        raise NoDetailsError("what was sealed there are no details; somebody else wrote it")
    return details


def _padded(details: dict[str, str]) -> bytes:
    """Fill with spaces after the JSON: a reader of JSON passes over them, so nothing has to be cut off."""
    plain = json.dumps(details, ensure_ascii=False, sort_keys=True).encode()
    return plain.ljust(-(-len(plain) // BUCKET) * BUCKET)


@lru_cache(maxsize=16)
def _recipient(key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(key)
    except (pyrage.RecipientError, UnicodeEncodeError):  # the latter of bytes that are no text
        raise SealingError(f"CANDLE_AGE_RECIPIENTS: {key!r} is not an age public key") from None
