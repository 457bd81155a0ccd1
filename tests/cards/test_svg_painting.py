"""A drawing that shapes cannot print is painted as it looks, or refused with the feature and its line."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import time

import pytest
from PIL import Image

from campaign import ROOT
from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.illustration import svg_features, svg_painting
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.prepared_picture import IllustrationError
from campaign.content import checks
from campaign.pages.pictures import opened
from tests.cards.test_svg_features import BOX, FAITHFUL, drawing
from tests.support.editing import all_faults
from tests.support.lanes import first
from tests.support.table import table

_STOPS = '<stop offset="0" stop-color="#fb4"/><stop offset="60%" style="stop-color:navy"/>'
_DISC = '<circle cx="50" cy="50" r="25" fill="white"/>'
_LINE = '<path d="M10 10L50 60L90 20" fill="none" stroke="teal" stroke-width="3" {}/>'.format


def _dots() -> str:
    image = Image.new("RGB", (6, 6), "red")
    image.paste((0, 0, 255), (0, 0, 3, 3))
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


PAINTED = {
    "linear gradient": f'<linearGradient id="g" x1="10%" y2="1">{_STOPS}</linearGradient>'
    + BOX('fill="url(#g)"'),
    "reflected gradient": '<linearGradient id="g" spreadMethod="reflect" gradientTransform="scale(.3)">'
    f"{_STOPS}</linearGradient>" + BOX('style="fill:url(#g)"'),
    "borrowed stops": f'<linearGradient id="a">{_STOPS}</linearGradient>'
    '<linearGradient id="g" href="#a" gradientUnits="userSpaceOnUse" x1="30" x2="70"/>'
    + BOX('stroke="url(#g)" stroke-width="9"'),
    "radial gradient": f'<radialGradient id="g" cx=".4" cy=".4" r=".6" fx=".3" fy=".2">{_STOPS}'
    "</radialGradient>" + BOX('fill="url(#g)"'),
    "mask": f'<mask id="m">{_DISC}</mask>' + BOX('fill="teal" mask="url(#m)"'),
    "mask of a gradient": f'<linearGradient id="g">{_STOPS}</linearGradient><mask id="m" '
    'maskContentUnits="objectBoundingBox"><rect width="1" height="1" fill="url(#g)"/></mask>'
    + BOX('fill="teal" mask="url(#m)"'),
    "clip path": f'<clipPath id="c">{_DISC}</clipPath>' + BOX('fill="red" clip-path="url(#c)"'),
    "clip path with a hole": '<clipPath id="c"><path clip-rule="evenodd" d="M50 5L80 90 5 35H95L20 90Z"/>'
    "</clipPath>" + BOX('fill="red" clip-path="url(#c)"'),
    "blur": '<filter id="f"><feGaussianBlur stdDeviation="4"/></filter>' + BOX('fill="red" filter="url(#f)"'),
    "shadow": '<filter id="f"><feDropShadow dx="4" dy="4" stdDeviation="2" flood-opacity=".6"/></filter>'
    + BOX('fill="gold" filter="url(#f)"'),
    "shadow in steps": '<filter id="f"><feOffset in="SourceAlpha" dx="6" dy="6" result="o"/><feFlood '
    'flood-color="blue"/><feComposite in2="o" operator="in"/><feMerge><feMergeNode/><feMergeNode '
    'in="SourceGraphic"/></feMerge></filter>' + BOX('fill="red" filter="url(#f)"'),
    "colours turned": '<filter id="f" color-interpolation-filters="sRGB"><feColorMatrix type="hueRotate" '
    'values="90"/></filter>' + BOX('fill="red" filter="url(#f)"'),
    "style sheet": "<style>/* a @comment */ .a, g > .b {fill: #0a5; stroke: navy; stroke-width: 4px}\n"
    "#q {opacity: .5 !important}</style>" + BOX('class="a" id="q"'),
    "style in CDATA": "<style type='text/css'><![CDATA[.a{fill:#0a5}]]></style>" + BOX('class="a"'),
    "dashes": _LINE('stroke-dasharray="8 4 2" stroke-dashoffset="3"'),
    "round corners": BOX('rx="9" ry="15" fill="red"'),
    "pattern": '<pattern id="p" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform='
    '"rotate(30)"><circle cx="5" cy="5" r="3"/></pattern>' + BOX('fill="url(#p)"'),
    "arrow": '<marker id="m" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="6" markerHeight="6" '
    'orient="auto"><path d="M0 0L10 5 0 10z"/></marker>' + _LINE('marker-mid="url(#m)" marker-end="url(#m)"'),
    "symbol": '<symbol id="s" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5" fill="red"/></symbol>'
    '<use href="#s" x="10" y="10" width="50" height="50"/>',
    "drawing in a drawing": '<svg x="20" y="20" width="50" height="30" viewBox="0 0 10 10" '
    'preserveAspectRatio="xMinYMin slice"><circle cx="5" cy="5" r="5" fill="red"/></svg>',
    "blend mode": BOX('fill="orange"')
    + '<circle cx="70" cy="70" r="25" fill="#08f" style="mix-blend-mode:multiply"/>',
    "see-through group": f'<g opacity="50%">{BOX("")}<circle cx="70" cy="70" r="25" fill="#08f"/></g>',
    "stroke below": BOX('fill="orange" stroke="red" stroke-width="12" paint-order="stroke"'),
    "colours": BOX('fill="hsl(200,50%,50%)" stroke="rgba(0,0,200,.5)" stroke-width="9"')
    + '<g color="TEAL"><rect width="20" height="20" fill="currentColor"/></g>',
    "hidden": f'<g visibility="hidden">{BOX("")}</g><g display="none">{BOX("")}</g>{_DISC}',
    "units": BOX('stroke="red" stroke-width="2mm"'),
    "smooth curve": '<path d="M1 1Q50 50 90 10s30 30 5 50T9 90" fill="none" stroke="red"/>',
    "picture of dots": f'<image x="20" y="20" width="60" height="60" href="{_dots()}"/>',
}
REFUSED = {
    "<text>Hi</text>": "line 2: <text>",
    "<foreignObject/>": "line 2: <foreignObject>",
    '<image href="a.png"/>': "line 2: <image> of a.png",
    '<use href="b.svg#a"/>': "line 2: <use> of b.svg#a",
    BOX('fill="red"').replace("/>", '><animate attributeName="x"/></rect>'): "line 2: <animate>",
    BOX('fill="url(#lost)"'): "line 2: fill of #lost, which is not there",
    BOX('filter="url(#lost)"'): "line 2: filter of #lost, which is not there",
    '<filter id="f"><feTurbulence baseFrequency=".1"/></filter>': "line 2: <feTurbulence>",
    '<filter id="f"><feDiffuseLighting/></filter>': "line 2: <feDiffuseLighting>",
    BOX('fill="oklch(60% .2 30)"'): 'line 2: fill="oklch(60% .2 30)"',
    BOX('fill="hsl(200 50% 50%)"'): 'line 2: fill="hsl(200 50% 50%)"',
    BOX('fill="rebeccapurple"'): 'line 2: fill="rebeccapurple"',
    BOX('style="transform:rotate(9deg)"'): 'line 2: transform="rotate(9deg)"',
    BOX('style="width:50px"'): 'line 2: width="50px"',
    BOX('pathLength="9"'): 'line 2: pathLength="9"',
    BOX('vector-effect="non-scaling-stroke"'): 'line 2: vector-effect="non-scaling-stroke"',
    "\n<style>\n.a{fill:red}\n.b:hover{fill:blue}</style>": "line 5: the style of .b:hover",
    f'<pattern id="p"><image href="{_dots()}"/></pattern>': "line 2: <image> in a marker, pattern or symbol",
    "<style>.a{fill:red}\n.a{fill:var(--c)}</style>": 'line 3: fill="var(--c)"',
    "<style>@media print{.a{fill:red}}</style>": "line 2: the style @media print",
    '<style>@import "a.css";</style>': 'line 2: the style @import "a.css";',
}


@table("name", PAINTED)
def test_what_is_painted_as_it_looks_is_accepted(name):
    data = drawing(PAINTED[name])
    assert svg_features.faults(data)  # else it would be printed as shapes
    assert not svg_painting.faults(data)


@table(("inside", "fault"), REFUSED.items())
def test_what_is_painted_otherwise_is_named_with_its_line(inside, fault):
    assert [str(found) for found in svg_painting.faults(drawing(inside))][:1] == [fault]


@table("name", FAITHFUL)
def test_what_is_printed_as_shapes_could_be_painted_too(name):
    assert not svg_painting.faults(drawing(FAITHFUL[name]))


def test_a_drawing_without_a_size_is_refused():
    assert "without a viewBox" in str(svg_painting.faults(b'<svg xmlns="http://www.w3.org/2000/svg"/>')[0])


def _filtered(filter_: str, each: str = "", number: int = 1) -> bytes:
    region = 'filterUnits="userSpaceOnUse" x="-1000000" y="-1000000" width="10000000" height="10000000"'
    inside = f'<filter id="f" {region}>{filter_}</filter>'
    return drawing(inside + f'<rect width="91" height="134" fill="red" {each}/>' * number)


DEAR = {
    "a filter over more than all": _filtered('<feMorphology radius="9999"/>', 'filter="url(#f)"'),
    "a filter of many": _filtered('<feGaussianBlur stdDeviation="60"/>' * 300, 'filter="url(#f)"'),
    "a style of all": _filtered('<feGaussianBlur stdDeviation="30"/>', 'style="filter:url(#f)"', 500),
    "one large shape upon the other": drawing(
        '<linearGradient id="g"><stop stop-color="#ab12"/></linearGradient>'
        + '<rect width="999" height="999" fill="url(#g)"/>' * 20_000
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", first(1, DEAR))
def test_what_takes_minutes_to_paint_is_given_up(kind, monkeypatch):
    monkeypatch.setattr(svg_painting, "SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(PictureFault, match="seconds to draw; save it as PNG"):
        svg_painting.paint(DEAR[kind], 2480, 3496)
    assert time.monotonic() - began < 30


def test_a_drawing_that_was_given_up_is_not_kept_with_what_was_raised(monkeypatch):
    """One exception for all would keep each drawing that a preview was ever shown."""
    ended = subprocess.CompletedProcess[bytes]([], -9)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    raised = []
    for _ in range(3):
        with pytest.raises(PictureFault) as refused:
            svg_painting.paint(drawing(""), 9, 9)
        raised.append(refused.value)
    assert len(set(map(id, raised))) == 3


@pytest.mark.slow
def test_what_the_painter_stops_at_is_named_and_ends_nothing_else(tmp_path):
    file = tmp_path / "illustration.svg"
    file.write_bytes(_filtered('<feOffset dx="1e30"/>', 'filter="url(#f)"'))
    with pytest.raises(IllustrationError, match="cannot be drawn"):
        load_illustration(file)


def test_a_drawing_of_any_proportion_is_fitted():
    tall = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 100000"><rect width="1" height="9"/></svg>'
    )
    with Image.open(io.BytesIO(svg_painting.paint(tall, 300, 400))) as image:
        assert image.size == (1, 400)


@pytest.mark.slow
@pytest.mark.parametrize("side", ['width="600"', 'height="60mm"', 'width="100%"'])
def test_a_drawing_with_one_side_alone_keeps_its_proportion(tmp_path, side):
    path = tmp_path / "illustration.svg"
    inside = '<rect width="148" height="105" fill="#102030"/>'
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 148 105" {side}>{inside}</svg>')
    loaded = load_illustration(path, CARD_SIZES["A6"])
    assert loaded.width / loaded.height == pytest.approx(148 / 105, rel=0.01)
    assert f"because of line 1: {side.partition('=')[0]}=" in loaded.note
    shown = opened(path)
    assert shown.width / shown.height == pytest.approx(148 / 105, rel=0.01)


@pytest.mark.parametrize("size", ["A6", pytest.param("A5", marks=pytest.mark.slow)])
def test_dots_are_as_fine_as_the_card_is_large(tmp_path, size):
    path = tmp_path / "a.svg"
    path.write_bytes(drawing(PAINTED["linear gradient"]))
    card = CARD_SIZES[size]
    found = load_illustration(path, card)
    assert found.width == found.height == round(card.width / 25.4 * 600)
    assert f"{path}: is printed as dots, 600 an inch, because of line 2: fill=" in found.note


def test_shapes_are_not_made_dots():
    found = load_illustration(ROOT / "content/mikita/illustration.svg")
    assert not found.note
    assert not found.objects


@pytest.mark.parametrize("turn", ["", "rotate(30 50 50) "])
def test_a_coarse_picture_in_a_drawing_is_refused_with_its_numbers(tmp_path, turn):
    path = tmp_path / "a.svg"
    path.write_bytes(drawing(f'<g transform="{turn}scale(.1)">{PAINTED["picture of dots"]}</g>'))
    with pytest.raises(IllustrationError, match="a picture of 6 × 6 dots: 24 dpi on a card of 105 × 148 mm"):
        load_illustration(path)


def test_what_nothing_paints_is_refused_with_all_its_faults(tmp_path):
    path = tmp_path / "a.svg"
    path.write_bytes(drawing(BOX('filter="url(#f)"') + "\n<text>Hi</text>"))
    with pytest.raises(IllustrationError, match=r"line 2: filter of #f, which is not there, line 3: <text>;"):
        load_illustration(path)


@pytest.mark.slow
def test_the_strict_check_says_what_is_printed_as_dots(tmp_path):
    shutil.copytree(ROOT / "content/mikita", tmp_path / "mikita")
    assert checks.notes(tmp_path) == ()
    (tmp_path / "mikita/illustration.svg").write_bytes(drawing(PAINTED["mask"]))
    assert not all_faults(tmp_path)
    (note,) = checks.notes(tmp_path)
    assert "illustration.svg: is printed as dots" in note
