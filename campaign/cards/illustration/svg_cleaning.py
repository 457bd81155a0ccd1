"""An SVG written anew for a page: shapes, words and what paints them, and nothing that runs, links or tells.

Only what is named here is taken over, so that what nobody thought of stays behind: scripts, events, other
files, notes of drawing programs, their paths on somebody's disk.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.raster_decoding import Decoder, as_jpeg, as_png
from campaign.cards.illustration.svg_limits import bounded

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_ELEMENTS = (
    "svg g a defs symbol use switch path rect circle ellipse line polyline polygon text tspan textPath image "
    "linearGradient radialGradient stop pattern clipPath mask marker filter style feBlend feColorMatrix "
    "feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight "
    "feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology "
    "feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence"
)
_ATTRIBUTES = (
    "id class style x y width height cx cy r rx ry x1 y1 x2 y2 fx fy fr d points viewBox preserveAspectRatio "
    "transform gradientTransform patternTransform gradientUnits patternUnits patternContentUnits "
    "clipPathUnits maskUnits maskContentUnits markerUnits filterUnits primitiveUnits spreadMethod offset "
    "refX refY markerWidth markerHeight orient pathLength dx dy rotate textLength lengthAdjust startOffset "
    "in in2 result mode type values tableValues slope intercept amplitude exponent operator k1 k2 k3 k4 "
    "order kernelMatrix divisor bias edgeMode surfaceScale diffuseConstant specularConstant specularExponent "
    "scale xChannelSelector yChannelSelector azimuth elevation pointsAtX pointsAtY pointsAtZ z "
    "limitingConeAngle baseFrequency numOctaves seed stitchTiles stdDeviation radius version color display "
    "visibility overflow opacity cursor direction clip-path clip-rule mask filter marker marker-start "
    "marker-mid marker-end fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap "
    "stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stop-color stop-opacity "
    "flood-color flood-opacity lighting-color color-interpolation color-interpolation-filters paint-order "
    "vector-effect shape-rendering text-rendering image-rendering mix-blend-mode isolation font font-family "
    "font-size font-style font-weight font-variant font-stretch text-anchor text-decoration letter-spacing "
    "word-spacing writing-mode dominant-baseline alignment-baseline baseline-shift unicode-bidi mask-type "
    "targetX targetY preserveAlpha media systemLanguage transform-origin"
)
_DRAWN, _SAID = frozenset(_ELEMENTS.split()), frozenset(_ATTRIBUTES.split())
# What would reach for another file; a backslash could spell it otherwise.
_ELSEWHERE = re.compile(
    r"""@import|@font-face|\\|url\(\s*+["']?(?!["'#])|(?:\bimage|image-set|\bsrc|cross-fade)\(|javascript:""",
    re.IGNORECASE,
)
# Rules that only fetch: the shapes keep the others.
_FETCHING = re.compile(
    r"""@import\s*+(?:url\(\s*+)?(?:"[^"]*+"|'[^']*+')?[^@;{}"']*+;|@font-face\s*+\{[^{}]*+\}""",
    re.IGNORECASE,
)
_DOTS = re.compile(r"data:image/[a-z+]{3,7};base64,", re.IGNORECASE)
_MOST_DOTS = 2880  # a side of a picture of dots inside the drawing


def cleaned(data: bytes) -> bytes:
    """Return an SVG with nothing but what is drawn.

    Raises:
        PictureFault: it is no SVG, or cannot be drawn within bounds.
    """
    try:
        return _Cleaning().run(bounded(data))
    except expat.ExpatError as error:
        reason = expat.errors.messages[error.code]
        raise PictureFault(
            f"is a broken SVG picture: line {error.lineno}: {reason}", "export it again"
        ) from error


class _Cleaning:
    """One pass over a drawing, written down as it is read."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._depth = self._skipped = 0
        self._style: list[str] | None = None

    def run(self, data: bytes) -> bytes:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)
        return "".join(self._written).encode()

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        space, _, name = tag.rpartition(" ")
        if self._depth == 1 and tag != f"{_SVG} svg":
            raise PictureFault(f'does not begin with <svg xmlns="{_SVG}">', "export it again as SVG")
        if self._skipped or space != _SVG or name not in _DRAWN:
            self._skipped = self._skipped or self._depth
            return
        kept = {
            key: value for key, value in attributes.items() if key in _SAID and not _ELSEWHERE.search(value)
        }
        kept |= _reference(name, attributes)
        spaces = {"xmlns": _SVG} if self._depth == 1 else {}
        written = (f" {key}={quoteattr(value)}" for key, value in {**spaces, **kept}.items())
        self._written.append(f"<{name}{''.join(written)}>")
        if name == "style":
            self._style = []

    def _end(self, tag: str) -> None:
        if not self._skipped:
            if self._style is not None:
                sheet = _FETCHING.sub("", "".join(self._style))
                self._written.append("" if _ELSEWHERE.search(sheet) else escape(sheet))
                self._style = None
            self._written.append(f"</{tag.rpartition(' ')[2]}>")
        elif self._skipped == self._depth:
            self._skipped = 0
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)
        elif not self._skipped:
            self._written.append(escape(text))


def _reference(element: str, attributes: Mapping[str, str]) -> dict[str, str]:
    """Keep a reference to the same file; a raster picture is rewritten, as if it stood alone."""
    value = attributes.get("href", attributes.get(f"{_XLINK} href", ""))
    if element != "image":
        return {"href": value} if value.startswith("#") and element != "a" else {}
    dots = _DOTS.match(value)
    if not dots:
        raise PictureFault("shows a picture that is not in it", "put it in, or leave it out")
    try:
        image = Decoder(base64.b64decode(value[dots.end() :])).decode(_MOST_DOTS, _MOST_DOTS, flat=False)
    except binascii.Error as error:
        raise PictureFault("holds a broken picture", "export it again") from error
    kind, body = ("png", as_png(image)) if image.mode == "RGBA" else ("jpeg", as_jpeg(image))
    return {"href": f"data:image/{kind};base64,{base64.b64encode(body).decode()}"}
