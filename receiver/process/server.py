"""The server around the app: one process of many threads, which answers what it accepted before it ends."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import sys
from typing import Any, NoReturn
from wsgiref.types import WSGIApplication

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from campaign.errors import CandleError
from receiver.process.asgi_adapter import AsgiAdapter
from receiver.process.request_threads import RequestThreads
from receiver.state.request_slots import SWITCH_INTERVAL

BACKLOG = 2048
CONNECTIONS = 2048  # held open at once, most of them by nobody who says anything
SLOWEST_HEADERS = 10  # seconds
LONGEST_HEADERS = 32 * 1024  # bytes: werkzeug takes half a second to understand 200 KiB of them
STOP = (signal.SIGTERM, signal.SIGINT)
STOP_AFTER = 30  # seconds that accepted requests have to finish

log = logging.getLogger("receiver")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "receiver.http.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"_granian": {"level": "ERROR", "handlers": ["stderr"], "propagate": False}},
}


def serve(
    app: WSGIApplication, host: str, port: int, threads: RequestThreads, lifeline: int | None = None
) -> None:
    """Serve `app` on `threads` until a signal stops it, or until the `lifeline` can be read.

    Requests that were accepted are answered first. Others may serve on the same port: each new connection
    is one server's.
    """
    allow_files(CONNECTIONS * 2)
    sys.setswitchinterval(SWITCH_INTERVAL)
    adapter = AsgiAdapter(app, threads, many=CONNECTIONS // 2)
    try:
        asyncio.run(_serve(adapter, host, port, lifeline))
    finally:
        threads.close()


def leave(status: int) -> NoReturn:
    """End this process with it: all is answered and told, and a worker that was forked ends like this too.

    The interpreter's own end waits for no thread of the server's or of a library's. One that asks for it then
    is unwound through frames that do not allow it, and the process that did all its work ends by SIGABRT.
    Source: https://docs.python.org/3.11/c-api/init.html#c.PyGILState_Ensure
    """
    logging.shutdown()
    sys.stdout.flush()
    os._exit(status)


async def _serve(app: AsgiAdapter, host: str, port: int, lifeline: int | None) -> None:
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=SLOWEST_HEADERS * 1000, max_buffer_size=LONGEST_HEADERS
        ),
        websockets=False,
        log_level=LogLevels.error,  # that it starts and stops is said here
        log_dictconfig=LOGGING,
    )
    server.on_startup(lambda: log.info("listening", extra={"facts": {"host": host, "port": port}}))
    _stop_by_signal(server, lifeline)
    await server.serve()
    log.info("stopped")


def _stop_by_signal(server: Server, lifeline: int | None) -> None:
    """Let the first SIGTERM or SIGINT stop the server, whichever thread it reaches.

    The loop's own handlers leave their signal deadly when the loop ends: the next one would take the last
    lines of the log with it. Source: https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd
    """
    loop = asyncio.get_running_loop()
    heard, told = socket.socketpair()
    told.setblocking(False)

    def stop() -> None:
        for number in STOP:
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        told.close()
        for watched in watching:
            loop.remove_reader(watched)
        signal.alarm(STOP_AFTER)  # the system ends what does not end itself
        server.stop()

    watching: list[socket.socket | int] = [heard, *([] if lifeline is None else [lifeline])]
    for watched in watching:
        loop.add_reader(watched, stop)
    signal.set_wakeup_fd(told.fileno())
    for number in STOP:
        signal.signal(number, lambda *_: None)  # the system writes to the socket
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)  # one that came before waits until now


def check_address(host: str, port: int) -> None:
    """Find out whether the port is free: the server would share it with another one, or show its own insides.

    Raises:
        CandleError: it is taken, or there is no such address here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise CandleError(f"--host {host} --port {port}: {error.strerror}; choose another") from error


def allow_files(wanted: int) -> None:
    """Let this process open more files than a shell allows by default, if it may."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, min(wanted, most)), most))
