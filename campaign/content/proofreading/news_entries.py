"""Entries of the news that nobody finds: of a year that was mistyped, or a translation named otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from campaign.content import news
from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError, Fix

FAR = timedelta(days=300)  # a year that was mistyped is about one ahead


def far_ahead(texts: Mapping[str, ProofText], today: date) -> Iterator[ContentError]:
    """Warn of an entry that appears so late that its year is more likely a slip."""
    for name, text in texts.items():
        day = news.day_of(name)
        if day and day - today > FAR:
            yield text.warning(0, f"is shown from {day} on", "is the year right? Else name it by its day")


def unpaired(texts: Mapping[str, ProofText], main: Mapping[str, ProofText]) -> Iterator[ContentError]:
    """Warn of an entry whose translation bears another name: readers would find it twice."""
    ours, theirs = _by_day(texts, main), _by_day(main, texts)
    for day in ours.keys() & theirs.keys():
        text, original = ours[day], theirs[day]
        right = original.path.name
        fix = Fix(0, text.path.name, right)
        fault = f"is of the same day as {original.language}/{original.name}, and no translation of it"
        yield text.warning(0, fault, f"name it {right}, if it tells the same", fix)


def _by_day(texts: Mapping[str, ProofText], others: Mapping[str, ProofText]) -> Mapping[date, ProofText]:
    """Return the entries that the others lack, where there is one of the day alone."""
    found: dict[date, list[ProofText]] = {}
    for name, text in texts.items():
        if name not in others and (day := news.day_of(name)):
            found.setdefault(day, []).append(text)
    return {day: entries[0] for day, entries in found.items() if len(entries) == 1}
