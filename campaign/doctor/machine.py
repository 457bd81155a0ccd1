"""The machine: its clock, its disk, the program's parts and fonts."""

from __future__ import annotations

import re
import shutil
import stat
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from campaign.cards.fonts.families import FAMILIES
from campaign.doctor.installation import Installation

# What the 32-bit words of a whole font file add up to: https://learn.microsoft.com/typography/opentype/spec/otff
WHOLE = 0xB1B0AFBA
PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
MEGABYTE = 1 << 20


def find_clock(installation: Installation) -> Iterator[str]:
    """Report that nothing sets the clock."""
    if installation.clock() is False:
        yield (
            "the clock is set by nobody; timedatectl set-ntp true, and erasures come neither early nor late"
        )


def find_disk(installation: Installation) -> Iterator[str]:
    """Name the places where hardly any room is left; each disk once."""
    settings = installation.settings
    folders = map(_there, (settings.build_dir, settings.erasures_file.parent))
    places = {folder.stat().st_dev: folder for folder in folders}
    for place in places.values():
        free = free_megabytes(place)
        if free < installation.least_free // MEGABYTE:
            yield (f"{place}: {free} MB are free; make room, or supporters are told to come again")


def free_megabytes(folder: Path) -> int:
    """Tell how much room is left where a folder is, or is going to be."""
    return shutil.disk_usage(_there(folder)).free // MEGABYTE


def find_fonts(installation: Installation) -> Iterator[str]:
    """Name fonts that are missing or damaged: a card would lack letters."""
    for family in FAMILIES:
        path = installation.fonts / family.file
        if not _is_whole(path):
            yield f"{path}: is not whole; git checkout -- campaign/cards/fonts"


def find_versions(installation: Installation) -> Iterator[str]:
    """Name each part that is installed at another version than the one that was tested."""
    pinned = defaultdict[str, list[str]](list)  # several of a name are for several versions of Python
    for name, pin in PIN.findall(installation.pins.read_text(encoding="utf-8")):
        pinned[name].append(pin)
    for name, pins in pinned.items():
        try:
            installed = version(name)
        except PackageNotFoundError:
            continue  # for another machine than this, or its lack stops the program anyway
        if installed not in pins:
            yield f"{name}: {installed} is installed and {' or '.join(pins)} is pinned; make install"


def find_unreadable(folder: Path) -> Iterator[str]:
    """Name the first file kept from the group that a folder is lent to: the public half does not start."""
    if not folder.is_dir():
        return  # said with the content
    lent = folder.stat()
    if not lent.st_mode & stat.S_IRGRP:
        return  # one user runs everything
    for path in sorted(folder.rglob("[!.]*")):
        found = path.lstat()
        read = stat.S_IRGRP if found.st_gid == lent.st_gid else stat.S_IROTH
        if not found.st_mode & read and "__pycache__" not in path.parts:  # without, it is read all the same
            yield (
                f"{path}: the public half's user cannot read it; "
                f"chgrp -R --reference={folder} {folder} && chmod -R g=rX {folder}"
            )
            return


def _there(path: Path) -> Path:
    """Give the nearest folder that is there already."""
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def _is_whole(path: Path) -> bool:
    try:
        held = path.read_bytes()
    except OSError:
        return False
    words = array("I", held + bytes(-len(held) % 4))
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF == WHOLE
