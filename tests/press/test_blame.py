"""Which messages a card is blamed on that does not come out: as few as let the others be printed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from campaign.cards import card_picture
from campaign.cards.proof import comparing, proof
from campaign.cards.type import glyph_runs
from campaign.ledger.batches import Slot
from campaign.messages import queries
from campaign.press import blame
from campaign.press.proofing import proof_file
from campaign.press.stacks import CardSlots
from tests.press.runs import TEXTS, printed_messages
from tests.support.press import approve

TOWER = (
    "h" + "\u0309" * 8 + "\nx" * 22
)  # a full card, its first letter under eight marks; no other test sets it


def slots(cards: int, each: int = 1) -> list[CardSlots]:
    return [
        CardSlots(card, [slot(card, place) for place in range(1, each + 1)]) for card in range(1, cards + 1)
    ]


def slot(card: int, place: int) -> Slot:
    text = f"Text {card}.{place}"
    return Slot(card, place, f"m{card}.{place}", "", True, "approved", text, "Ann", "en", None)


def shown(sheet: Sequence[CardSlots]) -> set[str]:
    return {slot.text for card in sheet for slot in card.slots}


def blamed(cards: Sequence[CardSlots], failed: Sequence[int], passes: blame.Passes) -> list[str]:
    return [slot.message for slot in blame.guilty(cards, failed, 4, passes)]


@pytest.mark.parametrize(("cards", "guilty"), [(3, ["m1.1"]), (2, [])])
def test_a_whole_card_is_blamed_only_where_most_others_are_read(cards, guilty):
    assert blamed(slots(cards), [1], lambda _sheet: True) == guilty


@pytest.mark.parametrize("cards", [1, 2, 9])
def test_one_of_two_messages_that_fail_together_is_blamed_however_few_cards_there_are(cards):
    assert blamed(slots(cards, 2), [1], lambda sheet: not shown(sheet) >= {"Text 1.1", "Text 1.2"}) == [
        "m1.2"
    ]


def test_three_messages_that_fail_in_twos_are_blamed_until_the_card_comes_out():
    assert blamed(slots(1, 3), [1], lambda sheet: len(shown(sheet) - {"Be well"}) < 2) == [
        "m1.1",
        "m1.2",
        "m1.3",
    ]


def test_a_message_that_fails_by_itself_is_blamed_alone_and_not_its_neighbours():
    assert blamed(slots(2, 3), [1, 2], lambda sheet: "Text 2.2" not in shown(sheet)) == ["m2.2"]


def test_where_plain_words_fail_too_no_message_is_blamed():
    assert blamed(slots(9, 2), [1], lambda _sheet: False) == []


def test_a_sheet_is_drawn_again_with_the_card_where_it_was():
    drawn: list[list[tuple[int, int]]] = []
    blamed(slots(6), [6], lambda sheet: bool(drawn.append([(c.card, len(c.slots)) for c in sheet])) or True)
    assert set(map(tuple, drawn)) == {((5, 0), (6, 1))}


@pytest.fixture
def quarrelling(monkeypatch):
    """Words that are read alone, and lost where both stand on one card."""
    same = comparing.same_words

    def same_words(wanted, seen):
        return same(wanted, seen) and not ("Left" in seen and "Right" in seen)

    for module in (proof, card_picture):
        monkeypatch.setattr(module, "same_words", same_words)


@pytest.mark.slow
def test_a_batch_of_one_card_goes_on_where_two_messages_fail_together(run, database, folder, quarrelling):
    ids = approve(database, ["Left", "Right"])
    found = run(final=True)
    assert printed_messages(folder) == ids[:1]
    (complaint,) = found.complaints
    assert complaint.startswith(f"message {ids[1]} is not printed: its words cannot be read off the card")
    with database.read() as connection:
        message = queries.get(connection, ids[1])
    assert (message.state, [flag.kind for flag in message.flags]) == ("waiting", ["cannot-be-printed"])
    rendered = run(final=True).rendered
    assert rendered == ()
    (path,) = folder.glob("batch-*/sheets.pdf")
    assert proof_file(path, database).passed


@pytest.mark.slow
def test_a_name_that_runs_into_the_card_s_number_is_not_printed_and_the_batch_goes_on(run, database, folder):
    """MuPDF joins what stands behind a soft hyphen, and nobody finds that by looking at the words alone."""
    ids = approve(database, [("Be strong", "Anna\u00ad"), ("We are with you", "Zoë")])
    (complaint,) = run(final=True).complaints
    assert complaint.startswith(f"message {ids[0]} is not printed: ")
    assert printed_messages(folder) == ids[1:]


@pytest.mark.slow
def test_words_too_near_to_a_cut_hold_no_batch(run, database, folder, monkeypatch):
    monkeypatch.setattr(glyph_runs, "_keeps_clear", lambda *_: True)
    ids = approve(database, [TOWER, *TEXTS])
    assert len(run(final=True).complaints) == 1
    assert printed_messages(folder) == ids[1:]
