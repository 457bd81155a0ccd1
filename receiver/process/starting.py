"""What is looked at before a start: which keys this process can read, and who else can read the settings."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click

from campaign import settings as operator
from campaign.errors import SettingsError
from campaign.settings import CONFIG, Settings, readable_approval_keys

LOOPBACK = ("127.0.0.1", "localhost", "::1")
IDENTITY = b"AGE-SECRET-KEY-1"
LONGEST_KEY_FILE = 64 * 1024  # bytes; what is longer is no key file


def look(*, public: bool) -> None:
    """Warn of what lies open, and refuse the `public` half alone where it can read a key that approves.

    Raises:
        SettingsError: naming each place of such a key, and the remedy; or a setting that cannot be used.
    """
    settings = operator.load()
    if public:
        refuse_approval_keys(readable_approval_keys())
    for warning in warnings(settings):
        click.echo(f"receiver: warning: {warning}", err=True)


def refuse_approval_keys(places: list[str]) -> None:
    """Refuse to go on where there are any: whoever breaks into the public half could approve their own words.

    Raises:
        SettingsError: naming the places, and the remedy.
    """
    if places:
        raise SettingsError(
            f"{', '.join(places)}: the public half can read this key, and whoever breaks in there could "
            "approve anything; keep it in a file that only the desk's user may read, named by "
            "approval_key_file, as docs/operators.md says under Keys"
        )


def warnings(settings: Settings, config: Path = CONFIG) -> Iterator[str]:
    """Say which secrets lie where others may find them."""
    if config.exists() and config.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP):
        yield f"{config}: others can read or change it; chmod o=,g-w {config}"
    if not _all_on_loopback(settings):
        for folder in dict.fromkeys([settings.erasures_file.parent, config.parent]):
            for path in _identities(folder):
                yield (
                    f"{path}: holds a secret age key, which opens what is sealed in the database beside it; "
                    "carry it to an offline machine, and take it away from here"
                )


def _all_on_loopback(settings: Settings) -> bool:
    """Tell whether it is only tried out: `build.py run` keeps an identity beside its database."""
    return all(urlsplit(url).hostname in LOOPBACK for url in (*settings.site_url, settings.receiver_url))


def _identities(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*")):
        try:
            status = path.lstat()
            short = stat.S_ISREG(status.st_mode) and status.st_size <= LONGEST_KEY_FILE
            if short and IDENTITY in path.read_bytes().upper():
                yield path
        except OSError:
            continue  # not ours to read, or gone meanwhile
