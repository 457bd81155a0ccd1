"""Where limits are counted: the address of a Redis, or this machine's memory."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from campaign.errors import SettingsError

SCHEMES = ("redis://", "rediss://")  # in small letters: the client knows no others


def redis_address(url: str) -> str | None:
    """Return the address of the Redis that `limits_url` names, None where limits are kept in memory.

    Raises:
        SettingsError: it is neither; it is not repeated, because it may hold a password.
    """
    try:
        if url.startswith(SCHEMES) and urlsplit(url).port != 0:
            _understand(url)
            return url
    except (ValueError, TypeError):
        pass  # said below
    if url != "memory://":
        raise SettingsError("CANDLE_LIMITS_URL: write memory://, or redis://HOST:PORT/0; it is neither")
    return None


def _understand(url: str) -> None:
    """Make a connection that is not opened yet: what the client cannot read there would fail each request.

    Raises:
        ValueError, TypeError: an option behind the address has no such value, or there is none of its name.
    """
    from redis import ConnectionPool, RedisError  # late: it is slow to import, and most do without

    with suppress(RedisError):  # for that the receiver counts for itself, and says so
        ConnectionPool.from_url(url).make_connection()
