"""The front page: every campaign with what is true of it now, those who can be written to first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign.content.campaign import Campaign
from campaign.content.edition import Edition
from campaign.content.opening_days import SOON
from campaign.language.extraction import SOURCE
from campaign.pages.assets import Asset, IllustrationAssets

ORDER = ("open", SOON, "paused", "won", "closed")


@dataclass(frozen=True)
class Listed:
    """One campaign as the front page shows it, in the language of that page where the campaign speaks it."""

    campaign: Campaign
    edition: Edition
    picture: Asset


@dataclass(frozen=True)
class Section:
    """The campaigns of one state."""

    status: str
    entries: Sequence[Listed]


def sections(
    campaigns: Mapping[str, Campaign], illustrations: Mapping[str, IllustrationAssets], language: str
) -> list[Section]:
    """Sort the campaigns by their states; a state that none is in is left out."""

    def entry(campaign: Campaign) -> Listed:
        edition = campaign.editions.get(language, campaign.edition)
        return Listed(campaign, edition, illustrations[campaign.slug].webp[0])

    found = (
        Section(status, [entry(campaign) for campaign in campaigns.values() if campaign.status == status])
        for status in ORDER
    )
    return [section for section in found if section.entries]


def languages(campaigns: Mapping[str, Campaign]) -> Mapping[str, str]:
    """List every language that a campaign speaks, with its own name; the first is that of the address `/`."""
    editions = (edition for campaign in campaigns.values() for edition in campaign.editions.values())
    named = {edition.language: edition.language_name for edition in editions}
    first = SOURCE if SOURCE in named else next(iter(named), SOURCE)
    return {code: named[code] for code in sorted(named, key=lambda code: code != first)}
