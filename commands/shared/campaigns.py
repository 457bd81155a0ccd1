"""The campaign that a command is for, or which ones there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from campaign.errors import CandleError
from campaign.settings import Settings

if TYPE_CHECKING:
    from campaign.content.campaign import Campaign
    from campaign.content.campaign_toml.facts import CampaignFacts


def find_campaign(slug: str, config: Settings) -> Campaign:
    """Load one campaign, or say which ones there are."""
    from campaign.content.campaign import load

    return load(_campaign_folder(slug, config))


def find_printed(slug: str, config: Settings, printer: str | None = None) -> Campaign:
    """Load one campaign without its texts, or say which ones there are: for the press, which shows none.

    With a `printer` its cards are for that one.
    """
    from campaign.content.campaign import load_without_texts

    campaign = load_without_texts(_campaign_folder(slug, config))
    return campaign.on_printer(printer) if printer else campaign


def find_facts(slug: str, config: Settings) -> CampaignFacts:
    """Read what campaign.toml says, or say which campaigns there are: for what needs none of the texts."""
    from campaign.content.campaign_toml.facts import load_facts

    return load_facts(_campaign_folder(slug, config))


def _campaign_folder(slug: str, config: Settings) -> Path:
    if not (config.content_dir / slug / "campaign.toml").is_file():
        from campaign.content.editors_file import nearest

        known = sorted(path.parent.name for path in config.content_dir.glob("*/campaign.toml"))
        meant = f"did you mean {near}? " if (near := nearest(slug, known)) else ""
        raise CandleError(f"{slug}: no such campaign; {meant}there are: {', '.join(known) or 'none yet'}")
    return config.content_dir / slug
