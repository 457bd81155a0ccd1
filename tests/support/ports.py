"""Ports of this machine that are a test's own."""

from __future__ import annotations

import socket


def free_ports(count: int) -> list[int]:
    """Return TCP ports of 127.0.0.1 that nothing listens on, and that nobody else is given.

    Each stays bound for as long as this process lives. A server that says SO_REUSEADDR, as all here do, may
    listen there; whoever asks the system for any port, for a server or a connection, gets another.
    """
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.detach()
    return ports
