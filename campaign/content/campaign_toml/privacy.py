"""`[privacy]`: how long details and messages are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from campaign.content.campaign_toml import toml_values


@dataclass(frozen=True)
class Privacy:
    """After how many days details and messages are erased; `waiting_days` those that are never printed."""

    details_days: Annotated[int, toml_values.whole(1, 3650)] = 90
    messages_days: Annotated[int, toml_values.whole(1, 3650)] = 365
    waiting_days: Annotated[int, toml_values.whole(1, 3650)] = 365
