"""For editors: see the page while writing."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from campaign.errors import CandleError, ContentError
from campaign.pages.preview import serving
from campaign.pages.preview.workbench import Workbench
from campaign.press import sample_sheets
from campaign.settings import Settings
from commands.shared import local


@click.command()
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=0,
    help="The port of the page; default a free one.",
)
def preview(port: int) -> None:
    """Show the page while you edit, with what there is to mend; every save is seen at once."""
    local.prepare_instance()
    page_port, receiver_port = local.free_ports(2)
    page_port = port or page_port
    config = local.local_settings(f"http://127.0.0.1:{page_port}", f"http://127.0.0.1:{receiver_port}")
    workbench = Workbench(config, sample_sheets.sample)
    with suppress(KeyboardInterrupt), serving.serving(workbench, page_port) as page:
        told: tuple[ContentError, ...] = ()
        click.echo(f"Preview  {page}/   Ctrl-C stops.")
        _open_browser(page)
        saves = serving.rebuilding(workbench, threading.Event())
        next(saves)
        with _receiver_once_sound(workbench, config, config.build_dir / "receiver.log"):
            told = _tell(workbench.faults, told)
            for _ in saves:
                told = _tell(workbench.faults, told)
    click.echo("Stopped.")


def _tell(faults: tuple[ContentError, ...], told: tuple[ContentError, ...]) -> tuple[ContentError, ...]:
    """Print what is shown over the page too, once."""
    if list(map(str, faults)) != list(map(str, told)):
        click.echo("\n".join(map(str, faults)) or "All mended.")
    return faults


def _open_browser(address: str) -> None:
    """Open the page where there is somebody to see it, and a browser with a window of its own."""
    windows = sys.platform in {"darwin", "win32"} or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    if sys.stdout.isatty() and windows:
        webbrowser.open(address)


@contextmanager
def _receiver_once_sound(workbench: Workbench, config: Settings, log: Path) -> Iterator[None]:
    """Run the receiver as soon as the content lets it start; the page does not wait for it."""
    stop = threading.Event()

    def receive() -> None:
        while not stop.is_set():
            if not workbench.faults:
                try:
                    with local.receiving(config, log):
                        stop.wait()
                except CandleError as error:
                    click.echo(f"The form cannot be sent: {error}", err=True)
                    return
            stop.wait(0.5)

    running = threading.Thread(target=receive, name="receiver")
    running.start()
    try:
        yield
    finally:
        stop.set()
        running.join()
