"""Drawings that MuPDF would not print as they look, painted as dots: gradients, masks, filters, styles.

resvg paints them. The lists are what a comparison with Chromium found equal (tests/browser/test_painting.py
keeps it); everything else is named with its line. Among that is text, whose fonts differ from one machine to
the next, and whatever moves or lies in another file.
"""

from __future__ import annotations

import base64
import binascii
import re
import subprocess
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import resvg_py

from campaign.cards.illustration import svg_features
from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.raster_decoding import Decoder
from campaign.cards.illustration.svg_features import NUMBER, STEP, Fault

VERSION = str(resvg_py.__resvg_version__)
PAINTER = Path(__file__).with_name("svg_painter_process.py")
SECONDS, WAIT = 20, 120  # of computing, and by the clock on a machine that is busy
_UNIT = r"(?:px|pt|pc|mm|cm|in|em|%)?"
_PARTS = rf"{NUMBER}%?(?:\s*+,\s*+{NUMBER}%?){{2,3}}+"
_HEX = r"#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})"
_COLOUR = rf"none|inherit|currentColor|transparent|{_HEX}|(?:rgb|hsl)a?\(\s*+{_PARTS}\s*+\)"
_REFERENCE = r"url\(\s*+['\"]?(#[^'\"()\s]+)['\"]?\s*+\)"
_NUMBERS = rf"(?:{NUMBER}{_UNIT}[\s,]*+)*+"
_WORD = r"[A-Za-z][\w /-]*"


def _each(names: str, pattern: str, flags: int = 0) -> dict[str, re.Pattern[str]]:
    return dict.fromkeys(names.split(), re.compile(pattern, flags))


# Their keys are also what is looked into.
_ELEMENTS = _each(
    "a circle clipPath defs ellipse filter g image line linearGradient marker mask path pattern polygon "
    "polyline radialGradient rect stop style svg symbol use feBlend feColorMatrix feComponentTransfer "
    "feComposite feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode "
    "feMorphology feOffset",
    "",
)
# What a style may say as well as an attribute.
_PROPERTIES = {
    **_each("fill stroke", rf"{_COLOUR}|{_REFERENCE}(?:\s+(?:{_COLOUR}))?", re.IGNORECASE),
    **_each("color flood-color stop-color", _COLOUR, re.IGNORECASE),
    **_each("opacity fill-opacity stroke-opacity stop-opacity flood-opacity", rf"{NUMBER}%?|inherit"),
    **_each("stroke-width stroke-dashoffset stroke-miterlimit", _NUMBERS),
    **_each("stroke-dasharray", rf"none|{_NUMBERS}"),
    **_each("stroke-linecap", "butt|round|square|inherit"),
    **_each("stroke-linejoin", "miter|round|bevel|inherit"),
    **_each("fill-rule clip-rule", "nonzero|evenodd|inherit"),
    **_each("clip-path mask filter marker marker-start marker-mid marker-end", rf"none|{_REFERENCE}"),
    **_each("display", "none|inline|block"),
    **_each("visibility", "visible|hidden|inherit"),
    **_each("overflow", "visible|hidden"),
    **_each("isolation", "auto|isolate"),
    **_each("mix-blend-mode", "normal|multiply|screen|overlay|darken|lighten|difference|exclusion"),
    **_each("paint-order", r"(?:normal|fill|stroke|markers|\s)+"),
    **_each("vector-effect", "none"),
    **_each("mask-type", "alpha|luminance"),
    **_each("color-interpolation-filters", "auto|sRGB|linearRGB"),
    **_each("color-interpolation", "auto|sRGB"),
    **_each("shape-rendering", "auto|geometricPrecision|crispEdges|optimizeSpeed"),
    **_each("image-rendering", "auto|optimizeQuality"),
}
_ATTRIBUTES = {
    **_each(
        "x y width height cx cy r rx ry x1 y1 x2 y2 fx fy fr offset points viewBox refX refY markerWidth "
        "markerHeight stdDeviation dx dy k1 k2 k3 k4 radius values tableValues slope intercept amplitude "
        "exponent",
        _NUMBERS,
    ),
    **_each(
        "gradientUnits spreadMethod clipPathUnits maskUnits maskContentUnits filterUnits primitiveUnits "
        "patternUnits patternContentUnits markerUnits preserveAspectRatio in in2 result mode type operator "
        "zoomAndPan contentStyleType contentScriptType",
        _WORD,
    ),
    **_each("orient", rf"{_NUMBERS}|{_WORD}"),
    **_each("transform gradientTransform patternTransform", rf"\s*+(?:{STEP}[\s,]*+)*+"),
    **_each("d", r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-.,\s]*"),
}
_TILES = frozenset(f"{svg_features.SVG} {name}" for name in ("marker", "pattern", "symbol"))
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTOR = re.compile(r"[\w\s.#>*,-]+")
_DOTS = re.compile(r"data:image/(?:png|jpe?g);base64,", re.IGNORECASE)


def faults(data: bytes) -> list[Fault]:
    """List what resvg would not paint as a browser shows it.

    Raises:
        expat.ExpatError: the data are not well-formed XML.
    """
    return _StyledInspection().run(data)


