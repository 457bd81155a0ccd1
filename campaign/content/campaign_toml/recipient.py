"""`[recipient]`: what the person reads, and where to write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from campaign.content.campaign_toml import toml_values


@dataclass(frozen=True)
class Recipient:
    """What the person reads, the words that can stop a letter, and where to write.

    `address` holds one line a line, "" when there is none; it is good for `address_valid_days` days
    after the day on which somebody verified it.
    """

    languages: Annotated[tuple[str, ...], toml_values.languages] = ()
    risky_words: Annotated[tuple[str, ...], toml_values.words] = ()
    address: Annotated[str, toml_values.lines] = ""
    address_verified_on: Annotated[date | None, toml_values.day] = None
    address_valid_days: Annotated[int, toml_values.whole(1, 365)] = 60
