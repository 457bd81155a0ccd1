"""Surnames that a writer tells within the text: "my surname is …", "the … family", "AnnaKowalska"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

Span = tuple[int, int]

_LARGE = "A-ZÀ-ÖØ-ÞĄĆĘŁŃŚŹŻЀ-ЯҐ"
_WORD = r"[^\W\d_][\w’'-]{2,}"
_STATED = re.compile(
    r"\b(?:surname|last name|family name|фамили[яию]|прозвішч[аы]|прізвищ[еа]|nazwisk[oa]|nachname"
    r"|familienname)"
    rf"(?:\s?[:=–—-]\s?|\s(?:is|ist|to|это|гэта|це)\s|(?P<bare>\s))(?!(?:is|ist|to|это|гэта|це)\b)({_WORD})"
    rf"|\b(?:nazywam się|ich heiße|ich heisse)\s({_WORD}(?:\s(?-i:[{_LARGE}]){_WORD})?)",
    re.IGNORECASE,
)
_FAMILY = re.compile(
    rf"\bthe\s(?:[a-z]+\s)?([{_LARGE}][\w’'-]+)\s(?i:family)\b"
    r"|\b(?i:семь[яиюе]|семьёй|сям['’]я|сям['’]і|сям['’]ёй|сім['’]я|сім['’]ї|сім['’]єю|родин[аиі]|rodzin[ayąę]"
    rf"|familie)\s([{_LARGE}][\w’'-]+)"
)
# One of these stands in what the two find, and in few other texts.
_LOOK = (
    *("name", "famil", "фамили", "прозвішч", "прізвищ", "nazwisk", "nazywam", "heiße", "heisse", "семь"),
    *("сям'", "сям’", "сім'", "сім’", "rodzin", "родин"),
)
_NO_SURNAME = {"of", "in", "and", "with", "the", "my", "your", "our", "is", "royal", "holy", "не", "и", "і"}
# What a surname may end with in another case: Беляцкий, Беляцких; Białacki, Białackich.
_CASE = re.compile(
    "(?:[оая]г[оа]|[оа]му|[ыиі]м[иі]|[аеиоуыэюяіїй]?[аеиоуыэюяіїйьхм]|iego|iemu|[iy]mi|[iy]ch|[iy]m|ej|[iyaeąę])$"
)
_LIKE_A_SURNAME = re.compile(
    "(?:[сц]к(?:ий|ая|і|ой)|[оеё]ва?|[иы]на?|ович|евич|енк[оа]|чук|[sc]k[ia]|icz|czyk)$", re.IGNORECASE
)
_SHORTEST = 3  # letters of a name without its ending


def find_stated_surnames(text: str, first_name: str, own_names: Collection[str] = ()) -> Iterator[Span]:
    """Yield words that are said to be a surname, and the first name with another one glued to it.

    `own_names` are the recipient's: "Greetings to the … family" tells nothing of the writer.
    """
    own = first_name.casefold()
    if own and own in text.casefold():  # as in few texts
        glued = rf"\b{re.escape(own)}(?:_[^\W\d_]|(?-i:[{_LARGE}](?![{_LARGE}])))\w+"
        yield from (name.span() for name in re.finditer(glued, text, re.IGNORECASE))
    folded = text.lower()
    for pattern in (_STATED, _FAMILY) if any(part in folded for part in _LOOK) else ():
        for name in pattern.finditer(text):
            told = name.lastindex or 0
            if name[told].casefold() in _NO_SURNAME | {own} or _is_one_of(name[told], own_names):
                continue
            # "моя фамилия ковальская" has no verb either, and is one; "моя фамилия слишком длинная" is none.
            large = name[told][0].isupper() or _LIKE_A_SURNAME.search(name[told])
            if large or not name.groupdict().get("bare"):
                yield name.span(told)


def _is_one_of(word: str, names: Collection[str]) -> bool:
    return _stem(word) in {_stem(part) for name in names for part in name.split()}


def _stem(name: str) -> str:
    folded = name.casefold()
    stem = _CASE.sub("", folded)
    return stem if len(stem) >= _SHORTEST else folded
