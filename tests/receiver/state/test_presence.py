"""Presence: who looks at which message, so that two at the desk are not given the same one."""

from types import SimpleNamespace

import pytest

from receiver.state.presence import LASTS, Presence

FIRST, SECOND = SimpleNamespace(id="first"), SimpleNamespace(id="second")


@pytest.fixture
def presence(clock):
    return Presence(clock)


def test_each_is_given_a_message_that_nobody_else_looks_at(presence):
    assert presence.choose([FIRST, SECOND], "olga") is FIRST
    assert presence.choose([FIRST, SECOND], "petr") is SECOND
    assert presence.choose([FIRST, SECOND], "olga") is FIRST
    assert presence.holder("second") == "petr"


def test_the_oldest_is_shared_when_others_look_at_all_of_them(presence):
    presence.choose([FIRST], "olga")
    assert presence.choose([FIRST], "petr") is FIRST
    assert presence.holder("first") == "olga"


def test_nothing_to_choose_from_is_nothing(presence):
    assert presence.choose([], "olga") is None


def test_a_decided_message_is_free_at_once(presence):
    presence.choose([FIRST, SECOND], "olga")
    presence.release("first")
    assert presence.holder("first") is None
    assert presence.choose([FIRST, SECOND], "petr") is FIRST


def test_releasing_what_nobody_looks_at_changes_nothing(presence):
    presence.choose([FIRST], "olga")
    presence.release("second")
    assert presence.holder("first") == "olga"


def test_who_went_away_without_a_decision_is_forgotten_and_who_looks_again_is_not(presence, clock):
    presence.choose([FIRST, SECOND], "olga")
    clock.advance(LASTS - 1)
    presence.choose([FIRST, SECOND], "olga")
    clock.advance(LASTS - 1)
    assert presence.holder("first") == "olga"
    clock.advance(1)
    assert presence.holder("first") is None
    assert presence.choose([FIRST, SECOND], "petr") is FIRST
