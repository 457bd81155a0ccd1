"""Files that hold signing keys and nothing else: a process that may not read one goes without its key."""

from __future__ import annotations

from pathlib import Path

from campaign.errors import SettingsError

REMEDY = "write the key into it and nothing else, or take the setting away"


def read_keys(path: Path) -> tuple[str, ...]:
    """Read keys, one a line; none where this process is not permitted to read the file.

    Raises:
        SettingsError: the file is missing, empty, or no text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except PermissionError:
        return ()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}; {REMEDY}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8; {REMEDY}") from error
    keys = tuple(filter(None, map(str.strip, text.splitlines())))
    if not keys:
        raise SettingsError(f"{path}: holds no key; {REMEDY}")
    return keys


def read_key(path: Path) -> str:
    """Read the one key of a file; "" where this process is not permitted to.

    Raises:
        SettingsError: the file is missing or holds something else than one key.
    """
    keys = read_keys(path)
    if len(keys) > 1:
        raise SettingsError(f"{path}: holds more than one key; {REMEDY}")
    return keys[0] if keys else ""


def readable(path: Path) -> bool:
    """Tell whether this process can read a key there."""
    try:
        return bool(read_keys(path))
    except SettingsError:
        return False
