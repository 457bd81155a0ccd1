"""Addresses typed into a text: bare ones, which nobody can follow, and mistyped ones."""

from __future__ import annotations

import re

# https//example.org, https:/example.org, https;//example.org; http/1.1 is none.
MISTYPED = re.compile(r"(?<![\w/])https?(?::?/|[;,.]//|//|/:/)(?!/)(?=[\w.-]*\w\.[a-z]{2})")
# A link with a gap, or with its brackets the other way round.
NO_LINK = re.compile(
    r"\[([^\[\]\n]{1,80})\] +\((https?://[^()\s]+)\)|\(([^()\n]{1,80})\)\[(https?://[^\[\]\s]+)\]"
)
COUNTRIES = "at|by|ch|cz|de|es|fr|ge|il|it|kz|lt|lv|nl|pl|ru|sk|tr|ua|uk"
# Each: what is looked for, the fault, the remedy.
SIGNS = (
    (MISTYPED.pattern + r"\S+[\w/]", 'a mistyped address "{}"', "write https:// before the website's name"),
    (r"https?://\S+[\w/]", 'a bare address "{}"', "write <{}>, or a link: [words]({})"),
    (
        rf"(?<![\w@./:-])(?:[a-z0-9-]+\.)+(?:org|com|net|info|me|io|eu|{COUNTRIES})/[\w/#?=&.%-]*[\w/]",
        'a bare address "{}"',
        "write <https://{}>, or a link: [words](https://{})",
    ),
    (r"www\.\S+[\w/]", 'a bare address "{}"', "write <https://{}>, or a link: [words](https://{})"),
    (
        r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w",
        'a bare address "{}"',
        "write <{}>, so that it can be clicked",
    ),
)


def mended(found: str, remedy: str) -> str:
    """Return an address as it should be written where that is beyond doubt; "" where it is not."""
    if link := NO_LINK.fullmatch(found):
        return f"[{link[1] or link[3]}]({link[2] or link[4]})"
    if MISTYPED.match(found):
        return f"<{MISTYPED.sub('https://', found)}>"
    if remedy.startswith("write <https://{}>"):
        return f"<https://{found}>"
    return f"<{found}>" if remedy.startswith("write <{}>") else ""
