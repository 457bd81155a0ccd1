"""How often one network may ask, without keeping who asked."""

from __future__ import annotations

import hmac
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, cast

from flask import Flask, g, request
from flask_limiter import Limiter
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign.settings import Settings
from receiver.http.moving_windows import MovingWindows, SharedWindows
from receiver.services import services
from receiver.state.outages import each_minute
from receiver.state.shared_redis import SharedRedis

# A network prefix may be a whole Tor exit or, on an onion service, everybody: the limits are generous.
LIMITS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "public.send": ("120 per minute; 1200 per hour", ("POST",)),
    "public.token": ("240 per minute", ("GET",)),
    "withdrawal.take_back": ("20 per minute; 100 per hour", ("POST",)),
    "staff.log_in": ("10 per minute; 60 per hour", ("POST",)),
    "account.change_password": ("10 per minute; 60 per hour", ("POST",)),
    "second_factor.ask": ("10 per minute; 60 per hour", ("POST",)),
}
# What is refused for want of a signature counts, what is signed never does: so this is asked by the view.
UNSIGNED = {"hooks.receive": "60 per minute; 600 per hour"}

IPV4_MAPPED = bytes(10) + b"\xff\xff"  # how an address of IPv4 begins that is written as one of IPv6


def install(app: Flask, settings: Settings) -> Limiter:
    """Believe as many proxies as are configured, and limit the routes in `LIMITS`."""
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    limiter = Limiter(
        network,
        app=app,
        strategy="moving-window",
        enabled=settings.ratelimit_enabled,
        **_storage(app.extensions["candle"].shared_redis),
    )
    if settings.ratelimit_enabled:
        wipe = cast(MovingWindows, limiter.storage).wipe
        app.extensions["candle"].beginnings.append(partial(each_minute, wipe))
    for endpoint, (rule, methods) in LIMITS.items() if settings.ratelimit_enabled else ():
        if endpoint not in app.view_functions:
            continue  # it is the other half's
        view = app.view_functions[endpoint]
        app.view_functions[endpoint] = cast(
            Any, limiter.limit(rule, methods=list(methods), exempt_when=spared)
        )(view)
    return limiter


def _storage(redis: SharedRedis | None) -> dict[str, Any]:
    if redis is None:
        return {"storage_uri": f"{SharedWindows.STORAGE_SCHEME[0]}://"}
    from receiver.http.redis_windows import RedisWindows  # with Redis's own library, which most do without

    return {"storage_uri": f"{RedisWindows.STORAGE_SCHEME[0]}://", "storage_options": {"redis": redis}}


def spared() -> bool:
    """Tell whether the request at hand is of a browser that the desk knows: others must not hold it up."""
    return bool(g.get("known_device"))


def count_unsigned() -> None:
    """Count a request to the route at hand that nobody signed whom we know.

    Raises:
        TooManyRequests: its network sent too many of them.
    """
    limiter, endpoint = services().limiter, request.endpoint
    if limiter and endpoint:
        with limiter.limit(UNSIGNED[endpoint]):
            return


def network() -> str:
    """Name the network that the request at hand comes from; the name means nothing after a day."""
    found: str | None = g.get("network")
    if found is None:
        found = g.network = blinded(request.remote_addr, services().day_key.current())
    return found


def blinded(address: str | None, key: bytes) -> str:
    """Return a name for the network of an address that only the holder of `key` can compare."""
    return hmac.digest(key, network_prefix(address), "sha256").hex()[:32]


def network_prefix(address: str | None) -> bytes:
    """Return the network that counts as one asker: the first 24 bits of IPv4, the first 48 of IPv6."""
    plain = (address or "").partition("%")[0]
    with suppress(OSError):
        return socket.inet_pton(socket.AF_INET, plain)[:3]
    with suppress(OSError):
        packed = socket.inet_pton(socket.AF_INET6, plain)
        return packed[12:15] if packed.startswith(IPV4_MAPPED) else packed[:6]
    return b"unknown"  # a Unix socket has no address


def seconds_to_wait() -> int:
    """Return the seconds after which the limit just hit lets its asker in again."""
    limiter = services().limiter
    hit = limiter.current_limit if limiter else None
    return max(1, int(hit.reset_at - time.time()) + 1) if hit else 60
