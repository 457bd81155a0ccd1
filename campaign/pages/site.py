"""The frozen page: a Flask app over loaded campaigns, and its freezing into plain files."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, render_template, url_for
from flask_frozen import Freezer, FrozenFlaskWarning
from jinja2 import StrictUndefined
from werkzeug.routing import BaseConverter

from campaign import ROOT
from campaign.content import form_fields
from campaign.content.campaign import Campaign
from campaign.content.edition import Edition
from campaign.content.editors_file import PAGES
from campaign.language.locales import countries, day, language_names, megabytes, number, rounded
from campaign.language.nonbreaking import NO_BREAK_SPACE
from campaign.pages import (
    assets,
    build_record,
    compressing,
    context,
    host_files,
    index_page,
    news,
    paired_suggestions,
    parts_file,
    source_archive,
)
from campaign.pages.assets import Assets
from campaign.pages.context import Site
from campaign.pages.folder_swap import replacing
from campaign.pages.walls import NOTHING, Walls, beginning
from campaign.settings import Settings
from campaign.text.letters import direction

WORDS = (*PAGES, "won", "wall")  # a campaign's short pages


def freeze(
    output: Path,
    campaigns: Mapping[str, Campaign],
    settings: Settings,
    day: date | None = None,
    walls: Walls = NOTHING,
) -> tuple[str, ...]:
    """Freeze every page into `output`, all of it or nothing, and return the paths of the addresses.

    `build.json` beside them says what they were made of on `day`, else today.

    Raises:
        PagesError: `output` holds something other than an earlier build.
        PictureError: a picture that cannot be shown.
    """
    app = create_pages(campaigns, settings, walls)
    with replacing(output.absolute()) as folder, warnings.catch_warnings():
        warnings.simplefilter("error", FrozenFlaskWarning)
        app.config["FREEZER_DESTINATION"] = str(folder)
        freezer = Freezer(app, with_static_files=False, log_url_for=False)
        freezer.register_generator(lambda: _addresses(app.extensions["site"]))
        addresses = tuple(sorted(freezer.freeze()))
        compressing.compress(folder)
        today = day or datetime.now(UTC).date()
        days = {slug: one.day for slug, one in campaigns.items() if one.day}
        build_record.write(folder, build_record.record(folder, settings, today, walls, days))
        return addresses


def create_pages(
    campaigns: Mapping[str, Campaign], settings: Settings, walls: Walls = NOTHING, shelf: Assets | None = None
) -> Flask:
    """Make the app whose every page is frozen; its campaigns were loaded and checked before.

    Raises:
        PictureError: an illustration that holds no picture.
    """
    app = Flask(__name__, root_path=str(ROOT / "site"), template_folder="templates", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True  # else a fault in a template is "status 500" and no more
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    shelf = shelf or assets.collect(campaigns, settings.build_dir / "pictures")
    app.extensions["site"] = Site(campaigns, settings, shelf, walls)
    app.jinja_env.filters["direction"] = direction
    app.jinja_env.globals |= {
        "asset": lambda name: shelf.files[name].url,
        "origin": settings.site_url[0],
        "onion": next((url for url in settings.site_url if url.endswith(".onion")), None),
        "source_url": settings.source_url or f"/{source_archive.NAME}",
        "source_size": _source_size,
        "receiver_url": settings.receiver_url,
    }
    app.after_request(_flush_left)
    _add_addresses(app)
    return app


def _add_addresses(app: Flask) -> None:
    site: Site = app.extensions["site"]
    app.url_map.converters["language"] = _converter(site.campaigns)
    short = f"<any({', '.join(WORDS)}):name>/"
    for home in ("/<slug>/", "/<slug>/<language:language>/"):
        app.add_url_rule(home, view_func=story)
        app.add_url_rule(home + parts_file.NAME, view_func=parts)
        app.add_url_rule(home + short, view_func=words)
    if any(e.pictures for c in site.campaigns.values() for e in c.editions.values()):
        app.add_url_rule("/<slug>/<language:language>/<name>", view_func=picture)
    news.add_addresses(app, site.campaigns.values())
    app.add_url_rule("/", view_func=index)
    app.add_url_rule("/<language:language>/", view_func=index)
    app.add_url_rule("/static/<name>", view_func=static)
    app.add_url_rule("/404.html", view_func=not_found)
    if not site.settings.source_url:
        app.add_url_rule(f"/{source_archive.NAME}", view_func=packed_source)
    for name, text in host_files.host_files(site.campaigns, site.settings).items():
        app.add_url_rule(f"/{name}", name, partial(context.file, name, text.encode()))


def _converter(campaigns: Mapping[str, Campaign]) -> type[BaseConverter]:
    """Make the part of an address that names a language: a code of these campaigns, and never a slug."""
    codes = "|".join(map(re.escape, index_page.languages(campaigns)))
    return type("LanguageCode", (BaseConverter,), {"regex": codes, "weight": 90})


def _addresses(site: Site) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the freezer cannot guess: each endpoint with its values."""
    for asset in site.assets.all():
        yield "static", {"name": asset.name}
    for code in index_page.languages(site.campaigns):
        yield "index", {"language": code}
    for campaign in site.campaigns.values():
        for language in (None, *campaign.editions):
            place: dict[str, Any] = {"slug": campaign.slug, "language": language}
            yield "story", place
            yield "parts", place
            yield from (("words", {**place, "name": name}) for name in _short_pages(campaign))
        for edition in campaign.editions.values():
            place = {"slug": campaign.slug, "language": edition.language}
            yield from (("picture", {**place, "name": name}) for name in edition.pictures)
        yield from news.addresses(campaign)


