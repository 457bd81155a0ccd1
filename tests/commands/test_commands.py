"""build.py as a person runs it: what it prints, where, and how it ends."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from build import cli
from campaign import ROOT
from campaign.pages.git_revision import checkout

pytestmark = pytest.mark.slow  # each command is a process of its own


def test_help_lists_the_commands_by_who_uses_them(build):
    shown = build("--help").stdout
    for title in ("To try it:", "For editors:", "For staff:", "For operators:"):
        assert title in shown


def test_the_version_is_told_with_its_revision():
    told = CliRunner().invoke(cli, ["--version"]).stdout
    assert told.startswith("Candle 0.1.0")
    assert checkout().revision in told


@pytest.mark.parametrize(
    "arguments",
    [
        "check",
        "--help",
        pytest.param("keys new", marks=pytest.mark.soak),
        pytest.param("keys --help", marks=pytest.mark.soak),
        pytest.param("batches mikita list --json", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("to", [">/dev/full", ">/dev/full 2>/dev/full", "| true"])
def test_what_cannot_be_written_is_told_in_a_line(environ, arguments, to):
    command = f"set -o pipefail; {sys.executable} build.py {arguments} {to}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 or to == "| true"
    assert "Traceback" not in done.stderr
    told = "not everything could be written: No space left on device; make room for it\n"
    assert done.stderr == (told if to == ">/dev/full" else "")


@pytest.mark.parametrize(
    "arguments",
    [
        *(("nosuch",), ("cards",), ("cards", "mikita", "--limit", "0"), ("batches", "mikita", "void", "1")),
        *(("batches", "mikita", "show", "9" * 30), ("purge", "--backups", "")),
    ],
)
def test_wrong_usage_ends_with_status_2(build, arguments):
    done = build(*arguments)
    assert done.returncode == 2
    assert "Usage:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(("chekc",), "check"), (("check", "--strikt"), "--strict"), (("batches", "mikita", "lst"), "list")],
)
def test_a_misspelt_command_or_option_is_told_the_one_that_was_meant(build, arguments, meant):
    assert f"Did you mean '{meant}'?" in build(*arguments).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cards", "nobody"), "nobody: no such campaign; there are: mikita"),
        (("cards", "mikta"), "mikta: no such campaign; did you mean mikita? there are: mikita"),
        (("translate", "bee", "mikita"), "mikita is not translated into 'bee'; did you mean be?"),
        (("messages", "mikita", "approve", "nosuchid"), "nosuchid: no message with this id"),
        (("batches", "mikita", "printed", "7"), "7"),
        (("staff", "reset", "nobody"), "nobody"),
        (("staff", "add", os.fsdecode(b"Olga\xff")), "no UTF-8; write it in UTF-8"),
    ],
)
def test_a_refusal_is_one_plain_sentence_on_stderr(build, arguments, words):
    done = build(*arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_nothing_ready_is_no_failure(build):
    done = build("cards", "mikita")
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing ready:")
