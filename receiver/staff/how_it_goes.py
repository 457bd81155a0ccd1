"""How a campaign goes, for everybody at the desk: the same numbers as `build.py digest` writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, current_app, render_template
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.content.campaign import Campaign
from campaign.doctor.digest import Digest, NumberTable, read_digest
from campaign.language import locales
from receiver.http.requested import requested_campaign
from receiver.services import services
from receiver.staff import charts, dates
from receiver.staff.charts import Chart
from receiver.staff.login import login_required, now
from receiver.staff.review import desk_context

blueprint = Blueprint("how_it_goes", __name__, url_prefix="/staff")
KEPT = timedelta(minutes=1)  # to count 200,000 messages anew takes as long as ten other pages


@dataclass(frozen=True)
class CountedDigest:
    """The numbers of a campaign with their charts, and when they were counted, of which content."""

    campaign: Campaign
    at: datetime
    digest: Digest
    parts: tuple[tuple[NumberTable, Chart | None], ...]

    def is_good(self, campaign: Campaign, moment: datetime) -> bool:
        """Tell whether they may be shown at that moment."""
        return self.campaign == campaign and self.at <= moment < self.at + KEPT


@blueprint.record_once
def begin(state: BlueprintSetupState) -> None:
    """Keep nothing yet."""
    state.app.extensions["how-it-goes"] = {}


@blueprint.get("/<slug>/how-it-goes")
@login_required
def show(slug: str) -> ResponseReturnValue:
    """Show the numbers, those of which there are several as charts with their tables."""
    campaign = requested_campaign(slug)
    with services().database.read() as connection:
        shown = desk_context(connection, campaign)
        counted = _count(connection, campaign)
    return render_template(
        "staff/how_it_goes.html",
        **shown,
        state="how",
        digest=counted.digest,
        parts=counted.parts,
        counted_at=dates.told_minute(campaign, f"{counted.at:%Y-%m-%dT%H:%M}"),
        width=charts.WIDTH,
        day=lambda date: locales.day(date, "en"),
    )


def _count(connection: Connection, campaign: Campaign) -> CountedDigest:
    """Count, at most once a minute: each worker for itself."""
    kept: dict[str, CountedDigest] = current_app.extensions["how-it-goes"]
    counted, moment = kept.get(campaign.slug), now()
    if counted is None or not counted.is_good(campaign, moment):
        digest = read_digest(connection, campaign.slug, campaign, moment)
        parts = tuple((table, charts.draw(table)) for table in digest.tables)
        counted = kept[campaign.slug] = CountedDigest(campaign, moment, digest, parts)
    return counted
