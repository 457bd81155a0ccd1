"""A message as staff see it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from campaign.errors import CandleError
from campaign.text.flag import Flag


class MessageError(CandleError):
    """A message that is not there, or a decision that its state does not allow."""


REDACTION = ("by", "on", "field", "why")  # of one cut: never what was cut


def text_digest(text: str) -> bytes:
    """Give the SHA-256 of a text, which names exactly this text."""
    return hashlib.sha256(text.encode()).digest()


def text_sha256(text: str) -> str:
    """Name exactly this text, as slots, manifests and exported translations do."""
    return text_digest(text).hex()


def read_redactions(stored: object) -> tuple[Mapping[str, str], ...]:
    """Read who cut what from the database; what nobody here wrote there is none."""
    cuts = [cut for cut in stored if isinstance(cut, dict)] if isinstance(stored, list) else []
    told = ({"why": ""} | {name: cut[name] for name in REDACTION if name in cut} for cut in cuts)
    return tuple(
        cut
        for cut in told
        if cut.keys() == set(REDACTION)
        and {type(value) for value in cut.values()} == {str}
        and _is_day(cut["on"])
    )


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).year >= 1970
    except ValueError:
        return False


@dataclass(frozen=True)
class Message:
    """A message as staff see it. `order` grows with arrival; an erased message has no words left."""

    id: str
    campaign: str
    state: str
    first_name: str
    text: str
    language: str
    flags: tuple[Flag, ...]
    order: int
    flood: bool
    wall: bool
    updates: bool
    received_on: date
    approval: str | None = None
    reviewed_by: str | None = None
    reviewed_on: date | None = None
    reason: str | None = None
    translation: str | None = None
    translated_into: str | None = None
    translated_by: str | None = None
    prints: str = "original"
    redactions: tuple[Mapping[str, str], ...] = field(default=())
    erased_on: date | None = None

    @property
    def fingerprint(self) -> str:
        """Name exactly these words and their translation, so that nobody approves others than they saw."""
        words = f"{len(self.text)} {self.text}{self.first_name}"
        if self.translation:
            words = f"{len(words)} {words}{self.translation}"
        return hashlib.sha256(words.encode()).hexdigest()[:32]

    @property
    def has_card_translation(self) -> bool:
        """Tell whether there is a translation for cards, and not one that was made for staff alone."""
        return bool(self.translation and self.translated_into)
