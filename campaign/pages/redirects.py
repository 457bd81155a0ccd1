"""Addresses that moved, as a page's host reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campaign.content.campaign_toml.moved import Moved


def rules(moved: Mapping[str, Moved]) -> Iterator[str]:
    """Yield the lines of `_redirects`, which static hosts read: what lay below the old address comes along.

    Source: https://developers.cloudflare.com/pages/configuration/redirects/
    """
    for old in _in_order(moved):
        yield f"{old}* {moved[old].to}:splat 301"


def nginx_rules(moved: Mapping[str, Moved]) -> Iterator[str]:
    """Yield the same for a `map $request_uri` of nginx, also for an old address without its last slash."""
    for old in _in_order(moved):
        yield f'"~^{old.rstrip("/")}(/(?<rest>[^?]*))?([?].*)?$" {moved[old].to}$rest;'


def _in_order(moved: Mapping[str, Moved]) -> list[str]:
    """Put the narrowest first: hosts take the first line that fits."""
    return sorted(moved, key=len, reverse=True)
