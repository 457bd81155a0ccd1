"""Tokens permit one form of one campaign, between three seconds and a day."""

import hashlib
from typing import get_args

import pytest
from itsdangerous import URLSafeSerializer

from receiver.state.tokens import (
    SALT,
    TO_SEND,
    TO_WITHDRAW,
    Kind,
    TokenAhead,
    TokenForged,
    Tokens,
    TokenTooYoung,
)

KEY = "a key that is only for these tests"


@pytest.fixture
def tokens(clock):
    return Tokens((KEY,), clock)


@pytest.mark.parametrize("age", [3.0, 3.001, 60, 24 * 3600])
def test_a_token_is_good_from_three_seconds_to_a_day(tokens, clock, age):
    token = tokens.issue("mikita")
    clock.advance(age)
    found = tokens.read("mikita", token)
    assert found.kind == "page"
    assert found.expires_at.timestamp() == pytest.approx(clock.now - age + 24 * 3600)


@pytest.mark.parametrize("age", [0, 2.9, -2.9, -3.0])
def test_a_token_is_too_young_at_first_and_says_what_it_holds(tokens, clock, age):
    token = tokens.issue("mikita", "review", "digest")
    clock.advance(age)
    with pytest.raises(TokenTooYoung) as raised:
        tokens.read("mikita", token)
    assert (raised.value.token.kind, raised.value.token.words_digest) == ("review", "digest")


@pytest.mark.parametrize("age", [-3.1, -60, -3600, -366 * 24 * 3600])
def test_a_token_of_a_time_to_come_is_not_waited_for(tokens, clock, age):
    token = tokens.issue("mikita")
    clock.advance(age)
    with pytest.raises(TokenAhead):
        tokens.read("mikita", token, youngest=0)


@pytest.mark.parametrize("fraction", [0.0, 0.0004, 0.0005, 0.0009])
def test_a_token_is_not_of_a_time_to_come_at_once(tokens, clock, fraction):
    clock.advance(fraction)
    assert tokens.read("mikita", tokens.issue("mikita"), youngest=0)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_token_permits_only_what_it_is_for(tokens, clock, kind):
    token = tokens.issue("mikita", kind)
    clock.advance(4)
    for kinds in (TO_SEND, TO_WITHDRAW):
        if kind in kinds:
            assert tokens.read("mikita", token, kinds).kind == kind
        else:
            with pytest.raises(TokenForged):
                tokens.read("mikita", token, kinds)


def test_every_changed_letter_is_noticed_or_means_the_same(tokens, clock):
    token = tokens.issue("mikita")
    clock.advance(4)
    number = tokens.read("mikita", token).id
    for place, letter in enumerate(token):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        try:
            assert tokens.read("mikita", changed).id == number
        except TokenForged:
            continue


@pytest.mark.parametrize("junk", ["x", ".", "a.b", "\u2028", "é.é", "W10.c2ln", "." * 5000])
def test_junk_is_forged(tokens, junk):
    with pytest.raises(TokenForged):
        tokens.read("mikita", junk)


def test_a_fallback_key_still_verifies_and_the_first_one_signs(clock):
    old = Tokens((KEY,), clock).issue("mikita")
    clock.advance(4)
    rotated = Tokens(("a new key for these tests", KEY), clock)
    assert rotated.read("mikita", old).kind == "page"
    fresh = rotated.issue("mikita")
    clock.advance(4)
    with pytest.raises(TokenForged):
        Tokens((KEY,), clock).read("mikita", fresh)


def test_a_token_is_what_the_library_signs_so_that_another_program_s_stay_good(tokens, clock):
    plain = URLSafeSerializer([KEY], f"{SALT}.mikita", signer_kwargs={"digest_method": hashlib.sha256})
    assert plain.loads(tokens.issue("mikita"))[1] == "page"
    token = plain.dumps(["an id", "page", "", int(clock() * 1000)])
    clock.advance(60)
    assert tokens.read("mikita", token).id == "an id"


def test_no_two_tokens_are_the_same(tokens):
    assert len({tokens.issue("mikita") for _ in range(100)}) == 100


def test_a_digest_tells_fields_apart(tokens):
    assert tokens.digest({"a": "b", "c": ""}) == tokens.digest({"c": "", "a": "b"})
    assert tokens.digest({"a": "bc"}) != tokens.digest({"a": "b", "c": ""})
