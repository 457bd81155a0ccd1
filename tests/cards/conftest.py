from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from campaign.cards import draw
from campaign.cards.draw import Card
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.cards.imposition import Imposition
from campaign.cards.type.typesetter import Typesetter
from tests.cards.proofed import A6, Message
from tests.support.press import picture as plain_picture


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Illustration:
    """A picture that takes no time."""
    return load_illustration(plain_picture(tmp_path_factory.mktemp("art")))


@pytest.fixture
def written(tmp_path: Path, picture: Illustration):
    """Write cards, each a list of messages, and give the file."""

    def written(
        cards: Sequence[Sequence[Message]],
        plan: Imposition = A6,
        *,
        first: int = 1,
        languages: Sequence[str] = (),
    ) -> Path:
        typesetter = Typesetter(plan.card.width, plan.card.height)
        path = tmp_path / "sheets.pdf"
        drawn = (
            Card([typesetter.set(*m, languages[i] if languages else "en") for m in card], first + i)
            for i, card in enumerate(cards)
        )
        with path.open("wb") as out:
            draw.draw_sheets(out, plan, picture, drawn, typesetter=typesetter)
        return path

    return written
