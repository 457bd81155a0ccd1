"""`[names]`: how each language writes the person's name, in which cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from campaign.content.campaign_toml import toml_values
from campaign.language.po_checks import CASES


@dataclass(frozen=True)
class PersonName:
    """The person's name in one language; a case that is not given is written as the nominative."""

    nominative: Annotated[str, toml_values.text]
    genitive: Annotated[str, toml_values.text] = ""
    dative: Annotated[str, toml_values.text] = ""
    accusative: Annotated[str, toml_values.text] = ""
    instrumental: Annotated[str, toml_values.text] = ""
    locative: Annotated[str, toml_values.text] = ""
    vocative: Annotated[str, toml_values.text] = ""

    def in_cases(self) -> Mapping[str, str]:
        """Return the name as translations take it: `person`, and `person_dative` for that case."""
        cases = {f"person_{case}": getattr(self, case) or self.nominative for case in CASES}
        return {"person": self.nominative, **cases}
