"""Planning a batch: which approved messages go on which cards, and which wait for company."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from hashlib import blake2b
from itertools import chain, tee

from campaign.cards.card_words import Wording
from campaign.cards.fitting import surely_fits
from campaign.cards.packing import SHORTEST, Packing, PerCard, pack, whole_sheets
from campaign.cards.progress import Progress, silent
from campaign.cards.same_words import keep_apart
from campaign.cards.type.typesetter import CannotSet, Typesetter
from campaign.content.campaign_toml.card import CardFacts
from campaign.language.english import counted
from campaign.ledger.claims import DIGEST, Candidate, Place, Places
from campaign.messages import approval, print_choice
from campaign.messages.message import text_digest
from campaign.press.crew import ALONE, Crew
from campaign.storage.chunks import chunks

NONE_WAITING = "no approved message is waiting for a card"
MOST_MESSAGES = 150_000  # in a batch: some 20,000 cards, and the claim stays a matter of seconds


@dataclass(frozen=True)
class Unprinted:
    """An approved message that does not go on paper, and why."""

    message: str
    why: str


@dataclass(frozen=True)
class Terms:
    """What decides how full a card is, how long a message waits for company, and how many go at most."""

    per_card: PerCard
    per_sheet: int
    max_wait_days: int
    today: date
    final: bool = False
    limit: int = MOST_MESSAGES

    @classmethod
    def of(cls, facts: CardFacts, per_sheet: int, today: date, limit: int | None, *, final: bool) -> Terms:
        """Take them from a campaign's cards; a batch never holds more than `MOST_MESSAGES`."""
        per_card: PerCard = "fill" if facts.messages_per_card == "fill" else int(facts.messages_per_card)
        most = min(limit or MOST_MESSAGES, MOST_MESSAGES)
        return cls(per_card, per_sheet, facts.max_wait_days, today, final, most)


@dataclass(frozen=True)
class Plan:
    """Cards to be claimed, oldest message first; `waiting` messages stay for a later batch, for `reason`."""

    places: Places
    waiting: int
    reason: str
    cannot_set: tuple[Unprinted, ...]
    unsigned: tuple[str, ...]


def complaints(left_out: Iterable[Unprinted], unsigned: Iterable[str]) -> list[str]:
    """Name approved messages that are not printed, and why."""
    lines = [f"message {one.message} is not printed: {one.why}" for one in left_out]
    why = "its approval is not for these words; review it again"
    return lines + [f"message {message} is not printed: {why}" for message in unsigned]


@dataclass(frozen=True)
class DryRun:
    """What a run would print if it were made now."""

    messages: int
    cards: int
    sheets: int
    plan: Plan

    def __str__(self) -> str:
        if not self.messages:
            return f"Nothing ready: {self.plan.reason}"
        would = f"{counted(self.messages, 'message')} on {counted(self.cards, 'card')}"
        return f"It would print {would}, {counted(self.sheets, 'sheet')}.\n{self.plan.reason}".strip()

    @property
    def complaints(self) -> list[str]:
        """Name the approved messages that it would not print, and why."""
        return complaints(self.plan.cannot_set, self.plan.unsigned)


@dataclass
class _Printable:
    """What is kept of each message that can be printed: a few bytes, for there may be a million."""

    orders: array[int] = field(default_factory=lambda: array("q"))
    digests: bytearray = field(default_factory=bytearray)
    heights: array[int] = field(default_factory=lambda: array("H"))
    # Equal where the words are, however they are written.
    texts: array[int] = field(default_factory=lambda: array("Q"))
    days: array[int] = field(default_factory=lambda: array("l"))
    cannot_set: list[Unprinted] = field(default_factory=list)
    unsigned: list[str] = field(default_factory=list)
    more: bool = False  # messages are waiting beyond the limit

    def __len__(self) -> int:
        return len(self.orders)

    def add(self, message: Candidate, height: int) -> None:
        """Keep what is needed of one more."""
        self.orders.append(message.order)
        self.digests += text_digest(message.text)
        self.heights.append(height)
        self.texts.append(_numbered(message.likeness or message.text))
        self.days.append(message.received_on.toordinal())

    def digest(self, i: int) -> bytes:
        """Give the SHA-256 of a message's text."""
        return bytes(self.digests[i * DIGEST : (i + 1) * DIGEST])


