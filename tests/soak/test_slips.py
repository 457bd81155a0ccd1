"""Two hundred slips of editors: how many are named once, in the right place?"""

from __future__ import annotations

import functools

import pytest

from campaign.language import translations
from tests.support.slips import handled, seeded


@pytest.mark.soak
def test_slips_are_named_once_and_in_the_right_place(tmp_path, monkeypatch, figure):
    monkeypatch.setattr(translations, "strings", functools.cache(translations.strings))
    slips = list(seeded())
    judged = [handled(slip, tmp_path / str(number)) for number, slip in enumerate(slips)]
    missed = [told for right, told in judged if not right]
    figure("slips named once, with file and line", f"{len(slips) - len(missed)} of {len(slips)}")
    assert len(slips) == 200
    assert len(missed) <= 10, "\n".join(missed)