def has(app: Flask, path: str) -> bool:
    """Tell whether an address is one of those that are frozen."""
    with app.test_request_context():
        told = (url_for(endpoint, **values) for endpoint, values in _addresses(app.extensions["site"]))
        return path in told or path in {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments}


def _short_pages(campaign: Campaign) -> Iterator[str]:
    lacking = {"wall"} if not campaign.page.wall else set()
    if not any(edition.won for edition in campaign.editions.values()):
        lacking.add("won")
    return (name for name in WORDS if name not in lacking)


def story(slug: str, language: str | None = None) -> str:
    """Show the campaign's page: who, how, and the form."""
    campaign, edition = context.named(slug, language)
    settings = context.site().settings
    messages = context.site().walls.get(slug, ())
    # Without a key to seal them to, the receiver takes no details: so none are asked for.
    asked = campaign.form.details if settings.age_recipients else ()
    return render_template(
        "story.html",
        **context.shown(campaign, edition),
        fields=form_fields.fields(campaign.form.message_limit, asked, wall=campaign.page.wall > 0),
        parts=url_for("parts", slug=slug, language=language) + f"?{assets.digest(_parts(campaign, edition))}",
        countries=countries(edition.language),
        same_in=_same_in(campaign, edition),
        receiver=f"{settings.receiver_url}/{campaign.slug}",
        goal=number(campaign.goal or 0, edition.language),
        signatures=number(rounded(campaign.signatures), edition.language),
        counted_on=_whole_day(campaign.signatures_as_of, edition.language),
        opens=campaign.opens and _whole_day(campaign.opens, edition.language),
        closes=campaign.closes and _whole_day(campaign.closes, edition.language),
        wall=(shown := beginning(messages)),
        more=len(messages) - len(shown),
        news=news.items(campaign, edition),
    )


def _whole_day(date: date, language: str) -> str:
    """Keep the day with its month: in German a line that ends with its "1." ends a sentence."""
    return day(date, language).replace(" ", NO_BREAK_SPACE, 1)


def _same_in(campaign: Campaign, edition: Edition) -> str:
    """Name the language in which words to borrow are offered too, as this edition calls it."""
    same = paired_suggestions.read_by_the_person(campaign, edition)
    return language_names([same.language], edition.language) if same else ""


def parts(slug: str, language: str | None = None) -> Response:
    """Give the page's script its words, fetched once somebody writes: the first view need not wait."""
    return context.file(parts_file.NAME, _parts(*context.named(slug, language)))


def _parts(campaign: Campaign, edition: Edition) -> bytes:
    return parts_file.render(campaign, context.site().settings, edition, context.shown(campaign, edition))


def words(slug: str, name: str, language: str | None = None) -> str:
    """Show one of the campaign's short pages."""
    campaign, edition = context.named(slug, language)
    if name == "wall":
        return render_template(
            "wall.html", **context.shown(campaign, edition), wall=context.site().walls.get(slug, ())
        )
    text = edition.ending(name) or getattr(edition, name)
    return render_template("text_page.html", **context.shown(campaign, edition), name=name, text=text)


def index(language: str | None = None) -> str:
    """List the campaigns."""
    site = context.site()
    spoken = index_page.languages(site.campaigns)
    code = language or next(iter(spoken))
    listed = index_page.sections(site.campaigns, site.assets.illustrations, code)
    return render_template("index.html", **context.spoken(code), languages=spoken, sections=listed)


def not_found() -> str:
    """Say that there is no such page; static hosts show this file for every unknown address."""
    campaigns = context.site().campaigns
    languages = [context.spoken(code) for code in index_page.languages(campaigns)]
    return render_template("404.html", **languages[0], languages=languages, campaigns=campaigns.values())


def static(name: str) -> Response:
    """Serve one asset under the name that holds its content's hash."""
    body = next((asset.body for asset in context.site().assets.all() if asset.name == name), None)
    if body is None:
        abort(404)  # of before a save, asked for by a page of the preview that still shows it
    return context.file(name, body)


def picture(slug: str, language: str, name: str) -> Response:
    """Serve a picture that stands beside an edition's texts."""
    _, edition = context.named(slug, language)
    return context.picture(edition.pictures, name)


def _source_size(language: str) -> str:
    """Say how large the packed source is, before somebody on a telephone fetches it."""
    site = context.site()
    return "" if site.settings.source_url else f" ({megabytes(len(site.packed_source), language)})"


def packed_source() -> Response:
    """Give away the source of this version, where the operator names no other place for it."""
    return context.file(source_archive.NAME, context.site().packed_source)


def _flush_left(response: Response) -> Response:
    """Take out the indentation and empty lines that templates leave, for whoever reads the page's source."""
    if response.mimetype == "text/html" and b"<pre" not in response.data:
        response.data = re.sub(rb"\n\s+", b"\n", response.data)
    return response