def plan(
    candidates: Iterable[Candidate],
    typesetter: Typesetter,
    terms: Terms,
    keys: Sequence[str],
    progress: Progress = silent,
    crew: Crew = ALONE,
) -> Plan:
    """Set and pack messages, the oldest first; only those whose approval signs exactly their words.

    Without `terms.final` only full cards on full sheets are planned, unless a message that would be left
    has waited its days: then everything goes. Where `terms.limit` leaves messages for the next run, those
    that are left here have company there.
    """
    printable = _set_messages(candidates, typesetter, terms, keys, progress, crew)
    cards = pack(printable.heights, typesetter.capacity, terms.per_card)
    cards = keep_apart(cards, printable.heights, printable.texts, typesetter.capacity, terms.per_card)
    chosen = cards if terms.final else whole_sheets(cards, terms.per_sheet)
    hurry = not (printable.more and chosen)
    if (
        hurry
        and len(chosen) < len(cards)
        and _longest_wait(printable, chosen, terms.today) >= terms.max_wait_days
    ):
        chosen = cards
    places = Places(_places(printable, chosen))
    reason = _why_waiting(printable, cards, chosen, terms)
    return Plan(
        places, len(printable) - len(places), reason, tuple(printable.cannot_set), tuple(printable.unsigned)
    )


def _set_messages(
    candidates: Iterable[Candidate],
    typesetter: Typesetter,
    terms: Terms,
    keys: Sequence[str],
    progress: Progress,
    crew: Crew,
) -> _Printable:
    printable = _Printable()
    messages, looked_at = tee(candidates)
    look = partial(_heights, typesetter, terms.per_card, keys)
    heights = chain.from_iterable(crew.map(look, chunks(looked_at)))
    for count, (message, height) in enumerate(zip(messages, heights, strict=True), 1):
        if len(printable) == terms.limit:
            printable.more = True
            break
        if count % 1000 == 0:
            progress("setting messages", count, 0)
        if height is None:
            printable.unsigned.append(message.id)
        elif isinstance(height, str):
            printable.cannot_set.append(Unprinted(message.id, height))
        else:
            printable.add(message, height)
    return printable


def _heights(
    typesetter: Typesetter, per_card: PerCard, keys: Sequence[str], messages: Iterable[Candidate]
) -> list[int | str | None]:
    """Give the half-lines of each message, or why it cannot be set; None where it was not approved so."""
    found: list[int | str | None] = []
    typesetter = replace(typesetter, rough=True)
    for message in messages:
        signed = print_choice.signed(message.id, message.campaign, message)
        try:
            approved = approval.valid(keys, message.approval, *signed)
            found.append(_height(print_choice.wording(message), typesetter, per_card) if approved else None)
        except CannotSet as error:
            found.append(str(error))
    return found


def _height(wording: Wording, typesetter: Typesetter, per_card: PerCard) -> int:
    """Give the half-lines that a message takes.

    Where each has a card for itself the cards are the same whatever it is, and what surely fits is set once,
    when it is drawn.
    """
    if per_card == 1 and surely_fits(typesetter, wording):
        return SHORTEST
    return typesetter.set(*wording).height


def _numbered(words: str) -> int:
    return int.from_bytes(blake2b(str(words).encode(), digest_size=8).digest())


def _longest_wait(printable: _Printable, chosen: Packing, today: date) -> int:
    """Give the days that the oldest message without a place has waited."""
    placed = bytearray(len(printable))
    for card in chosen:
        for message in card.messages:
            placed[message] = 1
    left = placed.find(0)
    return today.toordinal() - min(printable.days[i] for i in range(left, len(printable)) if not placed[i])


def _places(printable: _Printable, cards: Packing) -> Iterator[Place]:
    for number, card in enumerate(cards, 1):
        for position, i in enumerate(card.messages, 1):
            yield Place(number, position, printable.orders[i], printable.digest(i))


def _why_waiting(printable: _Printable, cards: Packing, chosen: Packing, terms: Terms) -> str:
    if not printable:
        return NONE_WAITING
    if printable.more and chosen:
        most = "a batch holds" if terms.limit == MOST_MESSAGES else "this run took"
        return f"{most} at most {terms.limit} messages, and more are waiting: run it again for the next batch"
    count = len(printable) - sum(len(card.messages) for card in chosen)
    if not count:
        return ""
    left = sum(card.full for card in cards) - len(chosen)
    days = _longest_wait(printable, chosen, terms.today)
    return (
        f"{counted(count, 'approved message')} wait{'s' if count == 1 else ''} for company: they fill "
        f"{counted(left, 'card')}, and a sheet holds {terms.per_sheet}; the oldest came "
        f"{counted(days, 'day')} ago and goes after {terms.max_wait_days} at the latest, all now with --final"
    )
