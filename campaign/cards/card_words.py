"""What a card shows of a message, before anything is set in type."""

from __future__ import annotations

from typing import NamedTuple


class Wording(NamedTuple):
    """What is shown of one message: a text in a language, and the first name of its writer.

    `below` is what they wrote themselves in `written_in`, where the text is a translation and both are shown.
    """

    text: str
    first_name: str
    language: str = "en"
    below: str = ""
    written_in: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """What a reader finds on the card, from the top down."""
        signed = f"{self.text} {self.first_name}"
        return (signed, self.below) if self.below else (signed,)
