"""A browser in which a member has logged in before: it is known by a cookie that the approval key signed.

To be known lets nobody in. It is only that what others try for the same name does not hold this browser up.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from campaign.accounts.staff import Member
from campaign.keys import signing

KNOWN_FOR = timedelta(days=180)
DOMAIN = b"candle device 1"
COOKIE = re.compile(r"([\w-]{16})\.(\d{1,10})\.(\w{8}\.\w{64})", re.ASCII)


def new(key: str, member: Member, moment: datetime) -> str:
    """Make the cookie of a browser in which the member has just logged in."""
    identifier, made = secrets.token_urlsafe(12), str(int(moment.timestamp()))
    return f"{identifier}.{made}.{signing.sign(key, DOMAIN, *_words(member, identifier, made))}"


def known(keys: Sequence[str], member: Member, cookie: str, moment: datetime) -> str | None:
    """Return the id of a browser that this member has logged in with; None for any other.

    What ends a member's sessions everywhere ends this too.
    """
    found = COOKIE.fullmatch(cookie)
    if not found:
        return None
    identifier, made, signature = found.groups()
    ours = signing.valid(keys, signature, DOMAIN, *_words(member, identifier, made))
    young = timedelta(0) <= moment - datetime.fromtimestamp(int(made), UTC) < KNOWN_FOR
    return identifier if ours and young and member.may_enter else None


def _words(member: Member, identifier: str, made: str) -> tuple[str, ...]:
    return (member.name, str(member.session_version), str(member.devices), identifier, made)
