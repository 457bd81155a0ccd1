"""`[review]`: the usual reasons to reject, and whether two people approve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from campaign.content.campaign_toml import toml_values


@dataclass(frozen=True)
class Review:
    """For which reasons staff reject with one key, 1 to 9; they may write others.

    With `second_approval` a message is printed once two different people approved it.
    """

    reasons: Annotated[tuple[str, ...], toml_values.up_to(9, 60)] = (
        "Spam",
        "Insult or threat",
        "Would harm the recipient",
        "Holds personal details",
        "Not a message",
    )
    second_approval: Annotated[bool, toml_values.yes_or_no] = False
