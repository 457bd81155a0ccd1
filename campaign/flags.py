"""Flags: what staff should look at in a message before they approve it. A flag never refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from campaign.matching import Words, risky, surname, whole
from campaign.scripts import mixed
from campaign.text import Normalised

Kind = Literal[
    "link",
    "email",
    "handle",
    "phone",
    "mixed-script",
    "surname",
    "signature-surname",
    "first-name-words",
    "risky-word",
    "removed",
    "duplicate",
    "language",
    "does-not-fit",
]
Span = tuple[int, int]


@dataclass(frozen=True)
class Flag:
    """One thing to look at: half-open code-point offsets into `field`, or None for the whole of it."""

    kind: Kind
    field: str
    start: int | None = None
    end: int | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the form that is stored and printed as JSON."""
        return asdict(self)


# Endings that follow a dot without being the start of a next sentence; not every one there is.
_ENDINGS = (
    "com|org|net|info|biz|io|me|by|ru|su|ua|pl|lt|lv|ee|de|fr|it|es|cz|sk|nl|se|no|fi|dk|ch|at|be|uk|eu|us|ca|"
    "co|cc|tv|gg|ly|xyz|app|dev|site|online|link|click|shop|blog|news|live|page|club|top|pro|team|space|world|"
    "онлайн|сайт|орг|рф|бел|укр"
)
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    (
        "link",
        re.compile(
            r"\b(?:[a-z][a-z+]{1,9}://|www\.)\S+"
            rf"|(?<![\w@.-])(?:[\w-]{{1,63}}\.){{1,5}}(?:{_ENDINGS})\b(?:[/?#:]\S*)?",
            re.IGNORECASE,
        ),
    ),
    ("handle", re.compile(r"(?<![\w.@])@[\w.]{2,40}")),
    (
        "handle",
        re.compile(
            r"\b(?:instagram|insta|telegram|tg|vk|facebook|tik ?tok|discord|whats ?app|viber|snapchat|skype|"
            r"инстаграм|инста|телеграм|телега|тг|вк|вконтакте|фейсбук|вайбер)[^\S\n]?[:=@–—-][^\S\n]?[\w.@]{2,40}",
            re.IGNORECASE,
        ),
    ),
    ("phone", re.compile(r"(?<![\w+])\+?\(?\d(?:[^\S\n]|[\d().\-/]){5,22}\d")),
)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_LAST_TWO_WORDS = re.compile(r"([^\W\d_][\w'’-]*\.?)\s+([^\W\d_][\w'’-]*)[\s.!,)]*$")
FEWEST_DIGITS, MOST_DIGITS = 7, 15  # of a telephone number (ITU-T E.164 allows 15)
SHORTEST_LOCAL_PART = 5


def find(
    message: Normalised,
    first_name: Normalised,
    *,
    last_name: str = "",
    email: str = "",
    risky_words: Sequence[str] = (),
) -> tuple[Flag, ...]:
    """List what staff should look at, in the order of fields and places.

    `last_name` and `email` are the writer's own; they are compared here, before they are sealed, because
    afterwards nobody can.
    """
    words: list[tuple[Kind, Words]] = [
        ("surname", surname(last_name)),
        ("risky-word", risky(tuple(risky_words))),
    ]
    local_part = email.partition("@")[0]
    if len(local_part) >= SHORTEST_LOCAL_PART:
        words.append(("email", whole(local_part)))
    found: list[Flag] = []
    for field, normalised in (("message", message), ("first_name", first_name)):
        spans = set(_addresses(normalised.text)) | set(_mixed(normalised.text))
        spans |= {(kind, span) for kind, wanted in words for span in wanted.spans(normalised.text)}
        spans |= {("removed", span) for span in normalised.removed}
        found += (Flag(kind, field, *span) for kind, span in sorted(spans, key=lambda s: (s[1], s[0])))
    if signature := _signature(message.text):
        found.append(Flag("signature-surname", "message", *signature))
    if further := _further_names(first_name.text):
        found.append(Flag("first-name-words", "first_name", *further))
    return tuple(found)


def _addresses(text: str) -> Iterator[tuple[Kind, Span]]:
    """Find e-mail, links, names in social networks and telephone numbers; each place counts once."""
    taken: list[Span] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            overlaps = any(start < match.end() and match.start() < end for start, end in taken)
            if overlaps or (kind == "phone" and not _is_phone(match[0])):
                continue
            taken.append(match.span())
            yield kind, match.span()


def _is_phone(found: str) -> bool:
    digits = sum(character.isdigit() for character in found)
    return FEWEST_DIGITS <= digits <= MOST_DIGITS and not _DATE.fullmatch(found.strip())


def _mixed(text: str) -> Iterator[tuple[Kind, Span]]:
    if not text.isascii():
        yield from (("mixed-script", word.span()) for word in _WORD.finditer(text) if mixed(word[0]))


def _signature(text: str) -> Span | None:
    """Find two capitalised words at the end of the text, as in "Yours, Anna Kowalska"."""
    match = _LAST_TWO_WORDS.search(text[-200:])
    if not match or not all(_capitalised(word) for word in match.groups()):
        return None
    before = max(len(text) - 200, 0)
    if match[0].isupper() and len(match[2]) > 1 and text[: before + match.start()].rstrip().isupper():
        return None  # the whole text is shouted
    return before + match.start(1), before + match.end(2)


def _capitalised(word: str) -> bool:
    return word[0].isupper()


def _further_names(first_name: str) -> Span | None:
    first, _, rest = first_name.partition(" ")
    return (len(first) + 1, len(first_name)) if rest else None
