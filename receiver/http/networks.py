"""Which network a request comes from: what is counted, and never where anybody is."""

from __future__ import annotations

import hmac
import socket
from contextlib import suppress

from flask import request
from flask.globals import app_ctx

from receiver.services import services

IPV4_MAPPED = bytes(10) + b"\xff\xff"  # how an address of IPv4 begins that is written as one of IPv6


def current() -> str:
    """Name the network that the request at hand comes from; the name means nothing after a day."""
    ours = app_ctx.g
    found: str | None = ours.get("network")
    if found is None:
        found = ours.network = blinded(request.remote_addr, services().day_key.current())
    return found


def blinded(address: str | None, key: bytes) -> str:
    """Return a name for the network of an address that only the holder of `key` can compare."""
    # `hmac.digest` would let go of the interpreter, and another thread would take it.
    return hmac.new(key, prefix(address), "sha256").hexdigest()[:32]


def prefix(address: str | None) -> bytes:
    """Return the network that counts as one asker: the first 24 bits of IPv4, the first 48 of IPv6."""
    plain = _without_port(address or "").partition("%")[0]
    with suppress(OSError):
        return socket.inet_pton(socket.AF_INET, plain)[:3]
    with suppress(OSError):
        packed = socket.inet_pton(socket.AF_INET6, plain)
        return packed[12:15] if packed.startswith(IPV4_MAPPED) else packed[:6]
    return b"unknown"  # a Unix socket has no address


def _without_port(address: str) -> str:
    """Take off the port that some proxies, such as IIS and Azure's gateways, write beside an address."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, _, rest = address.partition(":")
    return address if ":" in rest else host
