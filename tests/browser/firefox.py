"""Debian's own Firefox, driven by the protocol that it speaks itself: Playwright drives a changed one only.

Source: https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import free_ports

FIREFOX = Path("/usr/bin/firefox-esr")
PATIENCE = 60.0  # seconds
# It asks nobody else: what is not on this machine is sent to a proxy that is not there.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "services.settings.server": "http://127.0.0.1:9",
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """One window; a script is the body of a function, with its arguments in `arguments`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._read()  # its greeting
        self._number = 0
        self.ask("WebDriver:NewSession", {})

    def ask(self, command: str, told: dict[str, Any]) -> Any:
        self._number += 1
        words = json.dumps([0, self._number, command, told]).encode()
        self._connection.sendall(b"%d:%b" % (len(words), words))
        _, number, error, result = self._read()
        assert (number, error) == (self._number, None), error
        return result.get("value") if isinstance(result, dict) else result

    def open(self, url: str) -> None:
        self.ask("WebDriver:Navigate", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        return self.ask("WebDriver:ExecuteScript", {"script": script, "args": list(arguments)})

    def type(self, selector: str, text: str) -> None:
        self.ask("WebDriver:ElementSendKeys", {"id": self._find(selector), "text": text})

    def click(self, selector: str) -> None:
        self.ask("WebDriver:ElementClick", {"id": self._find(selector)})

    def wait(self, condition: str) -> None:
        ends = time.monotonic() + PATIENCE
        while not self.run(f"return Boolean({condition})"):
            assert time.monotonic() < ends, f"{condition}: {self.run('return document.body.innerText')}"
            time.sleep(0.1)

    def _find(self, selector: str) -> str:
        found = self.ask("WebDriver:FindElement", {"using": "css selector", "value": selector})
        (element,) = found.values()
        return str(element)

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._received(1)
        return json.loads(self._received(int(length[:-1])))

    def _received(self, count: int) -> bytes:
        body = b""
        while len(body) < count:
            piece = self._connection.recv(count - len(body))
            assert piece, "Firefox ended"
            body += piece
        return body


@contextmanager
def firefox(profile: Path, *, scripts: bool = True) -> Iterator[Firefox]:
    """Run Firefox with a new profile while the block runs: with scripts, or as at Tor's safest level."""
    if not FIREFOX.exists():
        assert not os.environ.get("CI"), f"{FIREFOX}: install Debian's firefox-esr, or run: make tools"
        pytest.skip("no firefox-esr here; install it with: make tools")
    (port,) = free_ports(1)
    profile.mkdir()
    told = PREFERENCES | {"marionette.port": port, "javascript.enabled": scripts, "svg.disabled": not scripts}
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in told.items())
    (profile / "user.js").write_text("".join(lines))
    command = [FIREFOX, "--headless", "--no-remote", "--marionette", "--profile", profile]
    environ = os.environ | {"HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with (profile / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        with _connected(port, process) as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connected(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    ends = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "Firefox ended"
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        except OSError:
            assert time.monotonic() < ends, "Firefox does not listen"
            time.sleep(0.1)
