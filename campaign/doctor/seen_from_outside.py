"""The page and the receiver as the internet sees them: certificates, headers, where the form posts."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from campaign.doctor.origins import is_public
from campaign.pages import build_record
from campaign.pages.fetching import Answer, Published, Unreachable
from campaign.pages.headers import page_headers
from campaign.settings import Settings

PATIENCE = 10.0  # seconds for a handshake
LONGEST = 4 << 20  # bytes that are read of one
FEWEST_DAYS = 14  # that a certificate is good: certbot renews it 30 days before
PORTS = {"http": 80, "https": 443}
TOLD = {
    "receiver_url": "its form's address is another",
    "age_recipients": "its recipients of details are others",
    "site_url": "its addresses are others",
}
PUBLISH = "python build.py site, and publish it"


def find_certificates(settings: Settings, now: datetime) -> Iterator[str]:
    """Name certificates that expire soon, or that no browser accepts."""
    for url in dict.fromkeys([*settings.site_url, settings.receiver_url]):
        if not is_public(url) or urlsplit(url).scheme != "https":
            continue
        try:
            days = (_ends(url) - now.timestamp()) / 86400
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", "") or error.reason
            yield f"{url}: its certificate is not believed ({reason}); certbot certificates, certbot renew"
        except OSError:
            continue  # that it does not answer is said elsewhere
        else:
            if days < FEWEST_DAYS:
                yield f"{url}: its certificate ends in {days:.0f} days; certbot renew"


def find_page(settings: Settings, slugs: Iterable[str]) -> Iterator[str]:
    """Name where the published page differs from these settings, and headers that it lacks."""
    for url in filter(is_public, settings.site_url):
        host = Published(url, plain=True)
        try:
            front = host.get("", LONGEST)
            if front.status != 200:
                yield f"{url}/: answers {front.status}; {PUBLISH}"
                continue
            yield from _headers(url, front, settings)
            yield from _record(host, settings)
            for slug in slugs:
                yield from _form(host, slug, settings)
        except Unreachable as error:
            yield from _silent(url, error, "start its host, or mend its name in the DNS")


def find_receiver(settings: Settings) -> Iterator[str]:
    """Report that supporters find no receiver, or that everybody finds the desk."""
    url = settings.receiver_url
    if not is_public(url):
        return
    host = Published(url, plain=True)
    try:
        health, desk = host.get("health", LONGEST), host.get("staff/login", LONGEST)
    except Unreachable as error:
        yield from _silent(url, error, "systemctl status candle-receiver nginx")
        return
    if health.status != 200:
        yield f"{url}/health: answers {health.status}; systemctl status candle-receiver, and its log"
    if desk.status == 200:
        yield f"{url}/staff/login: the desk answers to everybody; start the halves apart, with --only"


def _silent(url: str, error: Unreachable, remedy: str) -> Iterator[str]:
    if not isinstance(error.reason, ssl.SSLCertVerificationError):  # that is said with the certificates
        yield f"{url}: answers nothing ({error.reason}); {remedy}"


def _ends(url: str) -> float:
    """Tell when a certificate expires, in seconds since 1970."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    with (
        socket.create_connection((host, port), PATIENCE) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as sealed,
    ):
        return ssl.cert_time_to_seconds(str((sealed.getpeercert() or {})["notAfter"]))


def _headers(url: str, front: Answer, settings: Settings) -> Iterator[str]:
    for name, value in page_headers(settings).items():
        found = front.headers.get_all(name) or []
        if not found:
            yield f"{url}/: {name} is missing; let its host read _headers, or use deploy/nginx.conf"
        elif found != [value]:
            yield f"{url}/: {name} is another than in _headers; {PUBLISH}, and mend the host's settings"


def _record(host: Published, settings: Settings) -> Iterator[str]:
    url, answer = host.origin, host.get(build_record.NAME, LONGEST)
    try:
        says = build_record.read(answer.body).settings
    except build_record.RecordError:
        yield f"{url}/{build_record.NAME}: is not there; {PUBLISH}"
        return
    ours = build_record.page_settings(settings)
    for name, told in TOLD.items():
        if getattr(says, name) != getattr(ours, name):
            yield f"{url}: {told} than these settings say; {PUBLISH}"


def _form(host: Published, slug: str, settings: Settings) -> Iterator[str]:
    url, page = host.origin, host.get(f"{slug}/", LONGEST)
    there = f'action="{settings.receiver_url}/{slug}/messages"'.encode()
    if page.status != 200:
        yield f"{url}/{slug}/: answers {page.status}; {PUBLISH}"
    elif b'id="message-form"' in page.body and there not in page.body:
        yield f"{url}/{slug}: its form posts elsewhere than to these settings' receiver; {PUBLISH}"
