"""What is wrong with a picture, before anybody has named its file."""

from __future__ import annotations


class PictureFault(Exception):
    """A picture that cannot be shown as it looks: what is wrong, and the remedy. Callers name the file."""

    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(fault, remedy)
        self.fault = fault
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.fault}; {self.remedy}"


class Blank(PictureFault):
    """A picture of which a card would show nothing: white, clear, or outside of what is shown."""

    def __init__(self) -> None:
        super().__init__("shows nothing on white paper", "look at it, and export all that it should show")
