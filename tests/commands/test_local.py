import stat

import pytest
from click.testing import CliRunner

from build import cli
from campaign import settings
from campaign.errors import CandleError
from commands import run as running
from commands.shared import local


def test_fresh_keys_are_written_once_and_only_for_their_owner(tmp_path):
    folder = tmp_path / "instance"
    config = local.prepare_instance(folder)
    loaded = settings.load({}, file=config)
    loaded.require_keys()
    assert len(loaded.age_recipients) == 1
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "age-identity.txt").stat().st_mode) == 0o600
    assert settings.load({}, file=local.prepare_instance(folder)) == loaded


def test_an_identity_without_its_config_is_not_overwritten(tmp_path):
    local.prepare_instance(tmp_path).unlink()
    with pytest.raises(CandleError, match=r"config\.toml: missing, but .*age-identity\.txt is there"):
        local.prepare_instance(tmp_path)


def test_a_run_says_at_once_what_it_waits_for(monkeypatch):
    def build(*_: object, **__: object) -> None:
        raise CandleError("the page is built")

    monkeypatch.setattr(local, "prepare_instance", lambda: None)
    monkeypatch.setattr(running, "freeze", build)
    said = CliRunner().invoke(cli, ["run"])
    assert said.stdout.startswith("Building the page"), said.output


def test_two_machines_get_different_keys(tmp_path):
    first, second = (settings.load({}, file=local.prepare_instance(tmp_path / name)) for name in "ab")
    assert first.secret_key != second.secret_key
    assert first.approval_key != second.approval_key
