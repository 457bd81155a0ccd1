"""`[page]`: what the page shows besides the texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from campaign.content.campaign_toml import toml_values
from campaign.content.campaign_toml.palettes import PALETTES

MOST_ON_THE_WALL = 100


@dataclass(frozen=True)
class PageFacts:
    """What the page shows besides the texts: `wall` is the most messages on its wall; 0 is no wall.

    `palette` names its colours.
    """

    wall: Annotated[int, toml_values.whole(0, MOST_ON_THE_WALL)] = 0
    palette: Annotated[str, toml_values.one_of(*PALETTES)] = "candle"
