"""Static files: those shared with the page, those of the supporters' answers, and the staff desk's."""

from __future__ import annotations

import hashlib
import posixpath
from functools import cache, partial
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

FOLDERS = {
    "page": ROOT / "site" / "static",
    "receiver": ROOT / "receiver" / "static" / "supporter",
    "desk": ROOT / "receiver" / "static" / "staff",
}
COLOURS = ".colours.css"
FOR_LONG = "public, max-age=31536000, immutable"  # a year; the address holds the content's hash
DATED = ("If-Modified-Since", "If-Unmodified-Since", "If-Range")

blueprint = Blueprint("files", __name__)
desk_blueprint = Blueprint("desk_files", __name__)


def install(app: Flask, settings: Settings) -> None:
    """Draw with the page's templates beside our own, the same macros from the same files."""
    folders = (ROOT / "receiver" / "templates", ROOT / "site" / "templates")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters["direction"] = direction
    app.jinja_env.globals |= {
        "asset": shared_url,
        "own_asset": partial(address, "receiver"),
        "desk_asset": partial(address, "desk"),
        "source_url": source_archive.address(settings),
        "source_size": lambda _language: "",  # it is packed where the page is built
    }


@blueprint.get("/static/page/<version>/<path:name>")
def shared(version: str, name: str) -> Response:
    """Send one of the page's static files, or what a campaign's colours and card add to them."""
    campaign = services().contents.get(name.removesuffix(COLOURS)) if name.endswith(COLOURS) else None
    if campaign is None or campaign.draft:  # nobody learns of a draft by its colours
        return _file("page", version, name)
    rules = _rules(campaign)
    return _sent(Response(rules, mimetype="text/css"), current=version == _hash(rules))


def _file(folder: str, version: str, name: str) -> Response:
    sent = send_from_directory(FOLDERS[folder], name, conditional=_dates_are_some())
    plain = posixpath.normpath(name)  # as it is sent: a version is kept of each file, not of each way to it
    return _sent(sent, current=version == _version(FOLDERS[folder] / plain))


@blueprint.get("/static/receiver/<version>/<path:name>")
def own(version: str, name: str) -> Response:
    """Send one of the static files of the supporters' answers."""
    return _file("receiver", version, name)


@desk_blueprint.get("/static/desk/<version>/<path:name>")
def desk(version: str, name: str) -> Response:
    """Send one of the staff desk's static files."""
    return _file("desk", version, name)


def _sent(response: Response, *, current: bool) -> Response:
    """Let an answer be kept if its address is that of its content.

    Where two versions of the program stand behind one name, or somebody asks for an address before its time,
    a cache would else keep the wrong file under it for a year, or what somebody was refused: a client may
    ask for a file that is another one (If-Match).
    """
    kept = current and response.status_code < 400
    response.headers["Cache-Control"] = FOR_LONG if kept else "no-store"
    return response


def _dates_are_some() -> bool:
    """Tell whether each date of a condition can be looked at; years of eleven digits raise."""
    try:
        for name in DATED:
            parse_date(request.headers.get(name))
    except OverflowError:
        return False
    return True


# Written out, not built by url_for: an error page needs them even when the request's Host is nonsense.
def address(folder: str, name: str) -> str:
    return f"/static/{folder}/{_version(FOLDERS[folder] / name)}/{name}"


shared_url = partial(address, "page")


def colours(campaign: Campaign) -> str:
    """Give the address of the stylesheet of a campaign's own colours, "" where it has the usual ones."""
    rules = _rules(campaign)
    return f"/static/page/{_hash(rules)}/{campaign.slug}{COLOURS}" if rules else ""


def _rules(campaign: Campaign) -> bytes:
    return theme.rules(campaign.palette, campaign.card.measures).encode()


def _version(file: Path) -> str:
    return _version_of(file, file.stat().st_mtime_ns) if file.exists() else "0"


@cache
def _version_of(file: Path, _changed: int) -> str:
    return _hash(file.read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]
