"""The supporter's form as data: what is asked, in which order, and how long an answer may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

DETAILS = ("last_name", "email", "country")
HONEYPOT = "homepage"

Kind = Literal["textarea", "text", "email", "country", "checkbox"]


@dataclass(frozen=True)
class Field:
    """One control of the form. `limit` counts grapheme clusters after normalising; 0 is no limit."""

    name: str
    kind: Kind
    required: bool = False
    limit: int = 0
    autocomplete: str = "off"


@lru_cache(maxsize=64)
def fields(message_limit: int, asked: tuple[str, ...]) -> tuple[Field, ...]:
    """List the form's fields in order; `asked` names the details that this campaign asks for."""
    details = {
        "last_name": Field("last_name", "text", limit=80, autocomplete="family-name"),
        "email": Field("email", "email", limit=254, autocomplete="email"),
        "country": Field("country", "country", limit=2, autocomplete="country"),
    }
    return (
        Field("message", "textarea", required=True, limit=message_limit),
        Field("first_name", "text", required=True, limit=40, autocomplete="given-name"),
        *(details[name] for name in DETAILS if name in asked),
        Field("consent", "checkbox", required=True),
        Field("wall", "checkbox"),
        *((Field("updates", "checkbox"),) if "email" in asked else ()),
    )
