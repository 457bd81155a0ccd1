"""Geometry of sheets: what fits, and that the two sides of a card meet."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from campaign.cards.grids import TOLERANCE
from campaign.cards.imposition import (
    CARD_SIZES,
    SAFE_ZONE,
    SHEET_SIZES,
    Box,
    CardSize,
    Cell,
    GeometryError,
    Imposition,
    SheetSize,
    imposition,
)
from tests.support.table import table

# A busy machine is slow, and many sizes make no sheet: neither is a fault of the geometry.
unhurried = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])

lengths = st.floats(54, 300).map(lambda value: round(value, 1))
offsets = st.tuples(st.floats(-SAFE_ZONE, SAFE_ZONE), st.floats(-SAFE_ZONE, SAFE_ZONE))


@st.composite
def impositions(draw: st.DrawFn) -> Imposition:
    card = CardSize("any", draw(lengths), draw(lengths))
    short, long = sorted((draw(lengths), draw(st.floats(100, 700))))
    try:
        return Imposition.plan(
            card,
            SheetSize("any", short, long),
            draw(st.sampled_from(["long-edge", "short-edge"])),
            draw(st.sampled_from(["office", "print-shop"])),
            draw(offsets),
        )
    except GeometryError:
        assume(False)
        raise


def through_the_paper(point: tuple[float, float], plan: Imposition) -> tuple[float, float]:
    """Where a point of the back, as printed with the offset taken away, shows on the front's side."""
    x, y = point[0] - plan.back_offset[0], point[1] - plan.back_offset[1]
    if plan.duplex == "long-edge":
        return plan.sheet.width - x, y
    return x, plan.sheet.height - y


def place(cell: Cell, x: float, y: float) -> tuple[float, float]:
    """Where a point of the upright card, in mm, lies on the sheet."""
    mm = 25.4 / 72
    a, b, c, d, e, f = cell.matrix()
    return a * x + c * y + e * mm, b * x + d * y + f * mm


@unhurried
@given(impositions(), st.floats(0, 1), st.floats(0, 1))
def test_every_point_of_a_back_lies_behind_its_own_front(plan, across, up):
    x, y = across * plan.card.width, up * plan.card.height
    for front, back in zip(plan.fronts, plan.backs, strict=True):
        # A card is turned like a page: left and right change sides, its top stays its top.
        seen = through_the_paper(place(back, plan.card.width - x, y), plan)
        assert seen == pytest.approx(place(front, x, y), abs=1e-6)


