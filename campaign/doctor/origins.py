"""Origins that anybody on the way can read, and how many proxies are in front of the receiver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from campaign.doctor.installation import on_loopback
from campaign.settings import LOOPBACK, PREFIX, Settings
from campaign.storage import marks

if TYPE_CHECKING:
    from sqlalchemy import Connection

ONION = ".onion"  # Tor brings its own encryption


def find(settings: Settings) -> Iterator[str]:
    """Name addresses without TLS, and settings that do not fit where the receiver is."""
    if on_loopback(settings):
        if settings.proxy_hops:
            yield (
                f"{PREFIX}PROXY_HOPS: {settings.proxy_hops}, but nothing stands before 127.0.0.1, "
                "so that anybody may claim any address; write 0"
            )
        return
    yield from _without_tls(settings)
    if urlsplit(settings.receiver_url).scheme == "https" and not settings.proxy_hops:
        yield (
            f"{PREFIX}PROXY_HOPS: 0, but {settings.receiver_url} is answered by a proxy, "
            "so that all the world is one network to the limits; write 1"
        )
    if not settings.ratelimit_enabled:
        yield f"{PREFIX}RATELIMIT_ENABLED: false, so that passwords may be tried for ever; take it away"


def find_other_hops(connection: Connection, settings: Settings) -> Iterator[str]:
    """Compare how many proxies are written down with what has arrived since the receiver's start."""
    arrived = marks.number(connection, "proxies")
    if arrived is not None and arrived != settings.proxy_hops and not on_loopback(settings):
        yield (
            f"{PREFIX}PROXY_HOPS: {settings.proxy_hops}, but requests arrive through {arrived}, so that the "
            "wrong address counts; write how many there are, restart, and let nothing else reach the receiver"
        )


def find_desk(settings: Settings) -> Iterator[str]:
    """Report that the desk is at the address where supporters post."""
    if settings.staff_url in {"", settings.receiver_url} and not on_loopback(settings):
        yield (
            f"{PREFIX}STAFF_URL: none of its own, so that the desk is to be had where supporters post; "
            "give it a name of its own, which the public does not reach"
        )


def is_public(url: str) -> bool:
    """Tell whether an address is on the internet, where anybody may ask it."""
    host = urlsplit(url).hostname or ""
    return host not in LOOPBACK and not host.endswith(ONION)


def _without_tls(settings: Settings) -> Iterator[str]:
    named = [("SITE_URL", url) for url in settings.site_url] + [("RECEIVER_URL", settings.receiver_url)]
    if settings.staff_url:
        named.append(("STAFF_URL", settings.staff_url))
    for name, url in named:
        if is_public(url) and urlsplit(url).scheme != "https":
            yield f"{PREFIX}{name}: {url}: anybody on the way reads what is said, and changes it; use https"
