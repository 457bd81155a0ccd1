"""News of the case: the newest beside the story, all on a page of their own, and as an Atom feed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed
from flask import Flask, Response, render_template, url_for
from markupsafe import Markup

from campaign.content.campaign import Campaign
from campaign.content.edition import Edition
from campaign.content.news import NewsEntry
from campaign.content.opening_days import zone
from campaign.language.locales import day
from campaign.pages import context

MOST_IN_FEED = 20
FEED = "feed.xml"


@dataclass(frozen=True)
class ShownEntry:
    """An entry as one edition shows it: `edition` is its own, or another one where that lacks the entry."""

    entry: NewsEntry
    edition: Edition
    own: bool
    day: str
    url: str


def items(campaign: Campaign, edition: Edition) -> list[ShownEntry]:
    """List what a reader of an edition is told of, the newest first; what it lacks is that of another one."""
    editions = (edition, *(other for other in campaign.editions.values() if other is not edition))
    found: dict[str, ShownEntry] = {}
    for each in editions:
        place = f"/{campaign.slug}/{each.language}/news/"
        for entry in each.news.entries:
            told = day(entry.day, edition.language)
            item = ShownEntry(entry, each, each is edition, told, f"{place}#{entry.name}")
            found.setdefault(entry.name, item)
    return sorted(found.values(), key=lambda item: (item.entry.day, item.entry.name), reverse=True)


def told_by(campaign: Campaign) -> bool:
    """Tell whether a campaign has news, in whatever language."""
    return any(edition.news.entries for edition in campaign.editions.values())


def add_addresses(app: Flask, campaigns: Collection[Campaign]) -> None:
    """Add the addresses of news to an app, where campaigns have some."""
    if not any(map(told_by, campaigns)):
        return
    for home in ("/<slug>/", "/<slug>/<language:language>/"):
        app.add_url_rule(f"{home}news/", "news", page)
    app.add_url_rule(f"/<slug>/<language:language>/news/{FEED}", "feed", feed)
    if any(edition.news.pictures for one in campaigns for edition in one.editions.values()):
        app.add_url_rule("/<slug>/<language:language>/news/<name>", "news_picture", picture)


def addresses(campaign: Campaign) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the endpoints of a campaign's news, each with its values."""
    if told_by(campaign):
        yield "news", {"slug": campaign.slug, "language": None}
        for edition in campaign.editions.values():
            place = {"slug": campaign.slug, "language": edition.language}
            yield "news", place
            yield "feed", place
            yield from (("news_picture", {**place, "name": name}) for name in edition.news.pictures)


def page(slug: str, language: str | None = None) -> str:
    """Show all news of a campaign."""
    campaign, edition = context.named(slug, language)
    shown = context.shown(campaign, edition)
    title = shown["_"]("News of %(person)s") % edition.person
    return render_template("news.html", **shown, page_title=title, news=items(campaign, edition))


def feed(slug: str, language: str) -> Response:
    """Give the newest entries to feed readers."""
    campaign, edition = context.named(slug, language)
    origin, spoken = context.site().settings.site_url[0], context.spoken(language)
    here = origin + url_for("news", slug=slug, language=language)
    title = spoken["_"]("News of %(person)s") % edition.person
    author = urlsplit(origin).hostname
    atom = _Atom(title, here, "", language=language, feed_url=f"{here}{FEED}", author_name=author)
    for item in items(campaign, edition)[:MOST_IN_FEED]:
        entry = item.entry
        atom.add_item(
            entry.title,
            origin + item.url,
            None,
            pubdate=datetime.combine(entry.day, time(), zone(campaign.time_zone)),
            content=_absolute(entry.lead_html + entry.body_html, origin),
            language=item.edition.language,
        )
    written = StringIO()
    atom.write(written, "utf-8")
    return Response(written.getvalue().encode(), mimetype="application/xml")


def picture(slug: str, language: str, name: str) -> Response:
    """Serve a picture that stands beside an edition's news."""
    _, edition = context.named(slug, language)
    return context.picture(edition.news.pictures, name)


def _absolute(html: Markup, origin: str) -> str:
    """Have links and pictures lead to the page from wherever they are read."""
    return str(html).replace(' href="/', f' href="{origin}/').replace(' src="/', f' src="{origin}/')


class _Atom(Atom1Feed):
    """Atom whose entries may be in several languages. Source: RFC 4287."""

    def item_attributes(self, item: dict[str, str]) -> dict[str, str]:
        return {"xml:lang": item["language"]}
