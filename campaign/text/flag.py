"""A flag: one thing in a message that staff should look at. What finds flags is slower to load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

Kind = Literal[
    "link",
    "email",
    "handle",
    "phone",
    "mixed-script",
    "surname",  # of older messages: none is made any more
    "signature-surname",
    "first-name-words",
    "other-name",
    "postal-address",
    "code",
    "hostile",
    "risky-word",
    "removed",
    "duplicate",
    "language",
    "does-not-fit",
    "cannot-be-printed",
]


@dataclass(frozen=True)
class Flag:
    """One thing to look at: half-open code-point offsets into `field`, or None for the whole of it."""

    kind: Kind
    field: str
    start: int | None = None
    end: int | None = None

    @classmethod
    def read(cls, stored: object) -> Iterator[Flag]:
        """Read a list of them from the database; what nobody here wrote there is none.

        A place outside of its text is not looked for here: a text may have been cut.
        """
        for one in stored if isinstance(stored, list) else ():
            held: dict[str, Any] = one if isinstance(one, dict) else {}
            kind, field, *places = (held.get(name) for name in ("kind", "field", "start", "end"))
            if not isinstance(kind, str) or not isinstance(field, str):
                continue
            if {type(place) for place in places} in ({int}, {type(None)}):
                yield cls(cast(Kind, kind), field, *places)

    def as_dict(self) -> dict[str, object]:
        """Return the form that is stored and printed as JSON."""
        return {"kind": self.kind, "field": self.field, "start": self.start, "end": self.end}
