"""Sample sheets: the cards as they will be, from the content's own suggestions, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.packing import PerCard, pack
from campaign.cards.type.typesetter import CannotSet
from campaign.content.campaign import Campaign
from campaign.ledger.batches import Slot
from campaign.press import rendering
from campaign.press.crew import ALONE
from campaign.press.rendering import Written
from campaign.press.stacks import CardSlots, RenderingError, draw
from campaign.press.ticket import Setup
from campaign.storage.disk import private_folder

# A common first name where the language is written; elsewhere the first of all.
NAMES = {
    **{"en": "Anna", "be": "Алесь", "ru": "Аня", "uk": "Ніна", "de": "Jonas", "pl": "Zofia", "lt": "Rūta"},
    **{"ar": "سلمى", "fa": "نگار", "he": "נועה", "ur": "زینب", "el": "Ελένη", "hy": "Անի", "ka": "ნინო"},
    **{"am": "ሳራ", "bn": "রীতা", "hi": "प्रिया", "th": "สมชาย", "ja": "さくら", "ko": "지민", "zh": "小明"},
}


def sample(campaign: Campaign, output: Path) -> None:
    """Print every suggestion on a card of its own, then all packed as a batch would be, on full sheets.

    Raises:
        RenderingError: a suggestion that no card can carry, or a file that cannot be written.
    """
    setup, per_card = Setup.from_facts(campaign.card), campaign.card.messages_per_card
    slots = list(_suggestions(campaign))
    packed = _packed(setup, slots, "fill" if per_card == "fill" else int(per_card))
    cards = [[slot] for slot in slots] + (packed if per_card != 1 else [])
    for i in range(-len(cards) % setup.imposition.per_sheet):
        cards.append(cards[i % len(cards)])
    printed = [CardSlots(number, some) for number, some in enumerate(cards, 1)]
    private_folder(output.parent)
    part = output.with_name(f".{output.name}.part")
    part.unlink(missing_ok=True)  # of a run that was killed
    try:
        picture = load_illustration(campaign.card_picture, setup.imposition.card)
        rendering.write_file(setup, picture, printed, part, Written(), draw(setup, printed, ALONE))
        with rendering.refused_writes(output):
            part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _suggestions(campaign: Campaign) -> Iterator[Slot]:
    for language, edition in campaign.editions.items():
        for number, text in enumerate(edition.suggestions, 1):
            place = f"{language}/suggestions.md, line {number} of the list"
            name = NAMES.get(language.partition("-")[0], NAMES["en"])
            yield Slot(0, number, place, "", True, "approved", text, name, language, None)


def _packed(setup: Setup, slots: list[Slot], per_card: PerCard) -> list[list[Slot]]:
    typesetter = replace(setup.typesetter, rough=True)
    heights = []
    for slot in slots:
        try:
            heights.append(typesetter.set(slot.text, slot.first_name, slot.language).height)
        except CannotSet as error:
            raise RenderingError(f"{slot.message}: {error}") from error
    return [[slots[i] for i in card.messages] for card in pack(heights, typesetter.capacity, per_card)]
