"""How a campaign goes, for everybody at the desk: the same numbers as `build.py digest` writes."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from campaign.doctor.digest import read_digest
from campaign.language import locales
from receiver.http.requested import requested_campaign
from receiver.services import services
from receiver.staff import charts
from receiver.staff.login import login_required, now
from receiver.staff.review import desk_context

blueprint = Blueprint("how_it_goes", __name__, url_prefix="/staff")


@blueprint.get("/<slug>/how-it-goes")
@login_required
def show(slug: str) -> ResponseReturnValue:
    """Show the numbers, those of which there are several as charts with their tables."""
    campaign = requested_campaign(slug)
    with services().database.read() as connection:
        shown = desk_context(connection, campaign)
        digest = read_digest(connection, slug, campaign, now())
    return render_template(
        "staff/how_it_goes.html",
        **shown,
        state="how",
        digest=digest,
        parts=[(table, charts.draw(table)) for table in digest.tables],
        width=charts.WIDTH,
        day=lambda date: locales.day(date, "en"),
    )
