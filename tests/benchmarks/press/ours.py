"""Our own press, as a process of its own: sets and draws, one message a card or packed.

    python -m tests.benchmarks.press.ours MESSAGES OUT one|packed

Prints one JSON object: cards, bytes without fonts and picture, and the memory in use after the imports.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from campaign.cards import illustration
from campaign.cards.draw import Card, draw_sheets
from campaign.cards.packing import pack
from campaign.cards.sheet import imposition
from campaign.cards.type import Setting, Typesetter
from tests.benchmarks.press.corpus import read

PICTURE = Path(__file__).resolve().parents[3] / "content/mikita/illustration.svg"


def memory() -> int:
    """Give the memory that this process holds now, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def main(messages: Path, out: Path, how: str) -> None:
    """Write the sheets."""
    imported = memory()
    typesetter, sheet = Typesetter(105, 148), imposition("A6", "A4")
    picture = illustration.load(PICTURE)
    settings = (typesetter.set(m.text, m.first_name, m.language) for m in read(messages))
    cards = _packed(messages, typesetter, settings) if how == "packed" else _single(settings)
    with out.open("wb") as file:
        drawn = draw_sheets(file, sheet, picture, cards, typesetter=typesetter)
    print(json.dumps({"cards": drawn.cards, "bytes": out.stat().st_size, "imported": imported}))  # noqa: T201


def _single(settings: Iterator[Setting]) -> Iterator[Card]:
    for number, setting in enumerate(settings, 1):
        yield Card((setting,), number)


def _packed(messages: Path, typesetter: Typesetter, settings: Iterator[Setting]) -> Iterator[Card]:
    heights = [setting.height for setting in settings]
    again = [typesetter.set(m.text, m.first_name, m.language) for m in read(messages)]
    for number, card in enumerate(pack(heights, typesetter.capacity), 1):
        yield Card([again[i] for i in card.messages], number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
