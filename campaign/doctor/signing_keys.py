"""Keys that can be guessed, that are alike, or that are older and still needed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING

from campaign.doctor.installation import on_loopback
from campaign.keys import webhook_secrets
from campaign.language.english import counted
from campaign.settings import PREFIX, Settings

if TYPE_CHECKING:
    from campaign.keeping.key_rotation import Hanging

FEWEST_LETTERS = 12  # different ones: 32 random letters of 16 kinds have fewer once in thousands of keys
GUESSED = ("change", "secret", "password", "example", "candle")
# Letters in a row that two keys have in common: what is made by itself shares two or three.
LONGEST_SHARED = 11
MAKE = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'


def find_weak(settings: Settings) -> Iterator[str]:
    """Name keys that can be guessed, and pairs that are alike: whoever has one has half of the other."""
    if on_loopback(settings):
        return
    keys = [("SECRET_KEY", key) for key in settings.secret_keys if key]
    keys += [("APPROVAL_KEY", key) for key in settings.approval_keys if key]
    for name in dict.fromkeys(name for name, key in keys if _can_be_guessed(key)):
        yield f"{PREFIX}{name}: can be guessed; {MAKE}"
    for (name, key), (other, another) in combinations(keys, 2):
        if _are_alike(key, another):
            yield f"{PREFIX}{name} and {PREFIX}{other} are alike; make each by itself"
    for campaign, secrets in settings.webhook_secrets.items():
        if webhook_secrets.are_short(secrets):
            yield f"{webhook_secrets.variable(campaign)}: can be guessed; let the sender make a longer one"


def find_few_recipients(settings: Settings) -> Iterator[str]:
    """Report that details would be lost with one key."""
    if len(set(settings.age_recipients)) == 1:
        yield (
            f"{PREFIX}AGE_RECIPIENTS: one key alone, and with it all details are lost; "
            "make another pair with `build.py keys new`"
        )


def tell_hanging(hanging: Hanging) -> Iterator[str]:
    """Count what would be worth nothing without the fallbacks, and name what no key here signed."""
    if told := str(hanging):
        yield f"an older approval key is still needed for {told}; python build.py keys renew"
    if hanging.unsigned:
        yield (
            f"{counted(len(hanging.unsigned), 'approved message')}: signed by no key here, and not printed; "
            "python build.py keys renew names them, and what to do"
        )


def _can_be_guessed(key: str) -> bool:
    return len(set(key)) < FEWEST_LETTERS or any(word in key.lower() for word in GUESSED)


def _are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.find_longest_match().size > LONGEST_SHARED
