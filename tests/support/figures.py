"""Figures that tests measure, printed together at the end of a run, whichever process measured them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Figure = Callable[[str, str], None]
NAME = "figure"


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Keep what was measured, and the figure."""
    return lambda what, value: record_property(NAME, (what, value))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of all tests as a table."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
    ]
    found = [value for report in reports for name, value in report.user_properties if name == NAME]
    if not found:
        return
    width = max(len(what) for what, _ in found)
    terminalreporter.section("figures")
    for what, value in found:
        terminalreporter.line(f"{what:<{width}}  {value}")
