"""The rows of the audit's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, what is wanted of it, and the lines that explain it."""

    name: str
    measured: str
    wanted: str
    reached: bool
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        mark = "" if self.reached else "  NOT REACHED"
        head = f"{self.name:<44} {self.measured:<22} {self.wanted}{mark}"
        return "\n".join([head, *(f"  {line}" for line in self.lines)])


def at_most(name: str, measured: float, most: float, unit: str) -> Row:
    """Compare a figure that should be small."""
    return Row(name, f"{measured:,.0f} {unit}", f"{most:,.0f}", measured <= most)
