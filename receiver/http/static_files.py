"""Static files: those shared with the page, those of the supporters' answers, and the staff desk's."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request, send_from_directory
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.http import parse_date

from campaign import ROOT
from campaign.content.campaign import Campaign
from campaign.pages import source_archive, theme
from campaign.settings import Settings
from campaign.text.letters import direction
from receiver.services import services

SITE = ROOT / "site"
RECEIVER = ROOT / "receiver"
SUPPORTER = RECEIVER / "static" / "supporter"
DESK = RECEIVER / "static" / "staff"
COLOURS = ".colours.css"
A_YEAR = 31_536_000  # seconds; the address holds the content's hash
DATED = ("If-Modified-Since", "If-Unmodified-Since", "If-Range")

blueprint = Blueprint("files", __name__)
desk_blueprint = Blueprint("desk_files", __name__)


def install(app: Flask, settings: Settings) -> None:
    """Draw with the page's templates beside our own, the same macros from the same files."""
    ours = FileSystemLoader(RECEIVER / "templates")
    app.jinja_loader = ChoiceLoader([ours, FileSystemLoader(SITE / "templates")])
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals |= {"asset": shared_url, "own_asset": _own, "desk_asset": _desk}
    app.jinja_env.filters["direction"] = direction
    app.jinja_env.globals |= {
        "source_url": source_archive.address(settings),
        "source_size": _size_unknown,
    }


@blueprint.get("/static/page/<version>/<path:name>")
def shared(version: str, name: str) -> Response:  # noqa: ARG001 # it only makes the address new
    """Send one of the page's static files, or what a campaign's colours and card add to them."""
    campaign = services().contents.get(name.removesuffix(COLOURS)) if name.endswith(COLOURS) else None
    if campaign and not campaign.draft:  # nobody learns of a draft by its colours
        return _for_long(Response(theme.rules(campaign.palette, campaign.card.measures), mimetype="text/css"))
    return _send(SITE / "static", name)


@blueprint.get("/static/receiver/<version>/<path:name>")
def own(version: str, name: str) -> Response:  # noqa: ARG001 # the same
    """Send one of the static files of the supporters' answers."""
    return _send(SUPPORTER, name)


@desk_blueprint.get("/static/desk/<version>/<path:name>")
def desk(version: str, name: str) -> Response:  # noqa: ARG001 # the same
    """Send one of the staff desk's static files."""
    return _send(DESK, name)


def _send(folder: Path, name: str) -> Response:
    return _for_long(send_from_directory(folder, name, conditional=_dates_are_some(), max_age=A_YEAR))


def _dates_are_some() -> bool:
    """Tell whether each date of a condition can be looked at; years of eleven digits raise."""
    try:
        for name in DATED:
            parse_date(request.headers.get(name))
    except OverflowError:
        return False
    return True


def _for_long(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


# Written out, not built by url_for: an error page needs them even when the request's Host is nonsense.
def shared_url(name: str) -> str:
    return f"/static/page/{_version(SITE / 'static' / name)}/{name}"


def colours(campaign: Campaign) -> str:
    """Give the address of the stylesheet of a campaign's own colours, "" where it has the usual ones."""
    rules = theme.rules(campaign.palette, campaign.card.measures)
    return (
        f"/static/page/{hashlib.sha256(rules.encode()).hexdigest()[:10]}/{campaign.slug}{COLOURS}"
        if rules
        else ""
    )


def _own(name: str) -> str:
    return f"/static/receiver/{_version(SUPPORTER / name)}/{name}"


def _desk(name: str) -> str:
    return f"/static/desk/{_version(DESK / name)}/{name}"


def _version(file: Path) -> str:
    return _hash(file, file.stat().st_mtime_ns) if file.exists() else "0"


@cache
def _hash(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


def _size_unknown(_language: str) -> str:
    """Leave out the size of the source, which is packed where the page is built."""
    return ""
