import os
import select
import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from build import cli
from campaign import ROOT, settings
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


def test_a_run_says_at_once_what_it_waits_for_and_another_is_refused(monkeypatch, tmp_path):
    another = []

    def build(*_: object, **__: object) -> None:
        another.append(CliRunner().invoke(cli, ["run"]))
        raise CandleError("the page is built")

    monkeypatch.setattr(local, "prepare_instance", lambda: tmp_path / "config.toml")
    monkeypatch.setattr(running, "freeze", build)
    said = CliRunner().invoke(cli, ["run"])
    assert said.stdout.startswith("Building the page"), said.output
    assert "run goes on here already" in another[0].stderr
    assert another[0].exit_code == 1


def test_two_machines_get_different_keys(tmp_path):
    first, second = (settings.load({}, file=local.prepare_instance(tmp_path / name)) for name in "ab")
    assert first.secret_key != second.secret_key
    assert first.approval_key != second.approval_key


BEGUN = """
import multiprocessing, os, time
from pathlib import Path
from campaign.pages.preview import proofreading
from commands.shared import local
(port,) = local.free_ports(1)
config = local.local_settings("http://127.0.0.1:1", f"http://127.0.0.1:{port}")
with local.receiving(config, Path("log").absolute()), proofreading.apart() as look:
    look(divmod, 1, 1)
    receiver = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[0]
    print(receiver, multiprocessing.active_children()[0].pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
def test_what_run_and_preview_began_goes_with_them_when_they_are_killed(tmp_path):
    environ = os.environ | {
        "PYTHONPATH": str(ROOT),
        "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/candle.sqlite",
        "CANDLE_SECRET_KEY": "s" * 48,
        "CANDLE_APPROVAL_KEY": "a" * 48,
    }
    command = [sys.executable, "-c", BEGUN]
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True) as begun:
        ends = [os.pidfd_open(int(process)) for process in begun.stdout.readline().split()]
        begun.kill()
    assert len(ends) == 2
    for end in ends:
        assert select.select([end], [], [], 20)[0], "it goes on without whoever began it"
        os.close(end)
