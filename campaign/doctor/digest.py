"""How a campaign goes, in numbers: what came, what was decided by whom, what was posted, where the log ends.

No word of a message is in it, and no number that is about one person among few: a language in which fewer
than `FEWEST` people wrote stands with the others of that kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Connection, Select, exists, func, select

from campaign import petition
from campaign.accounts import staff_log
from campaign.accounts.staff import NAME
from campaign.accounts.staff_log_rows import End
from campaign.content.campaign_toml.facts import Facts
from campaign.language import locales
from campaign.messages.arrivals import count_arrivals
from campaign.messages.message_counts import count_aside, count_waiting
from campaign.petition import Count
from campaign.storage.tables import asides, batches, messages, slots

DAYS = 28  # told one by one, the last of them today
FEWEST = 5
OTHER_REASONS, OTHER_LANGUAGES, SOMEBODY = "another reason", "languages of fewer people each", "somebody"
Numbers = tuple[tuple[str, int], ...]  # the greatest first
Words = tuple[str, ...]
ByDay = tuple[tuple[date, int], ...]  # the earliest first


@dataclass(frozen=True)
class NumberTable:
    """Some of the numbers: what they are of, along what they run, the columns' heads, a row for each line."""

    title: str
    along: Literal["days", "names", "counts"]
    columns: tuple[str, ...]
    rows: tuple[tuple[str | date | int, ...], ...]


@dataclass(frozen=True)
class Digest:
    """How one campaign stands on a day; `received` and `posted` give each of the last days its number.

    Those `aside` are not `waiting`. `decided` tells for each person how many messages are approved and
    rejected by them, as they are now. `signatures` tells of the days of which the count
    was kept, and of this one.
    """

    name: str
    day: date
    waiting: int
    aside: int
    oldest: date | None
    received: ByDay
    decided: tuple[tuple[str, int, int], ...]
    reasons: Numbers
    languages: Numbers
    on_the_way: int
    posted: ByDay
    count: Count
    signatures: ByDay
    end: End | None

    @property
    def approved(self) -> int:
        """How many are approved."""
        return sum(row[1] for row in self.decided)

    @property
    def rejected(self) -> int:
        """How many are rejected."""
        return sum(row[2] for row in self.decided)

    @property
    def tables(self) -> tuple[NumberTable, ...]:
        """Give the numbers of which there are several."""
        return (
            NumberTable("Received", "days", ("day (UTC)", "messages"), self.received),
            NumberTable("Decided, as it stands", "names", ("by", "approved", "rejected"), self.decided),
            NumberTable("Rejected, because", "names", ("reason", "messages"), self.reasons),
            NumberTable("Language of the page", "names", ("language", "messages"), self.languages),
            NumberTable("Posted", "days", ("day", "messages"), self.posted),
            NumberTable("Signatures", "counts", ("day (UTC)", "signatures"), self.signatures),
        )


def read_digest(connection: Connection, campaign: str, facts: Facts, now: datetime) -> Digest:
    """Read the numbers of a campaign; each is counted by the database, and no message is read."""
    today = now.date()
    aside = count_aside(connection, campaign)
    arrived = count_arrivals(connection, campaign)
    by = messages.c.reviewed_by
    approved = _judged(connection, campaign, "approved", by)
    rejected = _judged(connection, campaign, "rejected", by, messages.c.reason)
    posted = _posted(connection, campaign)
    count = petition.count(connection, campaign, facts.signatures, facts.signatures_as_of)
    return Digest(
        name=facts.name,
        day=today,
        waiting=count_waiting(connection, campaign) - aside,
        aside=aside,
        oldest=connection.scalar(_waiting_longest(campaign)),
        received=_last_days(today, ((day, number) for (day, _), number in arrived.items())),
        decided=_decided(approved, rejected),
        reasons=_reasons(rejected, facts.review.reasons),
        languages=_languages(arrived),
        on_the_way=posted.total(),
        posted=_last_days(today, posted.items()),
        count=count,
        signatures=_signatures(connection, campaign, today, count.signatures),
        end=staff_log.read_end(connection),
    )


def _waiting_longest(campaign: str) -> Select[Any]:
    """Choose the day of the oldest that waits and that nobody set aside."""
    queued = ~exists().where(asides.c.message == messages.c.id)
    chosen = select(messages.c.received_on).where(*_kept(campaign, "waiting"), queued)
    return chosen.order_by(messages.c.sequence).limit(1)


def _kept(campaign: str, state: str) -> tuple[ColumnElement[bool], ...]:
    return messages.c.campaign == campaign, messages.c.state == state, messages.c.erased_on.is_(None)


