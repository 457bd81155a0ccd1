"""Figures typed into a text that campaign.toml knows: once it changes there, they would stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.content import news
from campaign.content.campaign import Campaign
from campaign.content.proofreading.proof_text import ProofText
from campaign.content.proofreading.translation_differences import GROUPING, NUMBER
from campaign.errors import ContentError, Fix
from campaign.language import locales

COUNTED = re.compile(r"\{\{ *signatures *\}\}")
FIGURES = re.compile(rf"(?<![\d.,:/-]){NUMBER.pattern}(?![.,:/-]\d)")
YEAR = 4  # figures


def typed(text: ProofText, campaign: Campaign) -> Iterator[ContentError]:
    """Warn of what campaign.toml says, in figures: once it is changed there, they would stay as they are."""
    yield from _typed_day(text, campaign)
    counts = {"signatures": campaign.signatures, "goal": campaign.goal}
    counts = {} if news.day_of(text.name) else counts
    promises = vars(campaign.privacy) if text.name == "privacy.md" else {}
    for number, line in text.lines.items():
        for found in FIGURES.finditer(line):
            known = {**counts, **promises} if len(found[0]) > YEAR else promises
            names = [name for name, value in known.items() if GROUPING.sub("", found[0]) == str(value)]
            if names:  # as many may be of something else
                fault = f'"{found[0]}" stays when {" or ".join(names)} changes in campaign.toml'
                written = " or ".join(f"{{{{ {name} }}}}" for name in names)
                yield text.warning(number, fault, f"write {written}, if it says the same")


def _typed_day(text: ProofText, campaign: Campaign) -> Iterator[ContentError]:
    """Warn of the day of the count beside the count itself."""
    shown = locales.day(campaign.signatures_as_of, text.language)
    for number, line in enumerate(text.written.split("\n"), start=1):
        if shown in line and COUNTED.search(line):
            fix = Fix(number, shown, "{{ signatures_as_of }}")
            fault = f'"{shown}" stays when signatures_as_of changes in campaign.toml'
            yield text.warning(number, fault, f"write {fix.new}", fix)
