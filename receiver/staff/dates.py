"""Days and minutes as the desk writes them: in one form, where the campaign is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from campaign.content.campaign_toml.facts import Facts
from campaign.content.opening_days import zone
from campaign.language import locales
from receiver.staff.login import now
from receiver.staff.queues import today


def local_day(campaign: Facts) -> date:
    """Return the day that it is where the campaign is; never before that of UTC, which the ledger keeps."""
    return max(today(), now().astimezone(zone(campaign.time_zone)).date())


def told_day(campaign: Facts, moment: date | str) -> str:
    """Write a day, or the day of a moment where the campaign is."""
    day = date.fromisoformat(moment) if isinstance(moment, str) else moment
    local = day.astimezone(zone(campaign.time_zone)).date() if isinstance(day, datetime) else day
    return locales.day(local, "en")


def told_minute(campaign: Facts, written: str) -> str:
    """Write a moment where the campaign is: its day and its minute."""
    moment = datetime.fromisoformat(written).replace(tzinfo=UTC)
    local = moment.astimezone(zone(campaign.time_zone))
    return f"{locales.day(local.date(), 'en')}, {local:%H:%M}"
