"""The supporter's form as data: what is asked, in which order, and how long an answer may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

DETAILS = ("last_name", "email", "country")
SEALED = "details"  # in their place: what the page's script sealed of them
HONEYPOT = "homepage"


@dataclass(frozen=True)
class Field:
    """One control of the form. `limit` counts grapheme clusters after normalising; 0 is no limit."""

    name: str
    kind: Literal["textarea", "text", "email", "country", "checkbox"]
    group: Literal["words", "details", "consent"]  # details are folded away on the form
    required: bool = False
    limit: int = 0
    autocomplete: str = ""  # "off" would keep a browser from giving words back to who returns


@lru_cache(maxsize=64)
def fields(message_limit: int, asked: tuple[str, ...], *, wall: bool = False) -> tuple[Field, ...]:
    """List the form's fields in order; `asked` names the details that this campaign asks for.

    Without a `wall` nobody is asked whether their words may stand on it.
    """
    details = (
        Field("last_name", "text", "details", limit=80, autocomplete="family-name"),
        Field("country", "country", "details", limit=2, autocomplete="country"),
        Field("email", "email", "details", limit=254, autocomplete="email"),
    )
    return (
        Field("message", "textarea", "words", required=True, limit=message_limit),
        Field("first_name", "text", "words", required=True, limit=40, autocomplete="given-name"),
        *(field for field in details if field.name in asked),
        *((Field("updates", "checkbox", "details"),) if "email" in asked else ()),
        Field("consent", "checkbox", "consent", required=True),
        *((Field("wall", "checkbox", "consent"),) if wall else ()),
    )
