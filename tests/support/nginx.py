"""A real nginx for tests, with deploy/nginx.conf: only its ports, paths and user are others."""

from __future__ import annotations

import http.client
import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from campaign import ROOT
from tests.support.ports import free_ports

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
MOVED = ROOT / "deploy" / "moved.sh"
PAGE = "candle.example.org"
POST = "post.candle.example.org"
DESK = "desk.candle.example.org"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Answer:
    """An answer; `headers` keeps doubled ones apart."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Nginx:
    """A running nginx: the port that stands for each address of the configuration's `listen` lines."""

    ports: Mapping[str, int]
    folder: Path
    trusted: ssl.SSLContext = field(repr=False)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def connect(
        self, host: str, listener: str = "443", name: str | None = None, source: str = "127.0.0.1"
    ) -> socket.socket:
        """Connect to a listener from an address of this machine; `name` is the one of the handshake."""
        plain = socket.create_connection(("127.0.0.1", self.ports[listener]), 60, (source, 0))
        if listener.endswith("443"):
            return self.trusted.wrap_socket(plain, server_hostname=name or host)
        return plain

    def ask(
        self,
        host: str,
        path: str,
        method: str = "GET",
        body: object = None,
        headers: Mapping[str, str] | None = None,
        **where: str,
    ) -> Answer:
        """Ask as a client that believes to be speaking with `host`."""
        asking = http.client.HTTPConnection(host)
        asking.sock = self.connect(host, **where)
        try:
            asking.request(method, path, body, dict(headers or {}))  # type: ignore[arg-type]
            answer = asking.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            asking.close()


def missing() -> str:
    """Say what is not installed here, and how it gets here; "" when all is."""
    return "" if _program() and shutil.which("openssl") else "no nginx or openssl: `make tools` installs them"


@contextmanager
def server(folder: Path, page: Path, *receiver_ports: int, desk_port: int) -> Iterator[Nginx]:
    """Run nginx while the block runs, before a frozen page, one or several receivers, and the desk."""
    assert not missing(), missing()
    make_certificate(folder)
    text = CONFIGURATION.read_text(encoding="utf-8")
    listeners = sorted(set(re.findall(r"^\s*listen ([^\s;]+)", text, re.MULTILINE)))
    ports = dict(zip(listeners, free_ports(len(listeners)), strict=True))
    (folder / "nginx.conf").write_text(
        _moved(text, ports, folder, page, {8001: receiver_ports, 8002: [desk_port]})
    )
    for name in TEMPORARY:
        (folder / name).mkdir()
    take_moved(page, folder)
    command = [_program(), "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    running = Nginx(ports, folder, ssl.create_default_context(cafile=folder / "certificate.pem"))
    try:
        _wait(running, process)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=20)


def take_moved(page: Path, folder: Path) -> str:
    """Give nginx where the page moved, as the page's unit does; returns what it is given."""
    taken = folder / "moved.map"
    subprocess.run(["sh", MOVED, page / "_moved.map", taken], check=True, timeout=60)
    return taken.read_text(encoding="utf-8")


def _program() -> str:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


def _moved(
    text: str, ports: Mapping[str, int], folder: Path, page: Path, behind: Mapping[int, Sequence[int]]
) -> str:
    """Put ports, paths and the user of this test into the configuration, and leave all else as it is."""
    temporary = "".join(f"    {name}_temp_path {folder / name};\n" for name in TEMPORARY)
    changes = {
        r"(?m)^user .*;": f"user {pwd.getpwuid(os.geteuid()).pw_name};",
        r"(?m)^pid .*;": f"pid {folder}/pid;",
        r"(?m)^http \{\n": f"http {{\n{temporary}",
        r"(?<=\n)(\s*ssl_certificate) .*;": rf"\1 {folder}/certificate.pem;",
        r"(?<=\n)(\s*ssl_certificate_key) .*;": rf"\1 {folder}/key.pem;",
        r"root /srv/candle-page/site;": f"root {page};",
        r"include /var/lib/candle-nginx/moved\*\.map;": f"include {folder}/moved*.map;",
    }
    for written, those in behind.items():
        changes[rf"server 127\.0\.0\.1:{written};"] = " ".join(f"server 127.0.0.1:{port};" for port in those)
    for pattern, replacement in changes.items():
        text, found = re.subn(pattern, replacement, text)
        assert found == 1, pattern
    return re.sub(r"(?m)^(\s*listen) ([^\s;]+)", lambda m: f"{m[1]} 127.0.0.1:{ports[m[2]]}", text)


def make_certificate(folder: Path, days: int = 2) -> None:
    """Make a certificate that signs itself, for the three names, and its key."""
    names = f"subjectAltName=DNS:{PAGE},DNS:{POST},DNS:{DESK}"
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem"
    command = f"openssl req -x509 {key} -out certificate.pem -days {days} -subj /CN=candle -addext {names}"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)


def _wait(running: Nginx, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process.poll() is None, running.log
        try:
            running.connect(PAGE).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(running.log)
