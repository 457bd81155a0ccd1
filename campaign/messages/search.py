"""Finding messages: by their words, and by what became of them; what was decided last comes first.

Every function takes an open `Connection`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, select

from campaign.messages.message import Message
from campaign.messages.queries import message_from_row
from campaign.storage.chunks import chunks
from campaign.storage.tables import batches, first_approvals, messages, slots
from campaign.text.character_table import CharacterTable
from campaign.text.matching import fold

DECIDED = ("approved", "rejected")
LAST_DECIDED = (messages.c.reviewed_on.desc(), messages.c.sequence.desc())
HIGHEST = 2**31 - 1  # number of a batch or a card that PostgreSQL lets itself be asked for
EVERYTHING = (messages.c.reviewed_on.desc().nulls_last(), messages.c.sequence.desc())
OLDEST_FIRST = (messages.c.sequence,)  # of those that wait
LOOKED_THROUGH = 2_000  # of which it is found out at a time what stands in no row: each costs a moment

Look = Callable[[Sequence[Message]], Iterable[Message]]


@dataclass(frozen=True)
class Question:
    """What is looked for: all of it must hold, and what is empty is not asked.

    `words` must all be in the text, the first name or the translation, whatever their case and accents;
    `other_than`: it was rejected, for none of these reasons. `card` is the number printed on the card.
    `once`: it waits, and one of two people approved it.
    """

    state: str = ""
    words: str = ""
    flag: str = ""
    reason: str = ""
    other_than: Collection[str] | None = None
    reviewer: str = ""
    language: str = ""
    batch: int | None = None
    card: int | None = None
    flood: bool = False
    once: bool = False


@dataclass(frozen=True)
class Found:
    """A page of what was found, and how many there are on all pages.

    Where messages were looked at one by one, `part` says which of them, 1 being the first `LOOKED_THROUGH`,
    and `further` whether there are more.
    """

    messages: tuple[Message, ...]
    number: int
    page: int
    pages: int
    part: int = 0
    further: bool = False


def find(
    connection: Connection,
    campaign: str,
    question: Question,
    *,
    page: int,
    size: int,
    number: int | None = None,
) -> Found:
    """Return one page, 1 being the first; past the last one comes the last.

    `number` is how many there are, where that was counted already.
    """
    conditions = list(_conditions(campaign, question))
    matching = _scan(connection, conditions, question) if question.words.split() else None
    if matching is not None:
        number = len(matching)
    elif number is None:
        number = connection.scalar(select(func.count()).select_from(messages).where(*conditions)) or 0
    page, pages = _place(page, number, size)
    first = (page - 1) * size
    if matching is None:
        chosen = _chosen(conditions, question).limit(size).offset(first)
        shown: Sequence[int] = connection.scalars(chosen).all()
    else:
        shown = matching[first : first + size]
    return Found(_read(connection, shown), number, page, pages)


def look_through(
    connection: Connection, campaign: str, question: Question, look: Look, *, part: int, page: int, size: int
) -> Found:
    """Return one page of those that `look` leaves of `LOOKED_THROUGH` messages of which all else holds."""
    conditions = list(_conditions(campaign, question))
    part = min(max(part, 1), HIGHEST // LOOKED_THROUGH)
    first = (part - 1) * LOOKED_THROUGH
    if question.words.split():
        asked: Sequence[int] = _scan(connection, conditions, question)[first : first + LOOKED_THROUGH + 1]
    else:
        chosen = _chosen(conditions, question).limit(LOOKED_THROUGH + 1).offset(first)
        asked = connection.scalars(chosen).all()
    read = (_read(connection, some) for some in chunks(asked[:LOOKED_THROUGH]))
    found = [one for some in read for one in look(some)]
    page, pages = _place(page, len(found), size)
    shown = tuple(found[(page - 1) * size : page * size])
    return Found(shown, len(found), page, pages, part, len(asked) > LOOKED_THROUGH)


def _place(page: int, number: int, size: int) -> tuple[int, int]:
    pages = max(1, -(-number // size))
    return min(max(page, 1), pages), pages


def _chosen(conditions: Sequence[ColumnElement[bool]], question: Question) -> Select[int]:
    chosen = select(messages.c.sequence).where(*conditions).order_by(*_order(question))
    if question.state in DECIDED:
        chosen = chosen.where(messages.c.reviewed_on.is_not(None))  # it is; the index holds no others
    return chosen


def _order(question: Question) -> Sequence[ColumnElement[object]]:
    if question.state == "waiting":
        return OLDEST_FIRST
    return LAST_DECIDED if question.state in DECIDED else EVERYTHING


def _conditions(campaign: str, question: Question) -> Iterator[ColumnElement[bool]]:
    yield messages.c.campaign == campaign
    yield messages.c.erased_on.is_(None)
    for column, value in (
        (messages.c.state, question.state),
        (messages.c.reason, question.reason),
        (messages.c.reviewed_by, question.reviewer),
        (messages.c.language, question.language),
    ):
        if value:
            yield column == value
    if question.flag:
        yield cast(messages.c.flags, Text).contains(f'"kind": "{question.flag}"', autoescape=True)
    if question.other_than is not None:
        yield messages.c.reason.is_not(None)
        yield messages.c.reason.not_in(question.other_than)
    if question.once:
        yield messages.c.state == "waiting"
        yield messages.c.id.in_(select(first_approvals.c.message))
    if question.flood:
        yield messages.c.flood
    if question.batch is not None or question.card is not None:
        yield messages.c.id.in_(_on_cards(campaign, question))


def _on_cards(campaign: str, question: Question) -> Select[tuple[str]]:
    chosen = select(slots.c.message).join(batches, batches.c.id == slots.c.batch)
    chosen = chosen.where(batches.c.campaign == campaign)
    if question.batch is not None:
        chosen = chosen.where(batches.c.number == min(question.batch, HIGHEST))
    if question.card is not None:
        chosen = chosen.where(slots.c.card == min(question.card, HIGHEST))
    return chosen


def _scan(connection: Connection, conditions: Sequence[ColumnElement[bool]], question: Question) -> list[int]:
    """Look through the words of each: no index of them is kept, that an erasure would have to reach."""
    words = plain(question.words).split()
    columns = (messages.c[name] for name in ("sequence", "text", "first_name", "translation"))
    rows = connection.execute(select(*columns).where(*conditions).order_by(*_order(question)))
    looked = ((row[0], plain(f"{row[1]}\n{row[2]}\n{row[3] or ''}")) for row in rows)
    return [number for number, text in looked if all(word in text for word in words)]


def plain(text: str) -> str:
    """Return a text as it is searched: folded, and without the strokes that are no accents (ł, ø, đ)."""
    folded = fold(text)
    return folded if folded.isascii() else folded.translate(_PLAIN)


def _without_stroke(letter: str) -> str:
    """Return the letter that Unicode names before its "WITH"."""
    bare, has, _ = unicodedata.name(letter, "").partition(" WITH ")
    try:
        return unicodedata.lookup(bare) if has and letter.isalpha() else letter
    except KeyError:
        return letter


_PLAIN = CharacterTable(_without_stroke)


def _read(connection: Connection, shown: Sequence[int]) -> tuple[Message, ...]:
    rows = connection.execute(select(messages).where(messages.c.sequence.in_(shown)))
    by_order = {row.sequence: message_from_row(row) for row in rows}
    return tuple(by_order[one] for one in shown)
