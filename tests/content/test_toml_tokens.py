"""Where a statement of campaign.toml may end: each sign is looked at once, whatever does not end."""

from __future__ import annotations

import pytest

from campaign.content.campaign_toml.toml_keys import TOKEN


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ('"' + '\\"' * 2000, 1),  # else each quote would begin a search of its own to the end
        ('"""' + '\\"' * 2000, 1),
        ("'''" + "''x" * 2000, 1),
        ('a = "not ended\nb = [1]\n', 5),
    ],
)
def test_a_string_that_does_not_end_is_one_token(text: str, tokens: int) -> None:
    assert len(TOKEN.findall(text)) == tokens
