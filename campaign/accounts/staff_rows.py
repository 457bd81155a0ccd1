"""A row of staff, and the signature that it is good by.

It is signed with the approval key, which is in the settings: who can only write to the database cannot let
anybody in, raise a role, or take a second factor away. What they can do is put an older row back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Row

from campaign.accounts import second_factor
from campaign.accounts.invitations import Invitation
from campaign.accounts.second_factor import SecondFactor
from campaign.keys import signing

Signed = tuple[bytes, tuple[str, ...]]  # the domain, and the words
Role = Literal["reviewer", "coordinator"]
COORDINATOR: Role = "coordinator"
DOMAIN = b"candle staff 3"
WITHOUT_INVITATION = b"candle staff 2"  # of rows from before invitations, which left the used codes unsigned
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
    code_step: int = 0
    invitation: Invitation | None = None
    devices: int = 0

    @classmethod
    def of(cls, row: Row[Any]) -> StaffRow:
        """Read it from the database, whoever wrote it there."""
        factor = SecondFactor(row.factor, tuple(row.recovery.split())) if row.factor else None
        return cls(
            row.name, row.password_hash, row.disabled, row.session_version, row.role, factor,
            row.code_step, Invitation.read(row.invitation), row.devices,
        )  # fmt: skip

    def signer(self, keys: Sequence[str], signature: str | None) -> str | None:
        """Return the key that signed it, or None where none of these did."""
        written = (self._words(), *self._earlier_words())
        for key in keys:
            if any(signing.valid((key,), signature, domain, *words) for domain, words in written):
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
        domain, words = self._words()
        return {
            "password_hash": self.password_hash,
            "disabled": self.disabled,
            "session_version": self.session_version,
            "role": self.role,
            "factor": self.factor.sealed if self.factor else None,
            "recovery": " ".join(self.factor.recovery) if self.factor else "",
            "code_step": self.code_step,
            "invitation": self.invitation.text if self.invitation else None,
            "devices": self.devices,
            "signature": signing.sign(key, domain, *words),
        }

    def _words(self) -> Signed:
        sealed, recovery = self.factor.words() if self.factor else ("", "")
        invitation = self.invitation.text if self.invitation else ""
        later = (sealed, recovery, str(self.code_step), invitation, str(self.devices))
        return DOMAIN, (*self._first_words(), self.role, *later)

    def _earlier_words(self) -> Iterator[Signed]:
        """Give what earlier versions signed, where this row holds nothing that they did not know."""
        if self.invitation or self.devices:
            return
        words = (*self._first_words(), self.role)
        yield WITHOUT_INVITATION, words + (self.factor.words() if self.factor else ())
        if self.role == COORDINATOR and not self.factor:
            yield ROLELESS, self._first_words()

    def _first_words(self) -> tuple[str, ...]:
        enabled = "disabled" if self.disabled else "enabled"
        return (self.name, self.password_hash, enabled, str(self.session_version))
