"""A message's flags, explained and shown where they are in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from campaign.text.flag import Flag
from receiver.staff.flag_kinds import GRAVE, NAMED, ORDER, describe_kind

FIELDS = {"message": "text", "first_name": "first name"}


@dataclass(frozen=True)
class FlaggedText:
    """A stretch of text with the flags that cover it."""

    text: str
    kinds: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Say what the flags mean."""
        return "; ".join(describe_kind(kind) for kind in self.kinds)

    @property
    def grave(self) -> bool:
        """Whether one of them can harm somebody, or stop the letter."""
        return any(kind in GRAVE for kind in self.kinds)


@dataclass(frozen=True)
class ExplainedFlag:
    """One flag in words: what it is, in which field, and the words it stands on."""

    flag: Flag
    meaning: str
    where: str
    quote: str

    @property
    def grave(self) -> bool:
        """Whether it can harm somebody, or stop the letter."""
        return self.flag.kind in GRAVE

    @property
    def to_be_read(self) -> bool:
        """Whether nobody should approve it in passing."""
        return self.grave or self.flag.kind in NAMED


def split_at_flags(text: str, flags: Iterable[Flag]) -> Iterator[FlaggedText]:
    """Cut a text where flags begin and end; a flag on no character marks its neighbours."""
    spans = [(flag.kind, *_widened(flag, text)) for flag in flags if flag.start is not None]
    cuts = sorted({0, len(text), *(cut for _, start, end in spans for cut in (start, end))})
    for start, end in pairwise(cuts):
        covering = (kind for kind, first, last in spans if first <= start and end <= last)
        yield FlaggedText(text[start:end], tuple(dict.fromkeys(covering)))


def explain_flags(flags: Iterable[Flag], texts: dict[str, str]) -> list[ExplainedFlag]:
    """Put each flag into words, each only once, the gravest first; those of a kind in their order."""
    spans = [
        ExplainedFlag(
            flag,
            describe_kind(flag.kind),
            FIELDS.get(flag.field, flag.field),
            texts.get(flag.field, "")[flag.start : flag.end].strip() if flag.start is not None else "",
        )
        for flag in sorted(flags, key=lambda flag: ORDER.get(flag.kind, len(ORDER)))
    ]
    return list(dict.fromkeys(spans))


def _widened(flag: Flag, text: str) -> tuple[int, int]:
    start, end = max(flag.start or 0, 0), min(flag.end or 0, len(text))
    return (start, end) if start < end else (max(start - 1, 0), min(start + 1, len(text)))
