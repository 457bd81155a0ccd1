"""What a file must hold, and what its proof found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from campaign.cards.imposition import Imposition

CheckKind = Literal["bytes", "pages", "boxes", "words", "fronts", "ink", "backs", "extras", "fonts"]
Front = tuple[tuple[int, ...], tuple[bool, ...]]  # the streams that draw it, and which of its cards are blank


@dataclass(frozen=True)
class ExpectedCard:
    """What one card must carry: its messages as (text, first name, what stands below), the uppermost first.

    A card without messages is left blank on both sides.
    """

    card: int
    messages: Sequence[Sequence[str]]
    numbered: bool = True

    @property
    def texts(self) -> list[str]:
        """The messages with their names, then the card's number."""
        texts = [part for text, name, *below in self.messages for part in (f"{text} {name}", *below)]
        return [*texts, str(self.card)] if self.numbered and self.messages else texts


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    kind: CheckKind
    found: str
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True)
class Report:
    """What the proof of one file found.

    `unreadable` are the cards whose words are not those approved, or too near to a cut, where nothing else is
    wrong with the file.
    """

    file: Path
    checks: tuple[Check, ...]
    unreadable: tuple[int, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether the file may be printed."""
        return all(check.passed for check in self.checks)

    @property
    def faults(self) -> tuple[str, ...]:
        """All faults, each naming its card, page or font."""
        return tuple(fault for check in self.checks for fault in check.faults)


@dataclass(frozen=True)
class Stretch:
    """Some sheets of a file, counted from 0, and what their cards must carry; None compares no words."""

    path: Path
    imposition: Imposition
    sheets: range
    cards: Sequence[ExpectedCard] | None


@dataclass
class StretchFaults:
    """What was seen on some sheets.

    A fault of a front has what is drawn there beside it: where the same is shown again, it is named once.
    """

    faults: list[tuple[CheckKind, str, Front | None]] = field(default_factory=list)
    fronts: set[Front] = field(default_factory=set)
    compared: int = 0
    unreadable: list[int] = field(default_factory=list)

    def add(self, more: StretchFaults) -> None:
        """Add what was seen on later sheets."""
        self.faults += [fault for fault in more.faults if fault[2] is None or fault[2] not in self.fronts]
        self.fronts |= more.fronts
        self.compared += more.compared
        self.unreadable += more.unreadable
