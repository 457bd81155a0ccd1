"""Timelines: lists whose entries all begin with a day, a month or a year."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from campaign.language import locales

DAY = re.compile(r"\s*(\d{4}(?:-\d\d){0,2}):\s+(?=\S|$)")


def date_entries(entries: Element, language: str) -> None:
    """Make a timeline of a list whose entries all begin with a day, a month or a year."""
    holders = [_first_words(entry) for entry in entries]
    moments = [moment_of(holder.text or "", language) for holder in holders]
    if not holders or not all(moments):
        return
    entries.tag = "ol"
    entries.set("class", "timeline")
    for holder, shown in zip(holders, moments, strict=True):
        _, written, rest = DAY.split(holder.text or "", maxsplit=1)
        when = Element("time", {"datetime": written})
        when.text, when.tail = AtomicString(shown), f" {rest}"
        holder.text = None
        holder.insert(0, when)


def _first_words(entry: Element) -> Element:
    """Return what holds them: the entry, or its first paragraph."""
    return entry[0] if len(entry) and entry[0].tag == "p" and not (entry.text or "").strip() else entry


def moment_of(words: str, language: str) -> str:
    """Return the day with which an entry begins, as it is shown; "" for none."""
    found = DAY.match(words)
    return locales.moment(found[1], language) if found else ""
