"""Ways to reach a person that can stand in a text: e-mail, links, names in networks, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "link", "handle", "phone"]
Span = tuple[int, int]

# Endings that follow a dot without being the start of a next sentence; not every one there is.
_ENDINGS = (
    "com|org|net|info|biz|io|me|by|ru|su|ua|pl|lt|lv|ee|de|fr|it|es|cz|sk|nl|se|no|fi|dk|ch|at|be|uk|eu|us|ca|"
    "co|cc|tv|gg|ly|xyz|app|dev|site|online|link|click|shop|blog|news|live|page|club|top|pro|team|space|world|"
    "онлайн|сайт|орг|рф|бел|укр"
)
_ENDING = rf"\.(?:{_ENDINGS})\b"
_NETWORKS = (
    "instagram|insta|telegram|tg|vk|facebook|tik ?tok|discord|whats ?app|viber|snapchat|skype|"
    "инстаграм|инста|телеграм|телега|тг|вк|вконтакте|фейсбук|вайбер"
)
_TAIL = r"[^\s<>]*[^\s<>.,;:!?)\]»”'\"]"  # of a link, without the sentence's own signs
_LINK = rf"(?<!\w)(?:[a-z][a-z+]{{1,9}}://|www\.){_TAIL}"
_DOMAIN = rf"(?<![\w@.-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}{_ENDING}(?:[/?#:]{_TAIL})?"
# What people write for signs that a program would notice: anna (at) example dot org.
_AT, _DOT = r"(?:at|ät|собака|собачка|małpa|малпа)", r"(?:dot|punkt|точка|kropka|кропка|крапка)"
_SPELT = (
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:\s?[(\[{{]\s?{_AT}\s?[)\]}}]\s?[\w.-]{{2,63}}(?:\s{_DOT}\s\w{{2,20}})?"
    rf"|\s{_AT}\s[\w-]{{2,63}}\s?[(\[]?{_DOT}[)\]]?\s?(?:{_ENDINGS})\b)"
)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
MOST = 100  # of them in a text: nobody looks at more
MOST_GROUPS = 8  # of digits: what is spaced out further, without the signs of one, is found as code
FEWEST_DIGITS, MOST_DIGITS = 7, 15  # of a telephone number (ITU-T E.164 allows 15)


@dataclass(frozen=True)
class _Pattern:
    """What to find, and a quick look that most texts do not pass."""

    kind: Kind
    look: re.Pattern[str]
    found: re.Pattern[str]


def _pattern(kind: Kind, look: str, found: str) -> _Pattern:
    return _Pattern(kind, re.compile(look, re.IGNORECASE), re.compile(found, re.IGNORECASE))


_PATTERNS = (
    _pattern("email", "@", r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|[\w-]{2,63})"),
    _pattern("email", rf"[(\[{{]\s?{_AT}\s?[)\]}}]|\s{_DOT}\s", _SPELT),
    _pattern("link", r"://|www\.", _LINK),
    _pattern("link", _ENDING, _DOMAIN),
    _pattern("handle", "@", r"(?<![\w.@])@\w(?:[\w.]{0,38}\w)"),
    _pattern("handle", "[:=@–—-]", rf"(?<!\w)(?:{_NETWORKS})[^\S\n]?[:=@–—-][^\S\n]?@?\w[\w.]{{0,38}}\w"),
    _pattern("phone", r"\d\d", r"(?<![\w+])\+?\(?\d(?:[^\S\n]|[\d().\-/]){5,22}\d"),
)


def find(text: str) -> Iterator[tuple[Kind, Span]]:
    """Find them as half-open code-point offsets; each place counts once, as the first kind that fits."""
    taken, count = (
        bytearray(len(text)),
        0,
    )  # by place, as comparing spans would take the square of their number
    for pattern in _PATTERNS:
        if not pattern.look.search(text):
            continue
        for match in pattern.found.finditer(text):
            start, end = match.span()
            if any(taken[start:end]) or (pattern.kind == "phone" and not _is_phone(match[0])):
                continue
            if count == MOST:
                return
            taken[start:end], count = b"\1" * (end - start), count + 1
            yield pattern.kind, (start, end)


def _is_phone(found: str) -> bool:
    digits = sum(character.isdigit() for character in found)
    meant = "+" in found or "(" in found
    return (
        (meant or len(re.findall(r"\d+", found)) <= MOST_GROUPS)
        and FEWEST_DIGITS <= digits <= MOST_DIGITS
        and not _DATE.fullmatch(found.strip())
    )
