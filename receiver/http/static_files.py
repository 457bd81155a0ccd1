"""Static files: those shared with the page, those of the supporters' answers, and the staff desk's."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory
from jinja2 import ChoiceLoader, FileSystemLoader

from campaign import ROOT
from campaign.pages import source_archive
from campaign.settings import Settings

SITE = ROOT / "site"
RECEIVER = ROOT / "receiver"
SUPPORTER = RECEIVER / "static" / "supporter"
DESK = RECEIVER / "static" / "staff"
A_YEAR = 31_536_000  # seconds; the address holds the content's hash

blueprint = Blueprint("files", __name__)
desk_blueprint = Blueprint("desk_files", __name__)


def install(app: Flask, settings: Settings) -> None:
    """Draw with the page's templates beside our own, the same macros from the same files."""
    ours = FileSystemLoader(RECEIVER / "templates")
    app.jinja_loader = ChoiceLoader([ours, FileSystemLoader(SITE / "templates")])
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals |= {"asset": _shared, "own_asset": _own, "desk_asset": _desk}
    app.jinja_env.globals |= {
        "source_url": source_archive.address(settings),
        "source_size": _size_unknown,
    }


@blueprint.get("/static/page/<version>/<path:name>")
def shared(version: str, name: str) -> Response:  # noqa: ARG001 # it only makes the address new
    """Send one of the page's static files."""
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
    response = send_from_directory(folder, name, max_age=A_YEAR)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


# Written out, not built by url_for: an error page needs them even when the request's Host is nonsense.
def _shared(name: str) -> str:
    return f"/static/page/{_version(SITE / 'static' / name)}/{name}"


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
