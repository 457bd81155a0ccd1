"""A batch's ticket: how it is set and laid out, kept in the ledger so that it comes out the same later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from campaign.cards.imposition import GeometryError, Imposition, imposition
from campaign.cards.type.typesetter import Typesetter
from campaign.content.campaign_toml.card import CardFacts
from campaign.ledger.batches import Batch, BatchError
from campaign.press import made_with

PRINTER_FIELDS = ("printer", "duplex", "back_offset")  # what a reprint on another printer may change


@dataclass(frozen=True)
class Setup:
    """How cards are set and laid out, in the words of campaign.toml."""

    card: str
    sheet: str
    duplex: str
    profile: str
    back_offset: tuple[float, float]
    number: bool
    printer: str = ""

    @classmethod
    def from_facts(cls, card: CardFacts) -> Setup:
        """Take what campaign.toml says today."""
        return cls(
            card.size, card.sheet, card.duplex, card.profile, card.back_offset, card.number, card.printer
        )

    @classmethod
    def from_ticket(cls, ticket: Mapping[str, Any], reprint: int = 0) -> Setup:
        """Take what a batch was planned with, or one of its reprints.

        Raises:
            BatchError: the ticket is none that the press wrote.
        """
        try:
            noted = {**ticket, **ticket.get("reprints", {}).get(str(reprint), {})}
            kept = {name: noted[name] for name in cls.__dataclass_fields__ if name in noted}
            across, up = noted["back_offset"]
            setup = cls(**kept | {"back_offset": (across, up)})
            _ = setup.backs, setup.imposition.sheets(1)  # each ends where a value is none of its kind
        except (AttributeError, KeyError, TypeError, ValueError, GeometryError) as error:
            raise BatchError(
                "the ticket of this batch is not as it was written: somebody changed the database;"
                " restore a backup, or take the batch back"
            ) from error
        return setup

    def for_printer(self, card: CardFacts) -> Setup:
        """Return the same setup with its backs for the printer of `card`."""
        return replace(self, **{name: getattr(card, name) for name in PRINTER_FIELDS})

    @property
    def printer_fields(self) -> dict[str, Any]:
        """The fields that depend on the printer."""
        return {name: getattr(self, name) for name in PRINTER_FIELDS}

    @property
    def backs(self) -> str:
        """Say how the backs are drawn, and for which printer."""
        across, up = self.back_offset
        by = ((across, "right" if across > 0 else "left"), (up, "up" if up > 0 else "down"))
        moved = " and ".join(f"{abs(far):g} mm {way}" for far, way in by if far != 0)
        told = f"backs moved {moved}" if moved else "backs not moved"
        told += f", flip on the {self.duplex.replace('-', ' ')}"
        return f"{told}, for the printer {self.printer}" if self.printer else told

    @property
    def imposition(self) -> Imposition:
        """The sheet's geometry."""
        return imposition(self.card, self.sheet, self.duplex, self.profile, self.back_offset)  # type: ignore[arg-type]

    @property
    def typesetter(self) -> Typesetter:
        """What sets its messages."""
        size = self.imposition.card
        return Typesetter(size.width, size.height)

    def as_ticket(self) -> dict[str, Any]:
        """Give the job ticket that the ledger keeps."""
        return vars(self) | {"per_sheet": self.imposition.per_sheet}


def finished_ticket(setup: Setup, batch: Batch, fonts: Mapping[str, str], picture: str) -> dict[str, Any]:
    """Add to a batch's ticket what its files were made with."""
    return {
        **batch.ticket,
        **setup.as_ticket(),
        "versions": made_with.versions(),
        "fonts": dict(fonts),
        "illustration": picture,
    }
