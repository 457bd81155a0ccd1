"""Passwords: what is kept of them, which are strong enough, and the cost of a guess."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from werkzeug.security import check_password_hash, generate_password_hash

# scrypt with 32 MiB and about 60 ms a guess; a password that is made here holds 100 bits.
METHOD = "scrypt:32768:8:1"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that looks like another
GROUPS, GROUP = 4, 5
SHORTEST, LONGEST = 15, 256  # of a password that somebody chose, in characters
MOST_ALIKE = 6  # different characters that it has at the least


def new() -> str:
    """Make one."""
    return "-".join(group() for _ in range(GROUPS))


def group() -> str:
    """Make a group of letters and figures, 25 bits, that somebody may have to type."""
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP))


def hashed(password: str) -> str:
    """Return what is kept of a password; it takes as long as a guess, so do it outside of a transaction."""
    return generate_password_hash(_typed(password), METHOD)


def matches(kept: str | None, password: str) -> bool:
    """Tell whether this is the password; where there is none it takes as long, so that time tells nothing."""
    return check_password_hash(kept or _nobodys_hash(), _typed(password)) and bool(kept)


def weakness(password: str) -> str | None:
    """Say why somebody should choose another password; None where it will do."""
    typed = _typed(password)
    if len(typed) < SHORTEST:
        return f"It has {len(typed)} characters: take {SHORTEST} or more, such as four or five words."
    if len(set(typed.lower())) < MOST_ALIKE:
        return "It has too few different characters: take four or five words."
    return None


@cache
def _nobodys_hash() -> str:
    return generate_password_hash("nobody has this password", METHOD)


def _typed(password: str) -> str:
    """Give letters with marks one spelling: keyboards differ in how they compose them."""
    return unicodedata.normalize("NFC", password)
