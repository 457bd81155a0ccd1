"""Figures typed into a text that campaign.toml knows: once it changes there, they would stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.content import news
from campaign.content.campaign import Campaign
from campaign.content.proofreading import translation_differences
from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError, Fix
from campaign.language import locales

COUNTED = re.compile(r"\{\{ *signatures *\}\}")
FIGURES = re.compile(r"(?<![\d.,:/-])\d{2,}+(?![\d.,:/-]*\d)")


def typed(text: ProofText, campaign: Campaign) -> Iterator[ContentError]:
    """Warn of what campaign.toml says, in figures: once it is changed there, they would stay as they are."""
    yield from _typed_counts(text, campaign)
    yield from _typed_day(text, campaign)
    yield from _typed_days(text, campaign)


def _typed_day(text: ProofText, campaign: Campaign) -> Iterator[ContentError]:
    """Warn of the day of the count beside the count itself."""
    shown = locales.day(campaign.signatures_as_of, text.language)
    for number, line in enumerate(text.written.split("\n"), start=1):
        if shown in line and COUNTED.search(line):
            fix = Fix(number, shown, "{{ signatures_as_of }}")
            fault = f'"{shown}" stays when signatures_as_of changes in campaign.toml'
            yield text.warning(number, fault, f"write {fix.new}", fix)


def _typed_days(text: ProofText, campaign: Campaign) -> Iterator[ContentError]:
    """Warn of a promise of privacy.md that its placeholder does not make."""
    days = vars(campaign.privacy) if text.name == "privacy.md" else {}
    for number, line in text.lines().items():
        for found in FIGURES.finditer(line):
            names = [name for name, value in days.items() if found[0] == str(value)]
            if names:
                fault = f'"{found[0]}" stays when {" or ".join(names)} changes in campaign.toml'
                remedy = f"write {' or '.join(f'{{{{ {name} }}}}' for name in names)}"
                yield text.warning(number, fault, remedy)


def _typed_counts(text: ProofText, campaign: Campaign) -> Iterator[ContentError]:
    known = {str(campaign.signatures): "signatures", str(campaign.goal): "goal"}
    for number, line in {} if news.day_of(text.name) else text.lines().items():
        for found in translation_differences.NUMBER.finditer(line):
            name = known.get(translation_differences.GROUPING.sub("", found[0]))
            if name and len(found[0]) > 4:  # else it may be a year; as many may be counted of something else
                fault = f'"{found[0]}" stays when {name} changes in campaign.toml'
                yield text.warning(number, fault, f"write {{{{ {name} }}}}, if it says the same")
