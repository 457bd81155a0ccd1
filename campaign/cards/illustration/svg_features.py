"""Which SVG drawings MuPDF prints as browsers show them; everything else is named with its line.

The lists are what a comparison of both on some 250 small drawings found equal (a part of it is in
tests/cards/test_svg_features.py): MuPDF knows no gradients, masks, clips, filters, dashes, style sheets or
units, and prints some of these black and leaves others away, without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

SVG = "http://www.w3.org/2000/svg"
MOST_SHOWN = 120  # characters of what a fault quotes
_XLINK = "http://www.w3.org/1999/xlink"
_SHAPES = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"))
_DRAWN = _SHAPES | {"g", "use", "defs"}
_UNSEEN = frozenset(("title", "desc", "metadata"))
# They act through references alone, and a reference is refused where it stands.
_REFERRED = frozenset(("linearGradient", "radialGradient", "clipPath", "mask", "filter", "pattern", "marker"))

# Possessive throughout: a value that does not fit is left after one look, however long it is.
NUMBER = r"(?>[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?)"
_LENGTH = re.compile(rf"{NUMBER}(?:px|%)?")
_SIZE = re.compile(rf"{NUMBER}(?:px|pt|mm|cm|in)?")  # MuPDF takes a share as one of 612 × 792
_PLAIN = re.compile(NUMBER)
_COLOUR = re.compile(r"none|inherit|#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|rgb\([\d\s.,%]+\)")
_NUMBERS = re.compile(rf"\s*+(?:{NUMBER}[\s,]*+)*+")
STEP = rf"(?:matrix|translate|scale|rotate|skewX|skewY)\s*+\(\s*+(?:{NUMBER}[\s,]*+)++\)"
_TRANSFORM = re.compile(rf"\s*+(?:{STEP}[\s,]*+)*+")
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-.,\s]*")
_SMOOTH = re.compile(r"(?<![CcSs])[Ss]|(?<![QqTt])[Tt]")  # MuPDF smooths on from any curve
_SMOOTHING = re.compile("[SsTt]")  # in few paths
_NO_STEPS = re.compile(r"[^MmLlHhVvCcSsQqTtAaZz]")
_LETTERS = re.compile(r"[a-z]+")
_WORDS = re.compile(r"[a-z-]+")

_VALUES: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry"), _LENGTH),
    **dict.fromkeys(("x1", "y1", "x2", "y2", "stroke-width"), _LENGTH),
    **dict.fromkeys(("opacity", "fill-opacity", "stroke-opacity", "stroke-miterlimit"), _PLAIN),
    **dict.fromkeys(("fill", "stroke"), _COLOUR),
    **dict.fromkeys(("fill-rule", "stroke-linecap", "stroke-linejoin"), _WORDS),
    "points": _NUMBERS,
    "transform": _TRANSFORM,
    "d": _PATH,
}
# What changes nothing: what only text or gradients have, hints, and the neutral values of the rest.
_IDLE = re.compile(
    r"id|class|role|tabindex|version|baseProfile|color|enable-background|lang|"
    r"(?:font|text|letter|word|line|writing|stop|solid|color|shape|image|data|aria|-inkscape)-.*"
)
_NEUTRAL = {
    **dict.fromkeys(
        ("clip-path", "mask", "filter", "marker", "marker-start", "marker-mid", "marker-end"), ("none",)
    ),
    **dict.fromkeys(("stroke-dasharray", "vector-effect"), ("none",)),
    "display": ("inline", "block"),
    "visibility": ("visible",),
    "overflow": ("visible",),
    "mix-blend-mode": ("normal",),
    "isolation": ("auto",),
    "paint-order": ("normal",),
    "clip-rule": ("nonzero", "evenodd"),
    "preserveAspectRatio": ("none", "xMidYMid", "xMidYMid meet"),
}
_ROOT_ONLY = frozenset(
    ("viewBox", "preserveAspectRatio", "contentStyleType", "contentScriptType", "zoomAndPan")
)


@dataclass(frozen=True)
class Fault:
    """A feature that does not print as it looks, and where it is."""

    line: int
    feature: str

    def __str__(self) -> str:
        """Say it in one line, whatever the drawing holds there."""
        feature = " ".join(self.feature.split())
        return f"line {self.line}: {feature if len(feature) <= MOST_SHOWN else f'{feature[:MOST_SHOWN]}…'}"


def faults(data: bytes) -> list[Fault]:
    """List what MuPDF would not print as a browser shows it.

    Raises:
        expat.ExpatError: the data are not well-formed XML.
    """
    return Inspection().run(data)


class Inspection:
    """One pass over a drawing. `drawn` elements are looked into; `referred` ones act through references."""

    drawn = _DRAWN
    referred = _REFERRED

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.EntityDeclHandler = self._entity
        self._found: list[Fault] = []
        self._depth = self._skipped = 0  # how deep, and at which depth a subtree without effect began
        self._ids: set[str] = set()
        self._references: list[tuple[int, str, str]] = []  # line, element or property, and what it names

    def run(self, data: bytes) -> list[Fault]:
        self._parser.Parse(data, True)
        lost = [
            Fault(line, f"{what} of {name}, which is not there")
            for line, what, name in self._references
            if name not in self._ids
        ]
        return sorted(self._found + lost, key=lambda fault: fault.line)

    def _fault(self, feature: str, line: int = 0) -> None:
        self._found.append(Fault(line or self._parser.CurrentLineNumber, feature))

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._skipped:
            return
        space, _, name = tag.rpartition(" ")
        if self._depth == 1:
            if tag != f"{SVG} svg":
                self._fault(f"<{name}> instead of <svg> of {SVG}")
            self._attributes("svg", attributes)
            self._size(attributes)
        elif name not in self.drawn | {"svg"} and (space != SVG or name in _UNSEEN | self.referred):
            self._skipped = self._depth  # an editor's notes, and what draws nothing by itself
        elif space != SVG or name not in self.drawn:
            self._fault(f"<{name}>")
            self._skipped = self._depth
        else:
            self._attributes(name, attributes)

    def _size(self, attributes: Mapping[str, str]) -> None:
        """Require both sides or neither: for a missing one MuPDF takes that of letter paper."""
        for given, lacking in (("width", "height"), ("height", "width")):
            if given in attributes and lacking not in attributes:
                self._fault(f'{given}="{attributes[given]}" without {lacking}')

    def _end(self, _tag: str) -> None:
        if self._skipped == self._depth:
            self._skipped = 0
        self._depth -= 1

    def _instruction(self, target: str, _data: str) -> None:
        self._fault(f"<?{target}?>")

    def _entity(self, name: str, *_rest: Any) -> None:
        self._fault(f"the entity {name}")

    def _attributes(self, element: str, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            if key in _VALUES:  # as nearly all are
                self._property(element, key, value)
                continue
            space, _, name = key.rpartition(" ")
            if name == "id":
                self._ids.add(f"#{value}")
            if name == "href" and space in ("", _XLINK):
                self._href(element, value)
            elif not space:
                check = self._style if name == "style" else self._property
                for prop, setting in properties(name, value):
                    check(element, prop, setting)

    def _href(self, element: str, value: str) -> None:
        """Look at what an element refers to."""
        if element == "use":
            self._references.append((self._parser.CurrentLineNumber, "<use>", value))

    def _style(self, element: str, name: str, value: str) -> None:
        """Look at a property of a style attribute."""
        self._property(element, name, value)

    def _property(self, element: str, name: str, value: str) -> None:
        """Look at one property or attribute."""
        if element == "svg" and (name in _ROOT_ONLY or name in ("width", "height")):
            right = name not in ("width", "height") or _SIZE.fullmatch(value)
            known = _NEUTRAL.get(name)
            if not right or (known and value not in known):
                self._fault(f'{name}="{value}"')
        elif not _faithful(element, name, value):
            self._fault(f'{name}="{value}"')


def properties(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Split a style attribute; any other attribute is one property."""
    if name != "style":
        yield name, value
        return
    for declaration in filter(str.strip, value.split(";")):
        prop, _, setting = declaration.partition(":")
        yield prop.lstrip(), setting.strip()


