"""How a campaign goes, for everybody at the desk: the same numbers as `build.py digest` writes."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.content.campaign import Campaign
from campaign.doctor.digest import Digest, NumberTable, read_digest
from receiver.http.requested_campaign import requested_campaign
from receiver.services import services
from receiver.staff import charts, dates
from receiver.staff.charts import Chart
from receiver.staff.counted_once import counted_once
from receiver.staff.login import login_required, now
from receiver.staff.review import desk_context

blueprint = Blueprint("how_it_goes", __name__, url_prefix="/staff")
Drawn = tuple[tuple[NumberTable, Chart | None], ...]


@blueprint.get("/<slug>/how-it-goes")
@login_required
def show(slug: str) -> ResponseReturnValue:
    """Show the numbers, those of which there are several as charts with their tables."""
    campaign = requested_campaign(slug)
    with services().database.read() as connection:
        shown = desk_context(connection, campaign)
        at, (digest, parts) = counted_once(
            "how it goes", slug, campaign, lambda: _count(connection, campaign)
        )
    counted_at = dates.told_minute(campaign, f"{at:%Y-%m-%dT%H:%M}")
    more = {"state": "how", "digest": digest, "parts": parts, "counted_at": counted_at, "width": charts.WIDTH}
    return render_template("staff/how_it_goes.html", **shown | more)


def _count(connection: Connection, campaign: Campaign) -> tuple[Digest, Drawn]:
    digest = read_digest(connection, campaign.slug, campaign, now())
    return digest, tuple((table, charts.draw(table)) for table in digest.tables)
