"""`[contact]`: who answers for the campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from campaign.content.campaign_toml import toml_values


@dataclass(frozen=True)
class Contact:
    """Who answers for the campaign, and an e-mail address or a page of theirs; "" where nobody is named."""

    name: Annotated[str, toml_values.text] = ""
    address: Annotated[str, toml_values.page_or_mail] = ""

    @property
    def url(self) -> str:
        """Where a link to them leads."""
        return self.address if self.address.startswith("https://") else f"mailto:{self.address}"
