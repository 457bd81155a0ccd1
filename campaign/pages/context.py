"""What the templates of the page read: the campaigns, their words, and HTML that is known to be safe."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Response, current_app
from markupsafe import Markup

from campaign.content.campaign import Campaign
from campaign.content.edition import Edition
from campaign.language.catalogue import read_catalogue
from campaign.pages import source_archive
from campaign.pages.assets import Assets
from campaign.pages.pictures import story_picture
from campaign.pages.theme import Theme
from campaign.pages.walls import Walls
from campaign.settings import Settings
from campaign.text.letters import direction

mimetypes.add_type("image/webp", ".webp")  # unknown to Python 3.11
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class Site:
    """What the views show."""

    campaigns: Mapping[str, Campaign]
    settings: Settings
    assets: Assets
    walls: Walls

    @cached_property
    def packed_source(self) -> bytes:
        """The source of this version; looked for once, though each page tells its size."""
        return source_archive.archive(self.settings.build_dir / "source")


def site() -> Site:
    """Return what this app shows."""
    shown: Site = current_app.extensions["site"]
    return shown


def named(slug: str, code: str | None) -> tuple[Campaign, Edition]:
    """Return the campaign and the edition of an address; without a language, that in the main one."""
    campaign = site().campaigns[slug]
    return campaign, campaign.editions[code] if code else campaign.edition


def shown(campaign: Campaign, edition: Edition) -> dict[str, Any]:
    """Return what the templates of every campaign page read."""
    return {
        **spoken(edition.language),
        "campaign": campaign,
        "edition": edition,
        "ending": edition.ending(campaign.status),
        "illustration": site().assets.illustrations[campaign.slug],
        "theme": _theme(campaign),
        "html": html,
        "typed": typed,
    }


def _theme(campaign: Campaign) -> Theme:
    shelf = site().assets
    return Theme(shelf.sheets[campaign.slug].url, shelf.icons[campaign.slug].url, campaign.palette.night)


def spoken(code: str) -> dict[str, Any]:
    """Return the words of a language; `_` is the name that extractors of translatable strings look for."""
    words = read_catalogue(code)
    files = site().assets.files
    usual = Theme(files["page.css"].url, files["icon.svg"].url)
    told = {"words": words, "_": words.gettext, "language": code, "direction": words.direction}
    return {**told, "theme": usual}


def html(cleaned: str) -> Markup:
    """Mark what campaign.content.markdown has made, and cleaned, as HTML."""
    return Markup(cleaned)  # noqa: S704


def typed(text: str) -> Markup:
    """Give what a supporter typed as HTML that keeps its lines and indents, also through `_flush_left`.

    A line that runs the other way than most words is so marked: else it would begin with its full stop.
    """
    whole = direction(text)
    return Markup("&#10;").join(
        Markup('<bdi dir="{}">{}</bdi>').format(own, line)
        if any(map(str.isalpha, line)) and (own := direction(line)) != whole
        else line
        for line in text.split("\n")
    )


def picture(found: Mapping[str, Path], name: str) -> Response:
    """Answer with a picture that stands beside texts, written anew."""
    kept = site().settings.build_dir / "pictures"
    return file(name, story_picture(found[name], Path(name).suffix, kept))


def file(name: str, body: bytes) -> Response:
    """Answer with a file, of the kind that its name tells."""
    kind, _ = mimetypes.guess_type(name)
    return Response(body, mimetype=kind or "application/octet-stream")
