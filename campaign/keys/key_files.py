"""Files that hold signing keys and nothing else: a process that may not read one goes without its key."""

from __future__ import annotations

from pathlib import Path

from campaign.errors import SettingsError

REMEDY = "write the key into it and nothing else, or take the setting away"


def read_keys(path: Path) -> tuple[str, ...]:
    """Read keys, one a line, or none; none either where this process is not permitted to read the file.

    Raises:
        SettingsError: the file is missing, or no text.
    """
    return _lines(path) or ()


def read_key(path: Path) -> str:
    """Read the one key of a file; "" where this process is not permitted to.

    Raises:
        SettingsError: the file is missing or holds something else than one key.
    """
    keys = _lines(path)
    if keys == ():
        raise SettingsError(f"{path}: holds no key; {REMEDY}")
    if keys and len(keys) > 1:
        raise SettingsError(f"{path}: holds more than one key; {REMEDY}")
    return keys[0] if keys else ""


def readable(path: Path) -> bool:
    """Tell whether this process can read a key there."""
    try:
        return bool(read_keys(path))
    except SettingsError:
        return False


def _lines(path: Path) -> tuple[str, ...] | None:
    """Read them; None where that is not permitted."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except PermissionError:
        return None
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}; {REMEDY}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8; {REMEDY}") from error
    return tuple(filter(None, map(str.strip, text.splitlines())))
