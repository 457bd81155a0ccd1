"""Trouble is told: what a failed unit has said reaches the script that the operator fills in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from campaign import ROOT

DEPLOY = ROOT / "deploy"
SCRIPT = DEPLOY / "tell.sh"
SAID = "mikita: messages wait for review, 3 since 2026-11-01; read them at the desk\n"


def stub(folder: Path, name: str, script: str) -> None:
    """Put a program in the place of the machine's."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def run(
    command: list[str], folder: Path, said: str = SAID, **environ: str
) -> subprocess.CompletedProcess[str]:
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run(command, input=said, env=path | environ, capture_output=True, text=True, check=True)


def filled_in(folder: Path, *names: str) -> Path:
    text = SCRIPT.read_text(encoding="utf-8")
    for name in names:
        text, filled = re.subn(rf"(?m)^{name}= # (.*)$", rf"{name}=\1", text)
        assert filled == 1
    (folder / "tell").write_text(text)
    return folder / "tell"


@pytest.mark.parametrize("names", [("PUSH",), ("MAIL", "SMTP", "SMTP_USER")], ids=["push", "mail"])
def test_each_way_of_telling_sends_the_unit_and_what_it_said(tmp_path: Path, names: tuple[str, ...]) -> None:
    script = filled_in(tmp_path, *names)
    stub(tmp_path, "curl", 'echo "asked $*"; cat; case "$*" in *fd/3*) cat <&3;; esac')
    sent = run(["sh", str(script), "candle-doctor.service"], tmp_path).stdout
    (asked,) = [line for line in sent.splitlines() if line.startswith("asked ")]
    assert "Candle: candle-doctor.service" in sent
    assert SAID in sent
    assert "YOUR-PASSWORD" not in asked  # else everybody on this machine reads it in the list of processes
    assert ("YOUR-PASSWORD" in sent) == ("MAIL" in names)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
def test_what_cannot_be_sent_at_once_is_sent_a_moment_later(tmp_path: Path) -> None:
    got: list[bytes] = []

    class Busy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(503 if len(got) == 1 else 200)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"PUSH=http://127.0.0.1:{server.server_port} #"
        (tmp_path / "tell").write_text(SCRIPT.read_text(encoding="utf-8").replace("PUSH= #", here))
        run(["sh", str(tmp_path / "tell"), "candle-doctor.service"], tmp_path)
        server.shutdown()
    assert got == [SAID.encode()] * 2


def test_what_a_unit_said_is_no_header_of_the_mail_and_does_not_end_it(tmp_path: Path) -> None:
    """What the receiver says is theirs who took it over; curl doubles a dot after CR LF alone."""
    script = filled_in(tmp_path, "MAIL", "SMTP", "SMTP_USER")
    stub(tmp_path, "curl", f"cat > {tmp_path}/mail")
    hostile = "Bcc: a@example.org\n\r\n.\nMAIL FROM:<you@example.org>\r.\r\nQUIT\n"
    run(["sh", str(script), "candle-receiver.service"], tmp_path, hostile)
    headers, _, body = (tmp_path / "mail").read_bytes().partition(b"\r\n\r\n")
    assert [line.split(b":")[0] for line in headers.split(b"\r\n")] == [b"From", b"To", b"Subject"]
    assert body == b"Bcc: a@example.org\r\n\r\n.\r\nMAIL FROM:<you@example.org>.\r\nQUIT\r\n"


def test_a_script_that_nobody_filled_in_sends_nothing_and_says_so(tmp_path: Path) -> None:
    done = run(["sh", str(SCRIPT), "candle-doctor.service"], tmp_path)
    assert done.stdout == ""
    assert SAID in done.stderr
    assert "nobody was told that candle-doctor.service failed: fill in" in done.stderr


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({"MONITOR_INVOCATION_ID": "abc"}, "_SYSTEMD_INVOCATION_ID=abc + INVOCATION_ID=abc _PID=1"),
        ({}, "--unit=candle-purge.service"),
    ],
    ids=["the run that failed", "by hand"],
)
def test_the_unit_hands_on_what_the_journal_holds(
    tmp_path: Path, environ: dict[str, str], asked: str
) -> None:
    unit = (DEPLOY / "candle-tell@.service").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^ExecStart=/bin/sh -c '(.*)'$", unit)
    line = line.replace("%i", "candle-purge.service").replace("$$", "$")  # as systemd does
    line = line.replace("/usr/local/bin/candle-tell", "candle-tell")
    stub(tmp_path, "journalctl", 'echo "asked $*"')
    stub(tmp_path, "candle-tell", 'echo "told $1"; cat')
    said = run(["sh", "-c", line], tmp_path, **environ).stdout
    assert said.splitlines()[0] == "told candle-purge.service"
    assert said.splitlines()[1].endswith(asked)


def test_what_is_started_again_is_told_too(tmp_path: Path) -> None:
    """systemd 252 leaves OnFailure= out where Restart= follows.

    It counts the starts of what some unit names. Seen by another name: 18 in 40 seconds, not 4 an hour.
    """
    stub(tmp_path, "systemctl", 'echo "$*"')
    again = [unit for unit in DEPLOY.glob("candle-*.service") if "Restart=always" in unit.read_text("utf-8")]
    assert {unit.name for unit in again} == {"candle-receiver.service", "candle-desk.service"}
    for unit in again:
        text = unit.read_text(encoding="utf-8").replace("%n", unit.name)
        (named,) = re.findall(r"(?m)^OnFailure=(.*)$", text)
        (line,) = re.findall(r"(?m)^ExecStopPost=-\+/bin/sh -c '(.*)'$", text)
        told = f"start --no-block {named}\n"
        assert run(["sh", "-c", line], tmp_path, SERVICE_RESULT="signal").stdout == told
        assert run(["sh", "-c", line], tmp_path, SERVICE_RESULT="success").stdout == ""
