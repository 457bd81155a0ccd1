"""A fault is one line whatever its file holds: what it quotes would else write lines of its own."""

from __future__ import annotations

from pathlib import Path

from campaign.cards.illustration import svg_features
from campaign.errors import ContentError


def test_what_a_fault_quotes_begins_no_line():
    fault = ContentError(Path("a\nb.md"), 3, 'no such key "a\r\n::error::x"', "take it\u2028out\x85now")
    assert len(str(fault).splitlines()) == 1


def test_a_drawing_s_fault_is_one_short_line():
    drawing = (
        f'<svg xmlns="{svg_features.SVG}" viewBox="0 0 9 9"><g clip="a&#10;::error::{"x" * 999}"/></svg>'
    )
    said = [str(one) for one in svg_features.faults(drawing.encode())]
    assert said
    assert all(len(one.splitlines()) == 1 and len(one) < 200 for one in said)
