"""The address where limits are counted: what Redis's client cannot read there would fail each request."""

from __future__ import annotations

import pytest

from campaign.errors import SettingsError
from campaign.storage.redis_address import redis_address
from tests.support.table import table


@table(
    "url",
    [
        "redis://127.0.0.1:6379/0",
        "rediss://user:secret@127.0.0.1/0?socket_timeout=1",
        "redis://127.0.0.1/0?protocol=9",  # no connection is made, and the receiver counts for itself
    ],
)
def test_what_the_client_reads_is_an_address(url: str) -> None:
    assert redis_address(url) == url


@table("url", ["redis://[::1", "redis://127.0.0.1/0?db=first", "redis://127.0.0.1/0?of=nobody"])
def test_what_it_cannot_read_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        redis_address(url)
    assert url not in str(refused.value)
