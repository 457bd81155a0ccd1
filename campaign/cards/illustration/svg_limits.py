"""An SVG within bounds: its size, how deep it goes, and what it comes to once its references are followed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from campaign.cards.illustration.fault import PictureFault

MOST_BYTES = 8 * 1024 * 1024
MOST_DRAWN = 32 * 1024 * 1024  # bytes of drawing, each as often as it is drawn
DEEPEST = 100  # levels of elements and references
_ELEMENT, _LAYER, _DOTS = 32, 4096, 256 * 1024  # what an element, a layer and a picture of dots stand for

_REFERENCE = re.compile(r"url\(\s*+['\"]?(#[^'\"()\s]+)")
_LAYERED = frozenset(("opacity", "mask", "filter", "clip-path", "mix-blend-mode"))
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)""")
# What programs that draw write. Python knows more, and reads other elements by them than a browser does
# (UTF-7), or stops with an error of their own (punycode, unicode_escape).
_TEXTS = re.compile(
    r"utf-(?:8|16)|ascii|iso8859-|cp12\d\d|cp932|koi8-|mac-|shift_jis|euc_|gb(?:2312|k|18030)|big5"
)


@dataclass
class _Drawn:
    """One element: what it costs by itself, what stands in it, and what it refers to, each so many times."""

    cost: int
    children: list[_Drawn] = field(default_factory=list)
    references: list[tuple[str, int]] = field(default_factory=list)
    whole: tuple[int, int] | None = None  # bytes and levels, once known
    open: bool = False


@lru_cache(maxsize=2)  # it is asked of one picture after the other, whenever it is opened
def bounded(data: bytes) -> bytes:
    """Return an SVG in UTF-8, having seen that it can be drawn in a moment; lines keep their numbers.

    Raises:
        PictureFault: it is too large, too deep, or draws too much.
        expat.ExpatError: it is no well-formed XML.
    """
    if len(data) > MOST_BYTES:
        raise PictureFault(f"has more than {MOST_BYTES >> 20} MB", "save it smaller, or as PNG")
    text = as_utf8(data)
    tree = _Tree()
    tree.parse(text)
    drawn, _ = tree.weigh(tree.root, 0)
    if drawn > MOST_DRAWN:
        raise PictureFault(
            f"draws {drawn >> 20} MB where its elements repeat, more than {MOST_DRAWN >> 20}",
            "save it as PNG, or draw less",
        )
    return text


def as_utf8(data: bytes) -> bytes:
    """Convert any encoding that XML names to the one that every renderer reads."""
    declared = _ENCODING.match(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        if not _TEXTS.match(codecs.lookup(encoding).name):
            raise LookupError(encoding)
        text = data.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
        if "\0" in text:  # UTF-16 without its mark, or UTF-32
            raise UnicodeError
    except (UnicodeError, LookupError) as error:
        raise PictureFault(f"is not written in {encoding[:20]}", "save it in UTF-8") from error
    lines = _DECLARATION.search(text)
    return (("\n" * lines[0].count("\n") + text[lines.end() :]) if lines else text).encode()


class _Tree:
    """The elements of a drawing by their ids, and their weights."""

    def __init__(self) -> None:
        self.root = _Drawn(0)
        self._open = [self.root]
        self._ids: dict[str, _Drawn] = {}

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda _: self._open.pop()
        parser.Parse(data, True)

    def _start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) > DEEPEST:
            raise _too_deep()
        element = _Drawn(_ELEMENT)
        self._open[-1].children.append(element)
        self._open.append(element)
        if "id" in attributes:
            self._ids[f"#{attributes['id']}"] = element
        points = len(attributes.get("d", "") + attributes.get("points", "")) // 2
        for key, value in attributes.items():
            name = key.rpartition(" ")[2]
            if name == "href" and value.startswith("data:"):
                element.cost += _DOTS
                continue
            element.cost += len(value) + _LAYER * _is_layer(name, value)
            often = max(1, points) if "marker" in name or "marker" in value else 1
            named = [value] if name == "href" else _REFERENCE.findall(value)
            element.references += ((reference, often) for reference in named)

    def weigh(self, element: _Drawn, depth: int) -> tuple[int, int]:
        """Give the bytes that an element draws, and the levels below it."""
        if element.open:
            raise PictureFault("holds an element that refers to itself", "draw it again")
        if depth > DEEPEST:
            raise _too_deep()
        if element.whole is None:
            element.open = True
            parts = [(child, 1) for child in element.children]
            parts += [(self._ids[name], n) for name, n in element.references if name in self._ids]
            weights = [(self.weigh(part, depth + 1), often) for part, often in parts]
            drawn = element.cost + sum(weight * often for (weight, _), often in weights)
            element.whole = drawn, 1 + max((levels for (_, levels), _ in weights), default=0)
            element.open = False
            if element.whole[1] > DEEPEST:
                raise _too_deep()
        return element.whole


def _is_layer(name: str, value: str) -> int:
    if name == "style":
        return sum(part.partition(":")[0].strip() in _LAYERED for part in value.split(";"))
    return int(name in _LAYERED)


def _too_deep() -> PictureFault:
    return PictureFault(f"is nested more than {DEEPEST} levels deep", "draw it with fewer groups")
