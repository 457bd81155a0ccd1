"""Facts of campaign.toml that were right once, or cannot be right together."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from campaign.content import news
from campaign.content.campaign import Campaign
from campaign.content.edition import WON
from campaign.content.proofreading import translation_differences
from campaign.content.proofreading.news_entries import FAR
from campaign.content.proofreading.proof_text import ProofText
from campaign.content.toml_keys import Key
from campaign.errors import ContentError, Fix
from campaign.language import locales

COUNTED = re.compile(r"\{\{ *signatures *\}\}")
FIGURES = re.compile(r"(?<![\d.,:/-])\d{2,}+(?![\d.,:/-]*\d)")
OLD = 180  # days
NAMED = 'name = "who you are" and address = "an e-mail address, or a page from https:// on"'
TIMES = 20  # as many as the goal asks, or as few


def doubtful(campaign: Campaign, lines: Mapping[Key, int], today: datetime.date) -> Iterator[ContentError]:
    """Warn of what somebody should look at again; `lines` says where each key stands."""
    told = (*_old(campaign, today), *_far(campaign, today), *_out_of_proportion(campaign), *_unsaid(campaign))
    for key, fault, remedy in told:
        yield _warning(campaign, lines.get(key, 0), f"{key[-1]}: {fault}", remedy)


def _warning(campaign: Campaign, line: int, fault: str, remedy: str) -> ContentError:
    return ContentError(campaign.folder / "campaign.toml", line, fault, remedy, level="warning")


def _old(campaign: Campaign, today: datetime.date) -> Iterator[tuple[Key, str, str]]:
    days = (today - campaign.signatures_as_of).days
    if campaign.status == "open" and campaign.signatures and days > OLD:
        yield ("signatures_as_of",), f"was {days} days ago", "count again, or say how old the count is"
    recipient = campaign.recipient
    if recipient.address and recipient.address_verified_on:
        days = (today - recipient.address_verified_on).days
        if days > recipient.address_valid_days:
            fault = f"was {days} days ago, and the address is good for {recipient.address_valid_days}"
            remedy = "have somebody verify it; until then the cover sheet leaves it out"
            yield ("recipient", "address_verified_on"), fault, remedy


def _far(campaign: Campaign, today: datetime.date) -> Iterator[tuple[Key, str, str]]:
    if campaign.opens and campaign.opens - today > FAR:
        yield ("opens",), f"is {(campaign.opens - today).days} days from now", "is the year right?"


def _out_of_proportion(campaign: Campaign) -> Iterator[tuple[Key, str, str]]:
    goal, count = campaign.goal, campaign.signatures
    if goal and count and not count <= goal * TIMES <= count * TIMES**2:
        fault = f"{goal} beside {count} signatures"
        yield ("goal",), fault, "is a figure missing, or one too many?"


def _unsaid(campaign: Campaign) -> Iterator[tuple[Key, str, str]]:
    if not campaign.contact.name:
        remedy = f"write [contact] at the end, and below it {NAMED}"
        yield ("contact",), "nobody is named who answers for this campaign", remedy
    lacking = [f"{code}/{WON}" for code, edition in campaign.editions.items() if not edition.won]
    if campaign.status == "won" and lacking:
        fault = f"{', '.join(lacking)} is missing, and closed.md stands there"
        yield ("status",), fault, "write it: a # heading, what happened, thanks"


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
                fix = Fix(number, found[0], f"{{{{ {names[0]} }}}}") if len(names) == 1 else None
                fault = f'"{found[0]}" stays when {" or ".join(names)} changes in campaign.toml'
                remedy = f"write {' or '.join(f'{{{{ {name} }}}}' for name in names)}"
                yield text.warning(number, fault, remedy, fix)


def _typed_counts(text: ProofText, campaign: Campaign) -> Iterator[ContentError]:
    known = {str(campaign.signatures): "signatures", str(campaign.goal): "goal"}
    for number, line in {} if news.day_of(text.name) else text.lines().items():
        for found in translation_differences.NUMBER.finditer(line):
            name = known.get(translation_differences.GROUPING.sub("", found[0]))
            if name and len(found[0]) > 4:  # else it may be a year
                fix = Fix(number, found[0], f"{{{{ {name} }}}}")
                fault = f'"{found[0]}" stays when {name} changes in campaign.toml'
                yield text.warning(number, fault, f"write {fix.new}", fix)
