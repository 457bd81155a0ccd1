"""What stops the receiver, or is warned of, before it listens."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from campaign.settings import CONFIG
from receiver import __main__ as program

KEY = "k" * 40


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Settings of the public half, of which nothing is in this checkout."""
    monkeypatch.setattr(program, "serve", lambda *_: None)
    if CONFIG.exists():
        pytest.skip(f"{CONFIG} would be read: move it away")
    return {"CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/candle.sqlite", "CANDLE_SECRET_KEY": "s" * 40}


def start(environ: dict[str, str], *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(program.main, arguments, env=environ)
    return done.exit_code, done.output


def test_the_public_half_starts_without_a_key_that_approves(environ: dict[str, str]) -> None:
    assert start(environ, "--only", "public") == (0, "")


@pytest.mark.parametrize("name", ["CANDLE_APPROVAL_KEY", "CANDLE_APPROVAL_KEY_FALLBACKS"])
def test_the_public_half_refuses_a_key_that_approves_and_names_the_variable(
    environ: dict[str, str], tmp_path: Path, name: str
) -> None:
    status, said = start(environ | {name: KEY}, "--only", "public")
    assert (status, said.startswith(f"receiver: {name}: the public half can read this key")) == (1, True)
    assert "keep the key in a file that only the desk's user may read, named by approval_key_file" in said
    assert KEY not in said
    assert not (tmp_path / "candle.sqlite").exists()


@pytest.mark.parametrize("name", ["CANDLE_APPROVAL_KEY_FILE", "CANDLE_APPROVAL_KEY_FALLBACKS_FILE"])
def test_the_public_half_refuses_a_file_that_it_can_read(
    environ: dict[str, str], tmp_path: Path, name: str
) -> None:
    (tmp_path / "key").write_text(KEY)
    status, said = start(environ | {name: str(tmp_path / "key")}, "--only", "public")
    assert (status, said.startswith(f"receiver: {tmp_path}/key: the public half can read")) == (1, True)


@pytest.mark.parametrize("arguments", [(), ("--only", "desk")])
def test_the_desk_and_both_halves_in_one_process_read_it_from_its_file(
    environ: dict[str, str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "key").write_text(KEY)
    assert start(environ | {"CANDLE_APPROVAL_KEY_FILE": str(tmp_path / "key")}, *arguments) == (0, "")


def test_a_port_that_no_machine_has_is_wrong_usage(environ: dict[str, str]) -> None:
    status, said = start(environ, "--port", "70000")
    assert (status, "70000 is not in the range" in said) == (2, True)


def test_a_warning_stops_nothing(environ: dict[str, str], tmp_path: Path, age_keys: tuple[str, str]) -> None:
    (tmp_path / "age-identity.txt").write_text(age_keys[1])
    where = {"CANDLE_SITE_URL": "https://candle.example.org"}
    status, said = start(environ | where, "--only", "public")
    assert (status, said.startswith(f"receiver: warning: {tmp_path}/age-identity.txt: ")) == (0, True)


def test_a_key_that_can_be_guessed_is_warned_of_at_each_start(environ: dict[str, str]) -> None:
    status, said = start(environ | {"CANDLE_SITE_URL": "https://candle.example.org"}, "--only", "public")
    assert (status, "receiver: warning: CANDLE_SECRET_KEY: can be guessed; make one" in said) == (0, True)
