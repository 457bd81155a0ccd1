"""A drawing is printed as it looks, or refused with the feature and its line."""

from __future__ import annotations

from campaign import ROOT
from campaign.cards.illustration import svg_features
from tests.support.table import table

ROOT_TAG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">'
BOX = '<rect x="30" y="30" width="40" height="40" {}/>'.format

FAITHFUL = {
    "circle": '<circle cx="50" cy="50" r="30" fill="teal" stroke="black" stroke-width="4"/>',
    "ellipse": '<ellipse cx="50" cy="50" rx="30" ry="12" fill="rgb(10,200,30)"/>',
    "line": '<line x1="5" y1="5" x2="90" y2="60" stroke="#00f" stroke-width="6" stroke-linecap="round"/>',
    "polyline": '<polyline points="5,5 50,90 90,20" fill="none" stroke="red" stroke-width="5"/>',
    "polygon": '<polygon points="5,5,50,90,90,20" fill="cornflowerblue"/>',
    "curves": '<path d="M10 10 C40 0 60 90 90 10 S50 90 20 80 L9 9 Q5 60 10 40 T30 30Z" fill="purple"/>',
    "arcs": '<path d="m10 50 a30 20 30 1 0 60 10 l10 10 h-20 v-20z" fill="navy"/>',
    "hole": '<path fill-rule="evenodd" d="M50 5L80 90 5 35H95L20 90Z"/>',
    "moved": '<g transform="translate(50 10) rotate(30) scale(.7)"><rect width="50" height="30"/></g>',
    "skewed": '<g transform="matrix(1 .2 -.3 1 20 10) skewX(10)"><rect width="50" height="30"/></g>',
    "inherited": '<g fill="red" stroke="blue" stroke-width="3"><rect x="9" width="50" height="30"/></g>',
    "style": BOX('style="fill: #ff0000; stroke: #0000ff; stroke-width: 5; font-size: 9px"'),
    "see-through": '<rect width="60" height="60" fill="red"/>'
    + BOX('opacity=".5" fill="blue" fill-opacity=".7"'),
    "used": '<defs><g id="a"><rect width="30" height="20"/></g></defs><use href="#a" x="9" fill="red"/>',
    "per cent": '<rect x="10%" y="10%" width="50%" height="30%" fill="red"/>',
    "editor's notes": '<n:view xmlns:n="http://x" n:a="b"/><metadata><rect width="9" height="9"/></metadata>'
    + BOX('fill="red" n:label="q" xmlns:n="http://x"'),
    "unused gradient": '<defs><linearGradient id="g"/></defs>' + BOX('fill="red"'),
}
UNFAITHFUL = {
    '<linearGradient id="g"/>\n' + BOX('fill="url(#g)"'): 'line 3: fill="url(#g)"',
    '<clipPath id="c"><circle r="9"/></clipPath>\n'
    + BOX('clip-path="url(#c)"'): 'line 3: clip-path="url(#c)"',
    BOX('mask="url(#m)"'): 'line 2: mask="url(#m)"',
    BOX('style="filter:url(#f)"'): 'line 2: filter="url(#f)"',
    "\n<style>.a{fill:red}</style>": "line 3: <style>",
    "<text>Hi</text>": "line 2: <text>",
    '<image href="a.png"/>': "line 2: <image>",
    f"<switch>{BOX('')}</switch>": "line 2: <switch>",
    f"<a>{BOX('')}</a>": "line 2: <a>",
    '<symbol id="s"/>': "line 2: <symbol>",
    '<svg width="9"/>': "line 2: <svg>",
    '<use href="#lost"/>': "line 2: <use> of #lost, which is not there",
    BOX('display="none"'): 'line 2: display="none"',
    BOX('visibility="hidden"'): 'line 2: visibility="hidden"',
    BOX('fill="currentColor"'): 'line 2: fill="currentColor"',
    BOX('fill="hsl(0,9%,9%)"'): 'line 2: fill="hsl(0,9%,9%)"',
    BOX('fill="rgba(0,0,0,.5)"'): 'line 2: fill="rgba(0,0,0,.5)"',
    BOX('fill="RED"'): 'line 2: fill="RED"',
    BOX('fill="rebeccapurple"'): 'line 2: fill="rebeccapurple"',
    BOX('style="fill :red"'): 'line 2: fill ="red"',
    BOX('stroke-dasharray="4 2"'): 'line 2: stroke-dasharray="4 2"',
    BOX('stroke-width="2mm"'): 'line 2: stroke-width="2mm"',
    BOX('opacity="50%"'): 'line 2: opacity="50%"',
    BOX('rx="9"'): 'line 2: rx="9"',
    BOX('transform="rotate(20deg)"'): 'line 2: transform="rotate(20deg)"',
    BOX('style="mix-blend-mode:multiply"'): 'line 2: mix-blend-mode="multiply"',
    BOX('vector-effect="non-scaling-stroke"'): 'line 2: vector-effect="non-scaling-stroke"',
    BOX('unheard-of="1"'): 'line 2: unheard-of="1"',
    '<path d="M1 1Q5 5 9 1s3 3 5 5"/>': 'line 2: d="M1 1Q5 5 9 1s3 3 5 5"',
    '<n:rect xmlns:n="http://x" width="9" height="9"/>': "line 2: <rect>",
}


def drawing(inside: str) -> bytes:
    return f"{ROOT_TAG}\n{inside}</svg>".encode()


@table("name", FAITHFUL)
def test_what_prints_as_it_looks_is_accepted(name):
    assert not svg_features.faults(drawing(FAITHFUL[name]))


@table(("inside", "fault"), UNFAITHFUL.items())
def test_what_prints_otherwise_is_named_with_its_line(inside, fault):
    assert [str(found) for found in svg_features.faults(drawing(inside))] == [fault]


@table(
    ("root", "fault"),
    [
        (
            '<svg xmlns="http://www.w3.org/2000/svg" preserveAspectRatio="xMidYMid slice"/>',
            "preserveAspectRatio",
        ),
        ('<svg xmlns="http://www.w3.org/2000/svg" transform="rotate(9)"/>', "transform"),
        ('<svg xmlns="http://www.w3.org/2000/svg" style="background:red"/>', "background"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="9em"/>', "width"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 9 5"/>', "width"),
        ("<html/>", "<html> instead of <svg>"),
        ('<?xml-stylesheet href="a.css"?><svg xmlns="http://www.w3.org/2000/svg"/>', "<?xml-stylesheet?>"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "the entity a"),
    ],
)
def test_the_root_is_looked_at_too(root, fault):
    assert any(fault in str(found) for found in svg_features.faults(root.encode()))


def test_our_own_illustration_is_accepted():
    assert not svg_features.faults((ROOT / "content/mikita/illustration.svg").read_bytes())
