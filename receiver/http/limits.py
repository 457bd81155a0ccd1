"""How often one network may ask, without keeping who asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from math import ceil
from typing import Any

from flask import Flask, g, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign.settings import Settings
from receiver.http import networks
from receiver.services import services

# A network prefix may be a whole Tor exit or, on an onion service, everybody: the limits are generous.
LIMITS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "public.send": ("120 per minute; 1200 per hour", ("POST",)),
    "public.token": ("240 per minute", ("GET",)),
    "withdrawal.take_back": ("20 per minute; 100 per hour", ("POST",)),
    "staff.log_in": ("10 per minute; 60 per hour", ("POST",)),
    "account.change_password": ("10 per minute; 60 per hour", ("POST",)),
    "second_factor.ask": ("10 per minute; 60 per hour", ("POST",)),
    "second_factor.enrol": ("10 per minute; 60 per hour", ("POST",)),
}
# What is refused for want of a signature counts, what is signed never does: so this is asked by the view.
UNSIGNED = {"hooks.receive": "60 per minute; 600 per hour"}

SECONDS = {"minute": 60, "hour": 3600}


def rules(often: str) -> tuple[tuple[int, int], ...]:
    """Read from a limit as `LIMITS` has it how many requests of a network may come in how many seconds."""
    written = (rule.split() for rule in often.split(";"))
    return tuple((int(times), SECONDS[window]) for times, _per, window in written)


def install(app: Flask, settings: Settings) -> None:
    """Believe as many proxies as are configured, and hold the routes in `LIMITS` to them."""
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    for endpoint in LIMITS.keys() & app.view_functions.keys():  # the others are the other half's
        app.view_functions[endpoint] = _limited(endpoint, app.view_functions[endpoint])


def _limited(endpoint: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """Return the view of a route in `LIMITS`, which counts before it answers."""
    often, methods = LIMITS[endpoint]
    held_to = rules(often)

    @wraps(view)
    def counted(**values: Any) -> Any:
        if request.method in methods and not spared():
            _count(endpoint, held_to)
        return view(**values)

    return counted


def _count(endpoint: str, held_to: Sequence[tuple[int, int]]) -> None:
    windows = services().windows
    if windows is None:
        return
    for times, seconds in held_to:
        wait = windows.count(f"{endpoint}/{networks.current()}/{seconds}", times, seconds)
        if wait:
            g.seconds_to_wait = ceil(wait)
            raise TooManyRequests


def spared() -> bool:
    """Tell whether the request at hand is of a browser that the desk knows: others must not hold it up."""
    return bool(g.get("known_device"))


def count_unsigned() -> None:
    """Count a request to the route at hand that nobody signed whom we know.

    Raises:
        TooManyRequests: its network sent too many of them.
    """
    _count("hooks.receive", rules(UNSIGNED["hooks.receive"]))


def seconds_to_wait() -> int:
    """Return the seconds after which the limit just hit lets its asker in again."""
    wait: int = g.get("seconds_to_wait", 60)
    return wait