@unhurried
@given(impositions())
def test_cards_lie_on_the_sheet_apart_from_each_other(plan):
    boxes = [cell.box.grown(plan.bleed) for cell in plan.fronts]
    assert all(plan.media_box.contains(box) for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@unhurried
@given(impositions())
def test_ink_stays_on_the_sheet_whatever_the_offset(plan):
    assert all(plan.media_box.contains(cell.box.grown(-SAFE_ZONE)) for cell in plan.backs)


@pytest.mark.parametrize("side", ["fronts", "backs"])
@unhurried
@given(plan=impositions())
def test_crop_marks_lie_in_the_waste_and_point_at_a_cut(side, plan):
    boxes = [cell.box for cell in getattr(plan, side)]
    for mark in plan.crop_marks(side):
        line = Box(min(mark.x0, mark.x1), min(mark.y0, mark.y1), max(mark.x0, mark.x1), max(mark.y0, mark.y1))
        assert plan.media_box.contains(line)
        assert not any(line.grown(0.01).overlaps(box.grown(plan.bleed - 0.02)) for box in boxes)
        cuts = [
            edge
            for box in boxes
            for edge in ((box.left, box.right) if line.width == 0 else (box.bottom, box.top))
        ]
        assert (mark.x0 if line.width == 0 else mark.y0) in cuts


@pytest.mark.parametrize("side", ["fronts", "backs"])
@unhurried
@given(plan=impositions())
def test_a_crop_mark_is_two_to_five_millimetres_long_and_begins_where_the_bleed_ends(side, plan):
    ends = {edge for cell in getattr(plan, side) for edge in cell.box.grown(plan.bleed)}
    for mark in plan.crop_marks(side):
        assert 2 - TOLERANCE <= mark.box.width + mark.box.height <= 5 + TOLERANCE
        assert (mark.y0 if mark.box.width == 0 else mark.x0) in ends


def test_crop_marks_are_five_millimetres_long_where_there_is_room():
    plan = imposition("A6", "A3", profile="print-shop")
    lengths = [mark.box.width + mark.box.height for mark in plan.crop_marks("fronts")]
    assert lengths == pytest.approx([5] * len(lengths))
    assert lengths


@pytest.mark.parametrize("offset", [(2.0, 2.0), (-2.0, -2.0), (2.0, -2.0), (-2.0, 2.0)])
@pytest.mark.parametrize("duplex", ["long-edge", "short-edge"])
def test_backs_moved_beyond_a_full_sheet_have_no_marks_out_there(duplex, offset):
    plan = imposition("A6", "A4", duplex, "office", offset)
    for mark in plan.crop_marks("backs"):
        assert plan.media_box.contains(mark.box)


@table(
    ("card", "sheet", "profile", "count"),
    [
        ("A6", "A4", "office", 4),
        ("A6", "A3", "office", 8),
        ("A6", "SRA3", "office", 9),
        ("A6", "SRA3", "print-shop", 8),
        ("A6", "Letter", "office", 3),
        ("A5", "A4", "office", 2),
        ("DL", "A4", "office", 3),
        ("4x6", "A4", "office", 3),
        ("4x6", "Letter", "print-shop", 2),
    ],
)
def test_a_sheet_holds_as_many_cards_as_fit(card, sheet, profile, count):
    assert imposition(card, sheet, profile=profile).per_sheet == count


@pytest.mark.parametrize(
    ("card", "sheet", "profile", "waste"),
    [
        ("A6", "A4", "office", 0),
        ("A6", "Letter", "office", 2.95),
        ("4x6", "A4", "office", 3.4),
        ("4x6", "Letter", "office", 0),
        ("A6", "SRA3", "print-shop", 0),
    ],
)
def test_waste_where_an_office_printer_shows_no_crop_marks_is_told(card, sheet, profile, waste):
    assert imposition(card, sheet, profile=profile).unmarked == pytest.approx(waste)


def test_four_a6_cards_fill_an_a4_sheet_and_need_no_crop_marks():
    plan = imposition("A6", "A4")
    assert [(cell.box.left, cell.box.bottom) for cell in plan.fronts] == [
        (0, 148.5),
        (105, 148.5),
        (0, 0.5),
        (105, 0.5),
    ]
    assert [cell.rotation for cell in plan.fronts + plan.backs] == [0] * 8
    assert plan.crop_marks("fronts") == ()


def test_a_print_shop_gets_bleed_around_the_trim():
    plan = imposition("A6", "SRA3", profile="print-shop")
    trim, bleed = plan.trim_box("fronts"), plan.bleed_box("fronts")
    assert trim.left - bleed.left == pytest.approx(3)
    assert plan.media_box.contains(bleed)
    assert plan.crop_marks("fronts")


def test_an_incomplete_last_sheet_counts():
    plan = imposition("A6", "A4")
    assert [plan.sheets(cards) for cards in (0, 1, 4, 5)] == [0, 1, 1, 2]


@table(
    ("arguments", "words"),
    [
        ({"card": "A7", "sheet": "A4"}, ["'A7'", "A6, A5, DL, 4x6"]),
        ({"card": "A6", "sheet": "B4"}, ["'B4'", "A4, Letter, A3, SRA3"]),
        ({"card": "A6", "sheet": "A4", "duplex": "sideways"}, ["'sideways'", "long-edge, short-edge"]),
        ({"card": "A6", "sheet": "A4", "profile": "home"}, ["'home'", "office, print-shop"]),
        ({"card": "A6", "sheet": "A4", "back_offset": (0, -9)}, ["0, -9", "7 mm", "calibrate"]),
    ],
)
def test_a_word_or_number_that_cannot_be_meant_is_named(arguments, words):
    with pytest.raises(GeometryError) as refused:
        imposition(**arguments)
    assert all(word in str(refused.value) for word in words)


def test_no_sheet_lies_on_its_side():
    assert all(0 < sheet.width <= sheet.height for sheet in SHEET_SIZES.values())


def test_a_card_larger_than_its_sheet_is_refused_with_both_sizes():
    with pytest.raises(GeometryError, match=r"148 × 210 mm with 3 mm bleed .* 148 × 210 mm"):
        Imposition.plan(CARD_SIZES["A5"], SheetSize("A5", 148, 210), profile="print-shop")


@pytest.mark.parametrize("sheet", SHEET_SIZES)
@pytest.mark.parametrize("card", CARD_SIZES)
def test_every_card_fits_every_sheet(card, sheet):
    assert imposition(card, sheet, profile="print-shop").per_sheet >= 1
