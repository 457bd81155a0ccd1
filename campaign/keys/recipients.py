"""The public keys of the settings, that details and backups are sealed to."""

from __future__ import annotations

from collections.abc import Sequence

from campaign.errors import SettingsError
from campaign.keys.sealing import is_recipient


def check_recipients(keys: Sequence[str]) -> None:
    """Refuse what is no public key, and above all a secret one.

    Raises:
        SettingsError: naming which it is; a secret key is not repeated.
    """
    for place, key in enumerate(keys, 1):
        if key.upper().startswith("AGE-SECRET-KEY"):
            raise SettingsError(
                f"CANDLE_AGE_RECIPIENTS: number {place} is a secret key, and belongs on an offline machine; "
                "write its public half here, and make a new pair if this file was ever shared"
            )
        if not is_recipient(key):
            raise SettingsError(
                f"CANDLE_AGE_RECIPIENTS: {key!r} is not an age public key; see `build.py keys new`"
            )
