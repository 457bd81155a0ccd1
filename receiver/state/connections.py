"""The TCP connections to this process, as the kernel knows them: which got no answer, and cutting them."""

from __future__ import annotations

import ipaddress
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

DESCRIPTORS = Path("/proc/self/fd")
# struct tcp_info of linux/tcp.h: eight bytes, of which the first is the state, then numbers of 32 bits.
INFO = struct.Struct("8B12I")
ESTABLISHED = 1
LAST_DATA_SENT, LAST_DATA_RECEIVED = 8 + 9, 8 + 11  # milliseconds ago


@dataclass(frozen=True)
class Client:
    """Who is at the other end of a connection to `port`; the address as the server gives it."""

    address: str
    port: int


def cut(client: Client, number: int, waiting: float) -> int:
    """Cut up to `number` connections of a client without an answer for `waiting` seconds; returns how many.

    The server names no connection of a request, so the oldest ones are taken. It is told of the end by the
    kernel, and gives the thread back that read from it. Only Linux tells what is needed; elsewhere nothing is
    cut.
    """
    with ExitStack() as stack:
        found = [(_unanswered(one), one) for one in map(stack.enter_context, _of(client))]
        overdue = sorted(
            ((age, one) for age, one in found if age >= waiting), key=itemgetter(0), reverse=True
        )
        return sum(_shut(one) for _, one in overdue[:number])


def _of(client: Client) -> Iterator[socket.socket]:
    """Yield each connection of a client, opened a second time: its number may soon be another file's."""
    names = os.listdir(DESCRIPTORS) if DESCRIPTORS.is_dir() else []  # noqa: PTH208  # names are all we need
    for name in names:
        try:
            own = os.dup(int(name))
        except OSError:  # it was closed meanwhile
            continue
        try:
            connection = socket.socket(fileno=own)
        except OSError:  # a file, or a pipe
            os.close(own)
            continue
        if _is_of(connection, client):
            yield connection
        else:
            connection.close()


def _unanswered(connection: socket.socket) -> float:
    """Return for how many seconds a connection has got no answer; 0 when it waits for none."""
    try:
        info = INFO.unpack(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO.size))
    except (OSError, struct.error):
        return 0
    sent, received = info[LAST_DATA_SENT], info[LAST_DATA_RECEIVED]
    return sent / 1000 if info[0] == ESTABLISHED and received <= sent else 0


def _is_of(connection: socket.socket, client: Client) -> bool:
    if connection.family not in (socket.AF_INET, socket.AF_INET6) or connection.type != socket.SOCK_STREAM:
        return False
    try:
        port, address = connection.getsockname()[1], connection.getpeername()[0]
    except OSError:  # it listens, or is at its end
        return False
    return port == client.port and _plain(address) == _plain(client.address)


def _plain(address: str) -> str:
    """Write an address in one way: a socket for both kinds shows IPv4 inside IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)


def _shut(connection: socket.socket) -> bool:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # its client was quicker
        return False
    return True
