"""A terminal obeys nothing that a command prints: who writes to the database would write on it."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys

import pytest

from campaign import ROOT
from commands.shared.output import PlainTerminal, make_plain
from tests.support.terminal import environ

COMMANDS = "\x1b]52;c;bHM=\x07\x1b[2J\r\x9b1A"  # fill the clipboard, empty the screen, go back


def shown(tmp_path, database, *arguments: str) -> bytes:
    """Give what a command shows on a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, str(ROOT / "build.py"), *arguments]
    process = subprocess.Popen(command, env=environ(database, tmp_path), stdout=theirs, stderr=theirs)
    os.close(theirs)
    read = b""
    try:
        while piece := os.read(ours, 65536):
            read += piece
    except OSError:  # so Linux tells the end of a terminal
        pass
    finally:
        os.close(ours)
    process.wait(60)
    return read


@pytest.mark.slow
def test_what_is_printed_commands_no_terminal(tmp_path, database):
    found = shown(tmp_path, database, "cards", f"nobody{COMMANDS}ß")
    assert "nobody\ufffd]52;c;bHM=\ufffd\ufffd[2J\ufffd\ufffd1Aß".encode() in found
    assert not set("\x1b\x07\x9b") & set(found.decode())


@pytest.mark.parametrize("sign", ["\u202e", "\u202d", "\u202b", "\u2066", "\u2067", "\u2069"])
def test_no_word_that_is_printed_turns_those_behind_it_around(tmp_path, sign):
    with (tmp_path / "shown").open("w+", encoding="utf-8") as stream:
        PlainTerminal(stream).write(f"message m{sign}1: rejected")
        stream.seek(0)
        assert stream.read() == "message m\ufffd1: rejected"


def test_a_file_s_name_of_any_bytes_ends_no_command(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, "utf-8", write_through=True))
    make_plain()
    name = os.fsdecode(b"sheets\xff.pdf")
    sys.stdout.write(json.dumps(name, ensure_ascii=False))
    assert json.loads(written.getvalue()) == name
