"""Which secrets lie where others may find them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from campaign import ROOT
from campaign.doctor.installation import Installation, on_loopback
from campaign.keys import sealing
from campaign.settings import Settings

IDENTITY = "AGE-SECRET-KEY-1"
LONGEST_KEY_FILE = 64 * 1024  # bytes; what is longer is no key file
OTHERS = stat.S_IROTH | stat.S_IWOTH
OPEN = OTHERS | stat.S_IWGRP


def find(settings: Settings, config: Path) -> Iterator[str]:
    """Name the settings' file where others read it, and each secret age key beside it or the database."""
    if _mode(config) & OPEN:
        yield f"{config}: others can read or change it; chmod o=,g-w {config}"
    if not on_loopback(settings):
        for folder in dict.fromkeys([settings.erasures_file.parent, config.parent]):
            for path in _identities(folder):
                yield (
                    f"{path}: holds a secret age key, which opens what is sealed in the database beside it; "
                    "carry it to an offline machine, and take it away from here"
                )


def find_files(installation: Installation) -> Iterator[str]:
    """Name the files of keys and of messages that others than their owners can read."""
    settings = installation.settings
    for key in filter(None, [settings.approval_key_file, settings.approval_key_fallbacks_file]):
        if _mode(ROOT / key) & (OPEN | stat.S_IRGRP) and not _lent(key):
            yield f"{key}: others than its user can read it; chmod 600 {key}"
    scheme, _, path = settings.database_url.partition(":///")
    if scheme.startswith("sqlite") and path:
        yield from find_open(Path(path))


def find_open(path: Path) -> Iterator[str]:
    """Name a file of messages that everybody on this machine can read."""
    if _mode(path) & OTHERS:
        yield f"{path}: others can read it; chmod o= {path}"


def _lent(key: str) -> bool:
    """Tell whether systemd lends this key to the process at hand, and keeps all others out by itself."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return bool(folder) and Path(key).is_relative_to(str(folder))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):  # the latter of a name that nobody here wrote into the database
        return 0


def _identities(folder: Path) -> Iterator[Path]:
    with suppress(OSError):  # not ours to look into
        yield from filter(_holds_identity, sorted(folder.glob("*")))


def _holds_identity(path: Path) -> bool:
    try:
        status = path.lstat()
        short = stat.S_ISREG(status.st_mode) and status.st_size <= LONGEST_KEY_FILE
        return short and IDENTITY in sealing.text_of(path.read_bytes()).upper()
    except OSError:
        return False  # not ours to read, or gone meanwhile
