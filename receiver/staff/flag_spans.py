"""A message's flags, explained in words and shown where they are in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from campaign.text.flag import Flag

# The gravest first, in the order in which the desk shows them.
GRAVE = {
    "cannot-be-printed": "did not come out on its card as it was approved",
    "does-not-fit": "no font of the cards draws this",
    "surname": "the writer's own surname",
    "signature-surname": "perhaps the writer’s surname",
    "first-name-words": "a first name of several words, perhaps a surname",
    "postal-address": "perhaps where somebody lives",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "handle": "a name in a social network",
    "link": "a link",
    "risky-word": "a word that can stop the letter",
    "code": "looks like code to a censor",
    "hostile": "perhaps an insult or a threat",
    "mixed-script": "a word that mixes alphabets, as forged words do",
}
# Often found where nobody is named: looked at by a person each time, and not as heavy as what surely harms.
NAMED = {"other-name": "perhaps the name of somebody else"}
LIGHT = {
    "removed": "invisible characters were removed here",
    "duplicate": "the same words came before",
}
# What stands on most messages and asks for nothing: told beside the day, not among the flags.
FACTS = {"language": "perhaps not in a language that the recipient reads"}
DESCRIPTIONS = GRAVE | NAMED | LIGHT | FACTS
_ORDER = {kind: place for place, kind in enumerate(DESCRIPTIONS)}
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
        for flag in sorted(flags, key=lambda flag: _ORDER.get(flag.kind, len(_ORDER)))
    ]
    return list(dict.fromkeys(spans))


def describe_kind(kind: str) -> str:
    """Say what a kind of flag means; one that is unknown here still shows."""
    return DESCRIPTIONS.get(kind, kind.replace("-", " "))


def _widened(flag: Flag, text: str) -> tuple[int, int]:
    start, end = max(flag.start or 0, 0), min(flag.end or 0, len(text))
    return (start, end) if start < end else (max(start - 1, 0), min(start + 1, len(text)))
