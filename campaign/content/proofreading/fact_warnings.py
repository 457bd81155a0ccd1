"""Facts of campaign.toml that are old or missing: somebody should look again."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from itertools import chain

from campaign.cards.imposition import imposition
from campaign.content.campaign import Campaign
from campaign.content.campaign_toml.facts import TOML
from campaign.content.campaign_toml.toml_keys import Key
from campaign.content.edition import WON
from campaign.errors import ContentError
from campaign.text.letters import SCRIPTS, script_code
from campaign.text.scripts import script

OLD = 180  # days
AHEAD = 300  # days: a year that was mistyped is about one ahead
NAMED = 'name = "who you are" and address = "an e-mail address, or a page from https:// on"'


def doubtful(campaign: Campaign, lines: Mapping[Key, int], today: datetime.date) -> Iterator[ContentError]:
    """Warn of what somebody should look at again; `lines` says where each key stands."""
    found = (_old(campaign, today), _in_other_letters(campaign), _unsaid(campaign), _uncut(campaign))
    for key, fault, remedy in chain.from_iterable(found):
        file, told_of = campaign.folder / TOML, f"{key[-1]}: {fault}"
        yield ContentError(file, lines.get(key, 0), told_of, remedy, level="warning")


def _old(campaign: Campaign, today: datetime.date) -> Iterator[tuple[Key, str, str]]:
    days = (today - campaign.signatures_as_of).days
    if campaign.status == "open" and campaign.signatures and days > OLD:
        yield ("signatures_as_of",), f"was {days} days ago", "count again, or say how old the count is"
    if campaign.opens and (days := (campaign.opens - today).days) > AHEAD:
        yield ("opens",), f"is {days} days ahead", "is the year right? Until then no message is taken"
    recipient = campaign.recipient
    if recipient.address and recipient.address_verified_on:
        days = (today - recipient.address_verified_on).days
        if days > recipient.address_valid_days:
            fault = f"was {days} days ago, and the address is good for {recipient.address_valid_days}"
            remedy = "have somebody verify it; until then the cover sheet leaves it out"
            yield ("recipient", "address_verified_on"), fault, remedy


def _in_other_letters(campaign: Campaign) -> Iterator[tuple[Key, str, str]]:
    for code, edition in campaign.editions.items():
        letters, name = SCRIPTS.get(script_code(code)), edition.person["person"]
        if letters and not any(script(letter) == letters for letter in name):
            remedy = f'write [names.{code}] at the end, and below it nominative = "the name in that language"'
            yield ("names",), f"nothing says how {name} is written on the page in {code}", remedy


def _unsaid(campaign: Campaign) -> Iterator[tuple[Key, str, str]]:
    if not campaign.contact.name:
        remedy = f"write [contact] at the end, and below it {NAMED}"
        yield ("contact",), "nobody is named who answers for this campaign", remedy
    lacking = [f"{code}/{WON}" for code, edition in campaign.editions.items() if not edition.won]
    if campaign.status == "won" and lacking:
        fault = f"{', '.join(lacking)} is missing, and closed.md stands there"
        yield ("status",), fault, "write it: a # heading, what happened, thanks"


def _uncut(campaign: Campaign) -> Iterator[tuple[Key, str, str]]:
    card = campaign.card
    if waste := imposition(card.size, card.sheet, profile=card.profile).unmarked:
        fault = f"{card.size} on {card.sheet} leaves {waste:.0f} mm, where office printers show no crop marks"
        key = "size" if card.sheet == "A4" else "sheet"
        yield ("card", key), fault, "print 4x6 on Letter, A6 on A4 or A3"
