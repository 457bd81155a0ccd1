"""A row of staff, and the signature that it is good by.

It is signed with the approval key, which is in the settings: who can only write to the database cannot let
anybody in, raise a role, or take a second factor away. What they can do is put an older row back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Row

from campaign.accounts import second_factor
from campaign.accounts.second_factor import SecondFactor
from campaign.keys import signing

Role = Literal["reviewer", "coordinator"]
COORDINATOR: Role = "coordinator"
DOMAIN = b"candle staff 2"
ROLELESS = b"candle staff 1"  # of rows from before there were roles: who was there then is a coordinator


@dataclass(frozen=True)
class StaffRow:
    """What is signed of a member."""

    name: str
    password_hash: str
    disabled: bool = False
    session_version: int = 1
    role: Role = COORDINATOR
    factor: SecondFactor | None = None

    @classmethod
    def of(cls, row: Row[Any]) -> StaffRow:
        """Read it from the database, whoever wrote it there."""
        factor = SecondFactor(row.factor, tuple(row.recovery.split())) if row.factor else None
        return cls(row.name, row.password_hash, row.disabled, row.session_version, row.role, factor)

    def signer(self, keys: Sequence[str], signature: str | None) -> str | None:
        """Return the key that signed it, or None where none of these did."""
        earlier = self._words()[:4] if self.role == COORDINATOR and not self.factor else None
        for key in keys:
            if signing.valid((key,), signature, DOMAIN, *self._words()):
                return key
            if earlier and signing.valid((key,), signature, ROLELESS, *earlier):
                return key
        return None

    def sealed_for(self, key: str, signer: str | None) -> StaffRow:
        """Return it with its second factor under another key; without one where nobody knows whose it is."""
        if self.factor is None or signer == key:
            return self
        if signer is None:
            return replace(self, factor=None)
        return replace(self, factor=second_factor.sealed_anew(signer, key, self.name, self.factor))

    def values(self, key: str) -> dict[str, Any]:
        """Give the columns that change, signed."""
        return {
            "password_hash": self.password_hash,
            "disabled": self.disabled,
            "session_version": self.session_version,
            "role": self.role,
            "factor": self.factor.sealed if self.factor else None,
            "recovery": " ".join(self.factor.recovery) if self.factor else "",
            "signature": signing.sign(key, DOMAIN, *self._words()),
        }

    def _words(self) -> tuple[str, ...]:
        enabled = "disabled" if self.disabled else "enabled"
        words = (self.name, self.password_hash, enabled, str(self.session_version), self.role)
        return words + (self.factor.words() if self.factor else ())