def _first(today: date) -> date:
    return today - timedelta(days=DAYS - 1)


def _last_days(today: date, counted: Iterable[tuple[date, int]]) -> ByDay:
    """Give each of the last days its number."""
    by_day: Counter[date] = Counter()
    for day, number in counted:
        by_day[day] += number
    return tuple((day, by_day[day]) for day in (_first(today) + timedelta(days=n) for n in range(DAYS)))


def _posted(connection: Connection, campaign: str) -> Counter[date]:
    """Count the messages whose card was posted, by the day of it."""
    joined = slots.join(batches, slots.c.batch == batches.c.id)
    chosen = select(batches.c.posted_on, func.count()).select_from(joined)
    chosen = chosen.where(batches.c.campaign == campaign, batches.c.state == "posted", slots.c.live)
    rows = connection.execute(chosen.group_by(batches.c.posted_on))
    return Counter({row[0]: row[1] for row in rows})


def _signatures(connection: Connection, campaign: str, today: date, signatures: int) -> ByDay:
    """Give the days of which the count was kept; today's is the one of now."""
    kept = petition.list_days(connection, campaign, _first(today))
    return (*(row for row in kept if row[0] < today), (today, signatures))


def _judged(connection: Connection, campaign: str, state: str, *by: Column[str]) -> Counter[Words]:
    """Count the messages that people brought into a state, by what these columns hold."""
    chosen = select(*by, func.count()).where(*_kept(campaign, state), messages.c.reviewed_on.is_not(None))
    rows = connection.execute(chosen.group_by(*by))
    return Counter({tuple(word or "" for word in words): number for *words, number in rows})


def _decided(
    approved: Mapping[Words, int], rejected: Mapping[Words, int]
) -> tuple[tuple[str, int, int], ...]:
    by: dict[str, Counter[str]] = {}
    for state, judged in (("approved", approved), ("rejected", rejected)):
        for (who, *_), number in judged.items():
            name = who if NAME.fullmatch(who) else SOMEBODY  # whoever wrote it there
            by.setdefault(name, Counter())[state] += number
    return tuple((who, by[who]["approved"], by[who]["rejected"]) for who in sorted(by))


def _reasons(rejected: Mapping[Words, int], usual: Collection[str]) -> Numbers:
    """Count rejections by the campaign's usual reasons; what somebody wrote themselves is not repeated."""
    counted: Counter[str] = Counter()
    for (_, reason), number in rejected.items():
        counted[reason if reason in usual else OTHER_REASONS] += number
    return tuple(counted.most_common())


def _languages(arrived: Mapping[tuple[date, str], int]) -> Numbers:
    """Count messages by the language of the page that they came from."""
    by_code: Counter[str] = Counter()
    for (_, code), number in arrived.items():
        by_code[code] += number
    counted: Counter[str] = Counter()
    for code, number in by_code.items():
        few = not locales.known(code) or number < FEWEST
        counted[OTHER_LANGUAGES if few else locales.told_name(code)] += number
    return tuple(counted.most_common())


def as_markdown(digest: Digest) -> str:
    """Write it for people to read, and to send on."""
    tables = (line for table in digest.tables for line in _table(table))
    return "\n".join([*_summary(digest), *tables, *_where_the_log_ends(digest.end)])


def _summary(digest: Digest) -> Iterator[str]:
    oldest = f", the oldest since {digest.oldest}" if digest.oldest else ""
    aside = f"; {digest.aside} more set aside" if digest.aside else ""
    yield f"# {digest.name}, {digest.day}\n"
    yield f"- {digest.waiting} waiting for review{oldest}{aside}"
    yield f"- {digest.approved} approved, {digest.rejected} rejected"
    yield f"- {digest.on_the_way} posted"
    yield f"- {digest.count.signatures} signatures, as of {digest.count.as_of.date()}"


def _table(table: NumberTable) -> Iterator[str]:
    yield f"\n## {table.title}\n"
    listed = [tuple(str(cell).replace("|", "\\|") for cell in row) for row in table.rows if any(row[1:])]
    if not listed:
        yield "None."
        return
    yield f"| {' | '.join(table.columns)} |"
    yield f"|---|{'---:|' * (len(table.columns) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in listed)


def _where_the_log_ends(end: End | None) -> Iterator[str]:
    """Say what `log verify` says of an unchanged log: rows that are cut off later show beside it."""
    yield "\n## The log of staff\n"
    if end is None:
        yield "Nothing is in it yet."
        return
    more = f", and {end.decisions} of {end.day} have no number yet" if end.decisions else ""
    yield f"It ends with row {end.number}, digest `{end.digest}`{more}."
