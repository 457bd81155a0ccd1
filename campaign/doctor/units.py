"""The units of systemd, where it keeps the receiver: of this checkout, enabled, and heard by somebody."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from campaign import ROOT
from campaign.content.campaign import Campaign
from campaign.content.opening_days import zone
from campaign.doctor.installation import Installation

DEPLOY = ROOT / "deploy"
NIGHTLY = ("candle-purge.timer", "candle-backup.timer", "candle-doctor.timer")
PAGE = "candle-page.timer"  # enabled only where the page is built on this machine
NOT_FILLED_IN = re.compile(r"^(?:PUSH|MAIL)= *(?:#.*)?$", re.MULTILINE)
WAYS = 2  # of telling: by push, by mail


def find(installation: Installation, campaigns: Iterable[Campaign]) -> Iterator[str]:
    """Name units from before an upgrade, timers that start nothing, and trouble that nobody is told of."""
    installed = [
        unit for unit in sorted(DEPLOY.glob("candle-*.*")) if (installation.units / unit.name).is_file()
    ]
    if not installed:
        return  # in containers, or kept by something else
    for unit in installed:
        if not os.access(installation.units / unit.name, os.R_OK):
            yield f"{installation.units / unit.name}: cannot be read; chmod a+r {installation.units}/candle-*"
            return
        yield from _older(unit, installation.units / unit.name)
    for timer in NIGHTLY:
        if not _enabled(installation, timer):
            yield f"{timer}: starts nothing; systemctl enable --now {timer}"
    if _enabled(installation, PAGE):
        yield from _other_midnights(installation, campaigns)
    yield from _untold(installation.tell)


def _older(ours: Path, theirs: Path) -> Iterator[str]:
    """Name one line that is lacking; what somebody added is theirs."""
    there = set(_lines(theirs))
    if lacking := [line for line in _lines(ours) if line not in there]:
        yield (
            f"{theirs}: is another than in this checkout, without {lacking[0]}; "
            f"install -m 644 deploy/{ours.name} {theirs} && systemctl daemon-reload, "
            f"and write changes of your own with `systemctl edit {ours.name}`"
        )


def _lines(unit: Path) -> list[str]:
    return [line for line in _text(unit).splitlines() if line and not line.startswith(("#", ";"))]


def _text(file: Path) -> str:
    """Read what an operator may have written, in whatever encoding, or compiled."""
    return file.read_text(encoding="utf-8", errors="replace")


def _enabled(installation: Installation, timer: str) -> bool:
    return (installation.units / "timers.target.wants" / timer).is_symlink()


def _other_midnights(installation: Installation, campaigns: Iterable[Campaign]) -> Iterator[str]:
    """Name campaigns whose day begins hours before or after the page is built anew."""
    drop_ins = sorted((installation.units / f"{PAGE}.d").glob("*.conf"))
    written = "".join(_text(file) for file in (installation.units / PAGE, *drop_ins))
    here = installation.now.astimezone().utcoffset()
    for campaign in campaigns:
        name = campaign.time_zone
        there = installation.now.astimezone(zone(name)).utcoffset()
        if there != here and not re.search(rf"(?m)^OnCalendar=.* {re.escape(name)}$", written):
            yield (
                f"{campaign.slug}: its day begins in {name}, and the page is built at this machine's midnight"
                f"; systemctl edit {PAGE}, and below [Timer] write OnCalendar=*-*-* 00:02 {name}"
            )


def _untold(script: Path) -> Iterator[str]:
    """Report that nobody is told of what fails."""
    try:
        text = _text(script)
    except PermissionError:
        return  # another user's, who will know
    except OSError:
        yield f"{script}: is not there, so nobody is told what fails; install deploy/tell.sh there"
        return
    if len(NOT_FILLED_IN.findall(text)) == WAYS:
        yield f"{script}: is not filled in, so nobody is told what fails; write PUSH, or MAIL and SMTP"
