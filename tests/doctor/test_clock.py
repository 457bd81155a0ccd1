"""Whether something sets the clock is asked of the kernel, and may be asked where the unit runs."""

from __future__ import annotations

import re

from campaign import ROOT
from campaign.doctor import clock


def test_the_kernel_says_yes_or_no_and_nothing_is_set() -> None:
    assert clock.is_set() in (True, False, None)


def test_the_unit_may_ask_by_either_name_that_the_system_s_library_uses() -> None:
    unit = (ROOT / "deploy" / "candle-doctor.service").read_text(encoding="utf-8")
    filters = re.findall(r"(?m)^SystemCallFilter=(.*)$", unit)
    assert filters == ["@system-service", "~@privileged", "adjtimex clock_adjtime"]
    assert not re.search(r"(?m)^ProtectClock", unit)
    assert "\nCapabilityBoundingSet=\n" in unit, "so that it can ask alone"
