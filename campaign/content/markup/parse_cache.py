"""A text is parsed once, however often it is looked at: loaded, proofread, or loaded again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import replace
from xml.etree.ElementTree import Element

from campaign.content.markup import dialect
from campaign.content.markup.dialect import Parsed

MOST = 2000  # texts: those of ten campaigns in six languages are a quarter of them
Kept = dict[tuple[str, str], Parsed]
_kept: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextmanager
def reading_once(kept: Kept | None = None) -> Iterator[None]:
    """Keep what the block reads of texts, in `kept` beyond its end; who reads one again gets it as it was."""
    before = _kept.set({} if kept is None else kept)
    try:
        yield
    finally:
        _kept.reset(before)


def read(text: str, language: str) -> Parsed:
    """Read a text, or copy what is kept of it: each reader may change the tree.

    Raises:
        TooDeep: as `dialect.read` does.
        TooLarge: so too.
    """
    kept = _kept.get()
    if kept is None:
        return dialect.read(text, language)
    if known := kept.get((text, language)):
        return _copied(known)
    parsed = dialect.read(text, language)
    if len(kept) >= MOST:
        kept.clear()
    kept[text, language] = _copied(parsed)
    return parsed


def _copied(parsed: Parsed) -> Parsed:
    """Copy a text so that what is done to one tree is not done to the other."""
    root = Element("div")
    root.extend(parsed.blocks)
    copied = deepcopy(root)
    both = zip(root.iter(), copied.iter(), strict=True)
    lines = {copy: parsed.lines[one] for one, copy in both if one in parsed.lines}
    return replace(parsed, blocks=list(copied), lines=lines)
