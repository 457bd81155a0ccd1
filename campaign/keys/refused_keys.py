"""What is refused of the keys that sign receipts, tokens and approvals: too short, the same, out of reach."""

from __future__ import annotations

from collections.abc import Sequence

from campaign.errors import SettingsError

SHORTEST = 32  # characters


def require(name: str, file: str, key: str, fallbacks: Sequence[str]) -> None:
    """Refuse a key that is missing or short, and short ones that are still believed: each can be forged.

    Raises:
        SettingsError: naming the key, or the file that this process may not read.
    """
    if file and not key:
        raise SettingsError(
            f"{file}: this process is not permitted to read the {name} in it; "
            "run this as the user whom the file belongs to"
        )
    if len(key) < SHORTEST:
        raise SettingsError(
            f"{file or _variable(name)}: missing or shorter than {SHORTEST} characters; "
            'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if any(len(older) < SHORTEST for older in fallbacks):
        fault = f"one is shorter than {SHORTEST} characters; write whole keys without spaces"
        raise SettingsError(f"{_variable(name)}_FALLBACKS: {fault}")


def check_different(secret_keys: Sequence[str], approval_keys: Sequence[str]) -> None:
    """Refuse a key with two tasks: whoever holds it for the one could do the other.

    Raises:
        SettingsError: it signs both, or is its own fallback; a list begins with the key in use.
    """
    if set(filter(None, secret_keys)) & set(filter(None, approval_keys)):
        raise SettingsError("CANDLE_APPROVAL_KEY: also one of CANDLE_SECRET_KEY; make a new one for each")
    for name, (key, *fallbacks) in (("secret_key", secret_keys), ("approval_key", approval_keys)):
        if key in fallbacks:
            raise SettingsError(f"{_variable(name)}_FALLBACKS: holds the key itself; take it out there")


def _variable(name: str) -> str:
    return f"CANDLE_{name.upper()}"
