"""Everything on this one machine: the page, the receiver beside it, and a staff login for this run."""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Connection

from campaign import ROOT, settings
from campaign.accounts import staff
from campaign.accounts.staff_log import Scribe
from campaign.errors import CandleError
from campaign.keys import sealing
from campaign.settings import Settings
from campaign.storage import disk
from commands.shared.clock import now
from commands.shared.database import open_database

NAME = "local"  # of the account for one run
SLOWEST_START = 30.0  # seconds until the receiver must be healthy


def prepare_instance(folder: Path = ROOT / "instance") -> Path:
    """Write `config.toml` with fresh keys where there is none yet, and return its path.

    The age identity that opens supporters' details lies beside it: good enough to see the whole form on
    one machine, and never for a real campaign, whose identity stays on an offline machine.
    """
    config = folder / "config.toml"
    if config.exists():
        return config
    disk.private_folder(folder)
    if (identity := folder / "age-identity.txt").exists():
        raise CandleError(
            f"{config}: missing, but {identity} is there; put the first back, or move the second away"
        )
    public, secret = sealing.new_key()
    _write_secret(identity, f"# public key: {public}\n{secret}\n")
    lines = [
        "# Keys made for trying Candle out on this machine. For a real campaign see docs/operators.md.",
        f'secret_key = "{secrets.token_urlsafe(48)}"',
        f'approval_key = "{secrets.token_urlsafe(48)}"',
        f'age_recipients = ["{public}"]',
    ]
    _write_secret(config, "\n".join(lines) + "\n")
    return config


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder of the instance while the block runs: another run would share page and login.

    Raises:
        CandleError: another run holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CandleError("build.py run goes on here already: use that one, or stop it first") from None
    finally:
        os.close(descriptor)


def _write_secret(file: Path, text: str) -> None:
    with disk.private_file(file) as handle:
        handle.write(text.encode())


def free_ports(count: int) -> list[int]:
    """Return different TCP ports of 127.0.0.1 that nothing listens on."""
    with ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in sockets]


@contextmanager
def receiving(config: Settings, log: Path, environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Run `python -m receiver` for `config.receiver_url` while the block runs, and give its origin.

    What it says goes to `log`. It gets a process group of its own, so that Ctrl-C reaches it as a polite
    stop from here, after the requests that it accepted; a kill of this process ends it by its pipe.

    Raises:
        CandleError: it ended, or was not healthy after `SLOWEST_START` seconds.
    """
    port = config.receiver_url.rpartition(":")[2]
    command = [sys.executable, "-m", "receiver", "--host", "127.0.0.1", "--port", port, "--lifeline", "0"]
    variables = {
        **environ,
        "CANDLE_SITE_URL": " ".join(config.site_url),
        "CANDLE_RECEIVER_URL": config.receiver_url,
        "CANDLE_DATABASE_URL": config.database_url,
        "CANDLE_SECOND_FACTOR": config.second_factor,
    }
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 # our own command
            command,
            cwd=ROOT,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            _wait_until_healthy(config.receiver_url, process, log)
            yield config.receiver_url
        finally:
            _stop(process)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SLOWEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CandleError(
                f"the receiver ended with status {process.returncode}; the end of {log} says why:\n"
                + "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
            )
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310 # our own, on 127.0.0.1
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise CandleError(f"the receiver was not healthy after {SLOWEST_START:g} s; see {log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def login(config: Settings) -> Iterator[str]:
    """Let `NAME` in by a fresh password while the block runs, and lock the account after it."""
    keys, by = config.approval_keys, Scribe.of(config)
    with open_database() as opened:
        password = opened.write(by.recording(lambda c: _let_in(c, keys), "let in", NAME))
        try:
            yield password
        finally:
            opened.write(by.recording(lambda c: staff.disable(c, NAME, keys), "disabled", NAME))


def _let_in(connection: Connection, keys: Sequence[str]) -> str:
    if staff.get(connection, NAME, keys):
        return staff.reset(connection, NAME, keys)
    return staff.add(connection, NAME, keys, now().date())


def local_settings(site_url: str, receiver_url: str) -> Settings:
    """Return this machine's settings with the addresses of this run in place of the configured ones."""
    variables = {**os.environ, "CANDLE_SITE_URL": site_url, "CANDLE_RECEIVER_URL": receiver_url}
    return settings.load({**variables, "CANDLE_SECOND_FACTOR": "off"})
