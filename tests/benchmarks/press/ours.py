"""Our own press, as a process of its own: sets and draws, one message a card or packed.

    python -m tests.benchmarks.press.ours MESSAGES OUT one|packed

Prints one JSON object: the cards, and in bytes the memory held after the imports and the most ever held.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.draw import Card, draw_sheets
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.cards.imposition import imposition
from campaign.cards.packing import pack
from campaign.cards.type.set_words import Setting
from campaign.cards.type.typesetter import CannotSet, Typesetter
from campaign.press import picture_cache as pictures
from tests.benchmarks.press.corpus import Message, read

PICTURE = Path(__file__).resolve().parents[3] / "content/mikita/illustration.svg"
KEY = "a key for the benchmark alone, long enough"


def memory() -> int:
    """Give the memory that this process holds now, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def peak() -> int:
    """Give the most memory that this process ever held, in bytes; what its parent held does not count."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def kept(folder: Path) -> Path:
    """Name what is kept of the prepared picture."""
    return folder / "mikita.picture"


def picture(folder: Path) -> Illustration:
    """Give the picture as the press does, which prepares it once."""
    return pictures.prepared(PICTURE, CARD_SIZES["A6"], kept(folder), [KEY])


def main(messages: Path, out: Path, how: str) -> None:
    """Write the sheets."""
    imported = memory()
    typesetter, sheet = Typesetter(105, 148), imposition("A6", "A4")
    art = picture(out.parent)

    cards = _packed(messages, typesetter) if how == "packed" else _single(messages, typesetter)
    with out.open("wb") as file:
        drawn = draw_sheets(file, sheet, art, cards, typesetter=typesetter)
    print(json.dumps({"cards": drawn.cards, "imported": imported, "peak": peak()}))  # noqa: T201


def _set(typesetter: Typesetter, message: Message) -> Setting:
    return typesetter.set(message.text, message.first_name, message.language)


def _single(messages: Path, typesetter: Typesetter) -> Iterator[Card]:
    for number, message in enumerate(read(messages), 1):
        with suppress(CannotSet):  # 31 of 100,000 with shuffled letters hold a word that towers too high
            yield Card((_set(typesetter, message),), number)


def _packed(messages: Path, typesetter: Typesetter) -> Iterator[Card]:
    """Set everything twice, as a batch does: for its height, then to be drawn."""
    rough = replace(typesetter, rough=True)
    heights = array("H", [_set(rough, message).height for message in read(messages)])
    with messages.open("rb") as file:
        starts = array("q", [0])
        for line in file:
            starts.append(starts[-1] + len(line))
        for number, card in enumerate(pack(heights, typesetter.capacity), 1):
            settings = []
            for i in card.messages:
                file.seek(starts[i])
                settings.append(_set(typesetter, Message(*json.loads(file.readline()))))
            yield Card(settings, number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
