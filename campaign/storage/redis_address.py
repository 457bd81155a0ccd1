"""Where limits are counted: the address of a Redis, or this machine's memory."""

from __future__ import annotations

from urllib.parse import urlsplit

from campaign.errors import SettingsError

SCHEMES = ("redis://", "rediss://")  # in small letters: the client knows no others


def redis_address(url: str) -> str | None:
    """Return the address of the Redis that `limits_url` names, None where limits are kept in memory.

    Raises:
        SettingsError: it is neither; it is not repeated, because it may hold a password.
    """
    try:
        is_redis = url.startswith(SCHEMES) and urlsplit(url).port != 0
    except ValueError:
        is_redis = False
    if is_redis:
        return url
    if url != "memory://":
        raise SettingsError("CANDLE_LIMITS_URL: write memory://, or redis://HOST:PORT/0; it is neither")
    return None
