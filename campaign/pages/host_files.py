"""What a page's host and search engines read: headers, rules for robots, the sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from campaign.content.campaign import Campaign
from campaign.pages import headers, index_page, source_archive
from campaign.pages.news import told_by
from campaign.pages.redirects import nginx_rules, rules
from campaign.settings import Settings

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def host_files(campaigns: Mapping[str, Campaign], settings: Settings) -> Mapping[str, str]:
    """Return each file's text by its name."""
    origin = settings.site_url[0]
    together = {old: new for one in campaigns.values() for old, new in one.moved.items()}
    moved = {"_redirects": rules(together), "_moved.map": nginx_rules(together)} if together else {}
    return {
        **{name: "".join(f"{rule}\n" for rule in led) for name, led in moved.items()},
        "_headers": headers.headers_file([*campaigns, *index_page.languages(campaigns)], settings),
        "robots.txt": robots(origin),
        "sitemap.xml": sitemap(origin, campaigns),
    }


def robots(origin: str) -> str:
    """Let every search engine in, but not into the packed source."""
    return f"User-agent: *\nAllow: /\nDisallow: /{source_archive.NAME}\nSitemap: {origin}/sitemap.xml\n"


def sitemap(origin: str, campaigns: Mapping[str, Campaign]) -> str:
    """Name the front page and the campaigns' pages, each with its other languages.

    Source: https://developers.google.com/search/docs/specialty/international/localized-versions
    """
    pages: dict[str, Iterable[str]] = {"/": index_page.languages(campaigns)}
    pages |= {f"/{slug}/": campaign.editions for slug, campaign in campaigns.items()}
    entries = [entry for home, codes in pages.items() for entry in _entries(origin + home, codes)]
    for slug, campaign in campaigns.items():
        if told_by(campaign):
            entries += _entries(f"{origin}/{slug}/", campaign.editions, "news/")
    return f"{HEAD}{''.join(entries)}</urlset>\n"


def _entries(home: str, codes: Iterable[str], below: str = "") -> Iterator[str]:
    places = {code: f"{home}{code}/{below}" for code in codes}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(code)} href={quoteattr(place)}/>'
        for code, place in {**places, "x-default": home + below}.items()
    )
    for place in places.values():
        yield f"<url><loc>{place}</loc>{links}</url>\n"
