"""`[form]`: which details are asked, and how long a message may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from campaign.content.campaign_toml import toml_values
from campaign.content.form_fields import DETAILS

# A message of this length stays below the receiver's 16 KiB in every script: a Thai letter takes nine
# bytes in a form's encoding, and a grapheme holds up to two of them.
LONGEST_MESSAGE = 800


@dataclass(frozen=True)
class Form:
    """Which details are asked, and how long a message may be, in grapheme clusters."""

    details: Annotated[tuple[str, ...], toml_values.some_of(*DETAILS)] = DETAILS
    message_limit: Annotated[int, toml_values.whole(20, LONGEST_MESSAGE)] = 400
