"""A million messages packed, as high as real ones are.

    python -m tests.benchmarks.press.packing MESSAGES COUNT

Prints one JSON object: CPU seconds, cards, and the cards that no packing can do without.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from campaign.cards.packing import pack
from campaign.cards.type.typesetter import Typesetter
from tests.benchmarks.press.corpus import read
from tests.support.packing import lower_bound


def main(messages: Path, count: int) -> None:
    """Set some messages, and pack as many as asked for of their heights."""
    typesetter = Typesetter(105, 148)
    known = [typesetter.set(m.text, m.first_name, m.language).height for m in read(messages)]
    heights = random.Random(1948).choices(known, k=count)
    start = time.process_time()
    cards = len(pack(heights, typesetter.capacity))
    taken = time.process_time() - start
    print(json.dumps({"seconds": taken, "cards": cards, "least": lower_bound(heights, typesetter.capacity)}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
