"""The preview served on this machine alone, and built again on each save."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from watchfiles import watch
from werkzeug.serving import WSGIRequestHandler, make_server

from campaign import ROOT
from campaign.errors import CandleError
from campaign.pages.preview import proofreading
from campaign.pages.preview.web_app import Bench
from campaign.pages.preview.workbench import Workbench

HOST = "127.0.0.1"
GROUPED = 60  # ms in which the files of one save come together
STEP = 15  # ms
REST = 0.3  # seconds after a save: the browser that waits for the page comes first


class PortTaken(CandleError):
    """The port that was asked for is somebody else's."""


class _Quiet(WSGIRequestHandler):
    """Answers without a word: the terminal belongs to the person who runs the command."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""

    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        """Say nothing: a browser that leaves a page leaves what it waited for."""


@contextmanager
def serving(workbench: Workbench, port: int) -> Iterator[str]:
    """Answer on 127.0.0.1 while the block runs, and give the origin.

    Raises:
        PortTaken: something else listens there.
    """
    try:
        listening = socket.create_server((HOST, port))
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise PortTaken(f"port {port} cannot be had; name another, or none: build.py preview") from error
    with listening:
        app = Bench(workbench, port)
        server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet, fd=listening.fileno())
        thread = threading.Thread(target=server.serve_forever, name="workbench", daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def rebuilding(workbench: Workbench, stop: threading.Event) -> Iterator[None]:
    """Build now and after each change until `stop` is set; look through it when there is time."""
    content = workbench.settings.content_dir
    with suppress(OSError):  # where it cannot be made, that there is none is the fault to show
        content.mkdir(parents=True, exist_ok=True)
    due = threading.Event()
    proofreader = threading.Thread(target=_look_through, args=[workbench, due, stop], daemon=True)
    proofreader.start()
    folders: list[Path] = [folder for folder in (content, ROOT / "site") if folder.is_dir()]
    try:
        workbench.rebuild()
        due.set()
        yield
        for _ in _moments(folders, stop):
            workbench.rebuild()
            due.set()
            yield
    finally:
        stop.set()
        due.set()


def _moments(folders: Sequence[Path], stop: threading.Event) -> Iterator[None]:
    """Yield at each change, and every few seconds: a day begins, or a folder whose changes nobody tells."""
    while not stop.is_set():
        try:
            for _ in watch(*folders, debounce=GROUPED, step=STEP, stop_event=stop, yield_on_timeout=True):
                yield
        except RuntimeError:  # of a file whose name is no UTF-8 nothing is told
            yield
            stop.wait(REST)


def _look_through(workbench: Workbench, due: threading.Event, stop: threading.Event) -> None:
    with proofreading.apart() as look:
        while due.wait() and not stop.is_set():
            due.clear()
            if not due.wait(REST):
                workbench.look_through(look)
