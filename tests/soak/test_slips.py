"""More than two hundred slips of editors: how many are named once, in the right place?"""

from __future__ import annotations

import pytest

from campaign.content import fixing
from tests.support.slips import found, handled, seeded, sound_campaign


@pytest.mark.soak
def test_each_fix_takes_its_fault_away(tmp_path, figure):
    offered = 0
    for number, slip in enumerate(seeded()):
        content = tmp_path / str(number)
        slip.make(sound_campaign(content))
        mendable = [one for one in found(content) if one.fix]
        mended = list(fixing.fix_all(lambda content=content: found(content)))
        offered += bool(mendable)
        assert not mendable or (mended and not [one for one in found(content) if one.level == "fault"]), slip
    figure("slips that check --fix mends", f"{offered} of {number + 1}")


@pytest.mark.soak
def test_slips_are_named_once_and_in_the_right_place(tmp_path, figure):
    slips = list(seeded())
    judged = [handled(slip, tmp_path / str(number)) for number, slip in enumerate(slips)]
    missed = [told for right, told in judged if not right]
    figure("slips named once, with file and line", f"{len(slips) - len(missed)} of {len(slips)}")
    assert len(slips) >= 200
    assert len(missed) <= 10, "\n".join(missed)