@lru_cache(maxsize=2)
def paint(data: bytes, width: int, height: int) -> bytes:
    """Paint a drawing as PNG on white, as large as it fits into `width` by `height` pixels.

    A few filters or masks over all of a card take minutes, and what the painter cannot do may end its
    process: so it has one of its own, which ends in time.

    Raises:
        PictureFault: it takes too long, or too much memory.
        ValueError: it is no SVG, or shows nothing.
    """
    command = [sys.executable, "-I", str(PAINTER), str(width), str(height), str(SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 # our own program, and no shell reads its arguments
            command, input=data.removeprefix(BOM_UTF8), capture_output=True, check=False, timeout=WAIT
        )
    except subprocess.TimeoutExpired:
        raise _too_much() from None
    if done.returncode < 0:
        raise _too_much()
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise ValueError(lines[-1] if lines else "its painter gave up")
    return done.stdout


def _too_much() -> PictureFault:
    return PictureFault(f"takes more than {SECONDS} seconds to draw", "save it as PNG, or draw less")


class _StyledInspection(svg_features.Inspection):
    """One pass over a drawing, its style sheets too."""

    drawn = frozenset(_ELEMENTS)
    referred: frozenset[str] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self._parser.CharacterDataHandler = self._text
        self._css: list[str] | None = None
        self._css_line = 0
        self._tiles = 0  # open elements whose pictures no one could measure

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._tiles += tag in _TILES
        super()._start(tag, attributes)
        if tag == f"{svg_features.SVG} style" and not self._skipped:
            self._css, self._css_line = [], self._parser.CurrentLineNumber

    def _size(self, attributes: Mapping[str, str]) -> None:
        """Require a proportion; given one side, the painter finds the other."""
        if "viewBox" not in attributes and not {"width", "height"} <= attributes.keys():
            self._fault("<svg> without a viewBox")

    def _end(self, tag: str) -> None:
        self._tiles -= tag in _TILES
        if self._css is not None:
            self._sheet("".join(self._css))
            self._css = None
        super()._end(tag)

    def _text(self, text: str) -> None:
        if self._css is not None:
            self._css.append(text)

    def _sheet(self, text: str) -> None:
        """Look at a style sheet: plain selectors, and properties that are painted alike."""
        line = self._css_line
        for rule in _without_comments(text).split("}"):
            selector, opened, body = rule.partition("{")
            begin = line + selector.count("\n")
            line += rule.count("\n")
            if not opened or "{" in body:
                if selector.strip():
                    self._fault(f"the style {selector.strip().splitlines()[0]}", begin)
                continue
            if not _SELECTOR.fullmatch(selector):
                self._fault(f"the style of {selector.strip()}", begin)
            for name, value in svg_features.properties("style", body):
                self._styled(name, value.removesuffix("!important").rstrip(), begin)

    def _styled(self, name: str, value: str, line: int) -> None:
        if not _is_idle(name):
            pattern = _PROPERTIES.get(name)
            self._compare(pattern, name, value, line)

    def _href(self, element: str, value: str) -> None:
        """Allow what lies in the same file: raster pictures, and elements."""
        if value.startswith("#") and element != "image":
            self._references.append((self._parser.CurrentLineNumber, f"<{element}>", value))
        elif element == "image" and self._tiles:
            self._fault("<image> in a marker, pattern or symbol")
        elif element == "image" and (dots := _DOTS.match(value)):
            self._dots(value[dots.end() :])
        elif element != "a":
            self._fault(f"<{element}> of {value[:40]}")

    def _dots(self, encoded: str) -> None:
        """Look at the head of a raster picture, which must not be larger than one that stands alone."""
        try:
            Decoder(base64.b64decode(encoded))
        except (PictureFault, binascii.Error) as fault:
            self._fault(f"<image> that {getattr(fault, 'fault', 'is no picture')}")

    def _property(self, _element: str, name: str, value: str) -> None:
        """Look at an attribute, or at a property of its style."""
        if not _is_idle(name):
            pattern = _PROPERTIES.get(name) or _ATTRIBUTES.get(name)
            self._compare(pattern, name, value, self._parser.CurrentLineNumber)

    def _style(self, _element: str, name: str, value: str) -> None:
        """Look at a property of a style attribute."""
        self._styled(name, value, self._parser.CurrentLineNumber)

    def _compare(self, pattern: re.Pattern[str] | None, name: str, value: str, line: int) -> None:
        for reference in _references(value):
            self._references.append((line, name, reference))
        if not (pattern and pattern.fullmatch(value.strip())) and not _is_name(pattern, value):
            self._fault(f'{name}="{value}"', line)


def _without_comments(text: str) -> str:
    """Take comments out of a style sheet, and leave their lines."""
    closed, end, rest = text.rpartition("*/")  # behind the last end each beginning would be looked at in vain
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), closed + end) + rest


def _is_idle(name: str) -> bool:
    return name not in _PROPERTIES and svg_features.is_idle(name)


def _is_name(pattern: re.Pattern[str] | None, value: str) -> bool:
    """Tell whether a value is a colour's name where one may stand."""
    may_stand = pattern is not None and pattern.fullmatch("transparent") is not None
    return may_stand and svg_features.is_colour(value.strip().lower())


def _references(value: str) -> Iterator[str]:
    for match in re.finditer(_REFERENCE, value):
        yield match[1]
