"""An invitation: a link, good once and for a day, with which a member sets a password of their own.

Of its token the member's row keeps a digest under the approval key, and until when it is good; the row's
signature covers both. So who reads the database can open none, and who writes to it can make or extend none.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from campaign.keys import signing

GOOD_FOR = timedelta(days=1)
BYTES = 24  # random ones of a token: nobody guesses it
DOMAIN = b"candle invitation 1"


@dataclass(frozen=True)
class Invitation:
    """What a row keeps of one."""

    until: datetime
    digest: str

    @classmethod
    def read(cls, text: str | None) -> Invitation | None:
        """Read it from the database; what nobody here wrote is none, and its row is not signed."""
        until, _, digest = (text or "").partition(" ")
        if not digest or not until.isdecimal() or len(until) > 11:
            return None
        return cls(datetime.fromtimestamp(int(until), UTC), digest)

    @property
    def text(self) -> str:
        """What the row holds."""
        return f"{int(self.until.timestamp())} {self.digest}"

    def is_for(self, keys: Sequence[str], name: str, token: str) -> bool:
        """Tell whether this is its token."""
        return signing.valid(keys, self.digest, DOMAIN, name, token)

    def good_at(self, moment: datetime) -> bool:
        """Tell whether its day is not over."""
        return moment < self.until


def new(key: str, name: str, moment: datetime) -> tuple[Invitation, str]:
    """Make one; returns it and its token, which is shown once."""
    token = secrets.token_urlsafe(BYTES)
    return Invitation(moment + GOOD_FOR, signing.sign(key, DOMAIN, name, token)), token
