"""Facts of campaign.toml that were right once, or cannot be right together."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from campaign.content import news
from campaign.content.campaign import Campaign
from campaign.content.edition import WON
from campaign.content.proofreading import languages
from campaign.content.proofreading.characters import hidden_in, named
from campaign.content.proofreading.proof_text import ProofText
from campaign.content.toml import Key
from campaign.errors import ContentError, Fix

SEPARATED = re.compile(r"[,;\n]")
OLD = 180  # days
NAMED = 'name = "who you are" and address = "an e-mail address, or a page from https:// on"'
TIMES = 20  # as many as the goal asks, or as few


def doubtful(campaign: Campaign, lines: Mapping[Key, int], today: datetime.date) -> Iterator[ContentError]:
    """Warn of what somebody should look at again; `lines` says where each key stands."""
    told = (*_old(campaign, today), *_out_of_proportion(campaign), *_unsaid(campaign))
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


def unseparated(campaign: Campaign, written: str) -> Iterator[ContentError]:
    """Warn of risky words that stand in one text: nobody writes them so, and none of them would be found."""
    lines = written.split("\n")
    for words in campaign.recipient.risky_words:
        parts = [part.strip() for part in SEPARATED.split(words) if part.strip()]
        number = next((n for n, line in enumerate(lines, start=1) if f'"{words}"' in line), 0)
        if number and (len(parts) > 2 or ";" in words):  # "Верым, можам" is one saying
            right = ", ".join(f'"{part}"' for part in parts)
            fix = Fix(number, f'"{words}"', right)
            fault = f'risky_words: "{words[:40]}" is looked for as it stands'
            yield ContentError(
                campaign.folder / "campaign.toml", number, fault, f"write {right}", level="warning", fix=fix
            )


def typed(text: ProofText, campaign: Campaign) -> Iterator[ContentError]:
    """Warn of the count or the goal in figures: the next count would leave them as they are."""
    known = {str(campaign.signatures): "signatures", str(campaign.goal): "goal"}
    for number, line in {} if news.day_of(text.name) else text.lines().items():
        for found in languages.NUMBER.finditer(line):
            name = known.get(languages.GROUPING.sub("", found[0]))
            if name and len(found[0]) > 4:  # else it may be a year
                fix = Fix(number, found[0], f"{{{{ {name} }}}}")
                fault = f'"{found[0]}" stays when {name} changes in campaign.toml'
                yield text.warning(number, fault, f"write {fix.new}", fix)


def hidden(campaign: Campaign, written: str) -> Iterator[ContentError]:
    """Warn of invisible characters in campaign.toml, once a line."""
    for number, line in enumerate(written.split("\n"), start=1):
        if letter := hidden_in(line):
            fix = Fix(number, letter, "")
            path = campaign.folder / "campaign.toml"
            fault = f"an invisible character, {named(letter)}"
            yield ContentError(path, number, fault, "take it out", level="warning", fix=fix)
