"""The units in deploy/, as systemd reads them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.content.campaign_toml.moved import Moved
from campaign.pages.redirects import nginx_rules
from tests.support.nginx import take_moved
from tests.support.table import table
from tests.support.two_users import section

DEPLOY = ROOT / "deploy"
SERVICES = sorted(
    unit for unit in DEPLOY.glob("candle-*.service") if ".venv/bin/python" in unit.read_text(encoding="utf-8")
)


def told(unit: Path, name: str) -> list[str]:
    """Give what a unit says to a name, line by line."""
    return re.findall(rf"(?m)^{name}=(.*)$", unit.read_text(encoding="utf-8"))


def moved(unit: Path, folder: Path) -> Path:
    """Put this machine's folder and user into a unit, and leave all else as it is."""
    text = unit.read_text(encoding="utf-8").replace("/srv/candle", str(ROOT))
    text = text.replace("/usr/bin/docker", "/bin/true")
    text = re.sub(r"(?m)^(User|Group|SupplementaryGroups)=candle[\w-]*$", r"\1=daemon", text)
    (folder / unit.name).write_text(text, encoding="utf-8")
    return folder / unit.name


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze on this machine")
    return [moved(unit, tmp_path) for unit in sorted(DEPLOY.glob("candle-*.*"))]


def test_systemd_accepts_every_unit(units: list[Path]) -> None:
    assert len(units) == 12
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_finds_every_service_locked_in(units: list[Path]) -> None:
    for unit in units:
        if unit.suffix == ".service" and "compose" not in unit.name:  # that one only asks Docker
            command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr


@table(
    ("names", "says"),
    [
        ("candle-*[!@].service", r"OnFailure=candle-tell@%n\.service"),  # whatever fails is told
        ("candle-*[!@].service", r"After=.* postgresql\.service redis-server\.service"),  # which recover
        ("candle-tell@.service", "StartLimitIntervalSec=1h\nStartLimitBurst=4"),  # and a few times alone
        ("*.timer", r"After=time-sync\.target"),  # what erases waits for the clock
        ("*.timer", "Persistent=true"),  # and is done after a night without the machine
        ("candle-*[!@].service", "LimitCORE=0\nMemorySwapMax=0"),  # words are in memory for a moment
        ("candle-[bdr]*.service", "UMask=0077"),
        ("candle-receiver.service", "InaccessiblePaths=.*/instance/approval_key .*/_build .*/backups/candle"),
        ("candle-doctor.service", r"ExecStart=-.* build\.py status\n(#.*\n)*ExecStart=.* build\.py doctor"),
        ("candle-page.service", r"ExecStartPost=-.*/candle-moved\nExecStartPost=-.* reload nginx\.service"),
        ("candle-compose@.service", r"ExecStartPost=-.*/candle-moved\nExecStartPost=-.* nginx -s reload"),
    ],
)
def test_units_say_what_the_docs_say_of_them(names: str, says: str) -> None:
    found = sorted(DEPLOY.glob(names))
    assert found
    assert [unit.name for unit in found if not re.search(f"(?m)^{says}$", unit.read_text("utf-8"))] == []


def test_nginx_is_given_no_line_of_the_page_but_where_pages_moved(tmp_path: Path) -> None:
    """Else whoever holds the user that builds the page keeps nginx from starting."""
    page = tmp_path / "page"
    page.mkdir()
    good = "".join(f"{rule}\n" for rule in nginx_rules({"/mikita/by/": Moved("/mikita/be/")}))
    bad = [
        "include /etc/passwd;",
        "}",
        '"~^/a(" /b/;',
        good.strip() + " }",
        "/a //evil.org/;",
        good.replace("/be", "/b" * 400),
    ]
    written = page / "_moved.map"
    written.write_text("\n".join([*bad, good]), encoding="utf-8")
    assert take_moved(page, tmp_path) == good
    other = written.rename(tmp_path / "elsewhere")
    written.symlink_to(other)
    assert take_moved(page, tmp_path) == ""
    written.unlink()
    os.mkfifo(written)
    assert take_moved(page, tmp_path) == ""
    written.unlink()
    assert take_moved(page, tmp_path) == ""


def test_systemd_finds_the_program_as_each_unit_s_user() -> None:
    """With PrivateUsers= it knows the unit's own user and group alone, and opens no folder of another group.

    Seen with systemd 252: "Failed to locate executable /srv/candle/.venv/bin/python: Permission denied".
    """
    (owner,) = re.findall(r"(?m)^chown -R candle:([\w-]+) /srv/candle$", section("Install"))
    assert len(SERVICES) == 6
    for unit in SERVICES:
        own = told(unit, "Group") or told(unit, "User")  # a user's group has its name
        assert (told(unit, "PrivateUsers"), own) == (["yes"], [owner]), unit.name