def _faithful(element: str, name: str, value: str) -> bool:
    if name in _NEUTRAL:
        return value in _NEUTRAL[name]
    if name in ("rx", "ry") and element == "rect":
        return bool(_PLAIN.fullmatch(value)) and float(value) == 0  # corners are not quite a browser's
    if name in ("fill", "stroke") and _LETTERS.fullmatch(value) and is_colour(value):
        return True
    if name == "d":
        return _PATH.fullmatch(value) is not None and not _smooths(value)
    if name == "transform" and element == "svg":
        return False
    pattern = _VALUES.get(name)
    return pattern.fullmatch(value) is not None if pattern else is_idle(name)


def _smooths(path: str) -> bool:
    """Tell whether a path goes on smoothly from what is no curve of that kind."""
    return bool(_SMOOTHING.search(path) and _SMOOTH.search(_NO_STEPS.sub("", path)))


def is_idle(name: str) -> bool:
    """Tell whether a property changes nothing that is drawn."""
    return _IDLE.fullmatch(name) is not None


def is_colour(name: str) -> bool:
    """Tell whether a word is a colour's name; of `rebeccapurple` painters make another colour."""
    from PIL import ImageColor  # late: our own drawing names no colour, and Pillow takes 30 ms

    return name in ImageColor.colormap and name != "rebeccapurple"
