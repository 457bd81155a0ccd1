"""Sealing: only the operator's keys open details, and their length tells nothing."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.keys.sealing import (
    BUCKET,
    NoDetailsError,
    SealingError,
    identities,
    is_recipient,
    new_key,
    read_seal,
    seal,
    text_of,
    unseal,
)
from tests.support.sealed import DETAILS as SEALED_DETAILS
from tests.support.sealed import IDENTITIES, TO_ONE, TO_TWO
from tests.support.table import table

DETAILS = {"last_name": "Кавальская", "email": "anna@example.org", "country": "PL"}
FIRST, SECOND, OTHER = new_key(), new_key(), new_key()


@pytest.mark.parametrize("identity", [FIRST[1], SECOND[1]], ids=["first", "second"])
def test_either_of_the_operators_keys_opens_details(identity: str) -> None:
    assert unseal(seal(DETAILS, [FIRST[0], SECOND[0]]), [identity]) == DETAILS


def test_several_identities_may_be_tried() -> None:
    assert unseal(seal(DETAILS, [FIRST[0]]), [OTHER[1], FIRST[1]]) == DETAILS


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealingError, match="does not open these details"):
        unseal(seal(DETAILS, [FIRST[0]]), [OTHER[1]])


def test_nothing_of_the_details_shows() -> None:
    sealed = seal(DETAILS, [FIRST[0]])
    words = [*DETAILS, *DETAILS.values(), f'"{DETAILS["country"]}"']
    # Two letters stand somewhere in a thousand random bytes once in sixty times.
    assert not [word for word in words if len(word) > 3 and word.encode() in sealed]


def test_the_same_details_look_different_each_time() -> None:
    assert seal(DETAILS, [FIRST[0]]) != seal(DETAILS, [FIRST[0]])


def padded(details: dict[str, str]) -> bytes:
    """Return the plaintext under the seal; around it, age puts a random number of letters."""
    opened: bytes = pyrage.decrypt(seal(details, [FIRST[0]]), [pyrage.x25519.Identity.from_str(FIRST[1])])
    return opened


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(sorted(DETAILS)), st.text(max_size=80)))
def test_their_length_tells_nothing(details: dict[str, str]) -> None:
    assert len(padded(details)) == BUCKET
    assert unseal(seal(details, [FIRST[0]]), [FIRST[1]]) == details


def test_longer_details_go_up_in_steps() -> None:
    assert len(padded({"a": "x" * BUCKET})) == 2 * BUCKET


@pytest.mark.parametrize(
    ("recipients", "fault"),
    [
        ([], "no key to seal to"),
        (["age1nothing"], "'age1nothing' is not an age public key"),
        ([FIRST[1]], "is not an age public key"),
    ],
)
def test_a_key_that_is_none_is_refused(recipients: list[str], fault: str) -> None:
    with pytest.raises(SealingError, match=fault):
        seal(DETAILS, recipients)


@pytest.mark.parametrize("identity", ["", "AGE-SECRET-KEY-1NO", FIRST[0]], ids=["none", "cut off", "public"])
def test_an_identity_that_is_none_is_refused_and_not_repeated(identity: str) -> None:
    with pytest.raises(SealingError, match="not an age secret key") as refused:
        unseal(seal(DETAILS, [FIRST[0]]), [identity])
    assert not identity or identity not in str(refused.value)


@pytest.mark.parametrize("damaged", [b"", b"age", b"\x00" * 300])
def test_damaged_details_are_refused(damaged: bytes) -> None:
    with pytest.raises(SealingError):
        unseal(damaged, [FIRST[1]])


def test_each_byte_is_protected() -> None:
    sealed = bytearray(seal(DETAILS, [FIRST[0]]))
    for place in range(0, len(sealed), 97):
        changed = sealed.copy()
        changed[place] ^= 1
        with pytest.raises(SealingError):
            unseal(bytes(changed), [FIRST[1]])


@pytest.mark.parametrize(("seal", "recipients"), [(TO_ONE, 1), (TO_TWO, 2)])
def test_what_a_browser_sealed_is_read_and_opened_by_each_key(seal: str, recipients: int) -> None:
    sealed = read_seal(seal, recipients)
    for identity in IDENTITIES[:recipients]:
        assert unseal(sealed, [identity]) == SEALED_DETAILS


def recoded(change: Callable[[bytes], bytes]) -> str:
    return base64.b64encode(change(base64.b64decode(TO_ONE))).decode()


@table(
    ("seal", "recipients"),
    [
        (TO_ONE, 2),
        (TO_TWO, 1),
        ("", 1),
        ("YWdl", 1),
        (TO_ONE[:-4], 1),
        (TO_ONE + "AAAA", 1),
        (f"{TO_ONE[:100]} {TO_ONE[100:]}", 1),
        (f"{TO_ONE}\n", 1),
        (TO_ONE.replace("+", "-").replace("/", "_"), 1),
        ("ў" * len(TO_ONE), 1),
        ("A" * 20_000, 1),
        (recoded(lambda sealed: sealed + b"x"), 1),
        (recoded(lambda sealed: sealed[:-1]), 1),
        (recoded(lambda sealed: sealed.replace(b"X25519", b"X25518")), 1),
        (recoded(lambda sealed: sealed.replace(b"org/v1", b"org/v2")), 1),
        (recoded(lambda sealed: sealed.replace(b"\n--- ", b"\n-> grease\n\n--- ")), 1),
    ],
)
def test_a_seal_of_another_size_kind_or_number_of_keys_is_none(seal: str, recipients: int) -> None:
    with pytest.raises(SealingError, match="no details as the page seals them"):
        read_seal(seal, recipients)


@pytest.mark.slow
def test_what_a_password_seals_is_no_seal() -> None:
    sealed = pyrage.passphrase.encrypt(b" " * 1024, "words")  # takes a second: here, not in each worker
    with pytest.raises(SealingError, match="no details as the page seals them"):
        read_seal(base64.b64encode(sealed).decode(), 1)


@table("inside", [b"", b"[1]", b'{"a": 1}', b"[" * 1000, b'{"a":' * 200, b"\xff" * 1024, b"9" * 5000])
def test_a_seal_that_holds_something_else_says_so(inside: bytes) -> None:
    sealed = pyrage.encrypt(inside, [pyrage.x25519.Recipient.from_str(FIRST[0])])
    with pytest.raises(NoDetailsError, match="no details"):
        unseal(sealed, [FIRST[1]])


def test_a_key_file_may_hold_comments_and_several_keys() -> None:
    text = f"# created: today\n# public key: {FIRST[0]}\n{FIRST[1]}\n\n  {SECOND[1]}\r\n"
    assert identities(text) == [FIRST[1], SECOND[1]]


WRITTEN = {
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16 with a mark": lambda text: text.encode("utf-16"),
    "UTF-16, big end first, with a mark": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-16-LE": lambda text: text.encode("utf-16-le"),
    "UTF-16-BE": lambda text: text.encode("utf-16-be"),
    "Latin-1": lambda text: text.encode("latin-1"),
    "the old Mac's line breaks": lambda text: text.replace("\n", "\r").encode(),
    "Windows' line breaks in UTF-16": lambda text: text.replace("\n", "\r\n").encode("utf-16"),
}


@pytest.mark.parametrize("comment", ["", "# Schlüssel für Zoë\n", "# \x85 \xa0 \x1c é\n"])
@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_key_file_is_read_as_any_editor_saved_it(written, comment) -> None:
    text = f"{comment}# public key: {FIRST[0]}\n{FIRST[1]}\n\n  {SECOND[1]}\n"
    assert identities(text_of(written(text))) == [FIRST[1], SECOND[1]]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_of_keys_or_of_none(written) -> None:
    assert all(not line.startswith("#") for line in identities(text_of(written)))


def test_a_recipient_is_known_by_its_check_letters() -> None:
    assert is_recipient(FIRST[0])
    assert not is_recipient(FIRST[0][:-1] + ("q" if FIRST[0][-1] != "q" else "p"))
    assert not is_recipient(FIRST[1])
