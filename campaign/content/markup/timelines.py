"""Timelines: lists whose entries all begin with a day, a month or a year."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from campaign.language import locales

DAY = re.compile(r"\s*(\d{4}(?:-\d\d){0,2}):\s+(?=\S|$)")


def date_entries(entries: Element, language: str) -> None:
    """Make a timeline of a list whose entries all begin with a day, a month or a year."""
    days = [_day(entry, language) for entry in entries]
    if not days or not all(days):
        return
    entries.tag = "ol"
    entries.set("class", "timeline")
    for holder, rest, written, shown in filter(None, days):
        when = Element("time", {"datetime": written})
        when.text, when.tail = AtomicString(shown), f" {rest}"
        holder.text = None
        holder.insert(0, when)


def _day(entry: Element, language: str) -> tuple[Element, str, str, str] | None:
    """Return what holds an entry's first words, those behind its day, and the day as written and shown."""
    first = entry[0] if len(entry) and entry[0].tag == "p" and not (entry.text or "").strip() else entry
    words = first.text or ""
    shown, found = moment_of(words, language), DAY.match(words)
    return (first, words[found.end() :], found[1], shown) if found and shown else None


def moment_of(words: str, language: str) -> str:
    """Return the day with which an entry begins, as it is shown; "" for none."""
    found = DAY.match(words)
    return locales.moment(found[1], language) if found else ""
