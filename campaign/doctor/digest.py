"""How a campaign goes, in numbers: what came, what was decided by whom, what was posted, where the log ends.

No word of a message is in it, and no number that is about one person among few: a language in which fewer
than `FEWEST` people wrote stands with the others of that kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from campaign import petition
from campaign.accounts import staff_log
from campaign.accounts.staff import NAME
from campaign.accounts.staff_log_rows import End
from campaign.content.schema import Facts
from campaign.language import locales
from campaign.messages.totals import ByState, Totals, count_by_state, count_totals
from campaign.petition import Count
from campaign.storage.tables import messages

DAYS = 14  # of which each has its line
FEWEST = 5
OTHER_REASONS, OTHER_LANGUAGES, SOMEBODY = "another reason", "languages of fewer people each", "somebody"
Numbers = tuple[tuple[str, int], ...]  # the greatest first


@dataclass(frozen=True)
class Digest:
    """How one campaign stands on a day; `received` are the last days, of which each has its number.

    `decided` tells for each person how many messages are approved and rejected by them, as they are now.
    """

    name: str
    day: date
    received: tuple[tuple[date, int], ...]
    states: ByState
    oldest: date | None
    decided: tuple[tuple[str, int, int], ...]
    reasons: Numbers
    languages: Numbers
    totals: Totals
    signatures: Count
    end: End | None


def read_digest(connection: Connection, campaign: str, facts: Facts, now: datetime) -> Digest:
    """Read the numbers of a campaign; each is counted by the database, and no message is read."""
    kept = (messages.c.campaign == campaign, messages.c.erased_on.is_(None))
    waiting = select(messages.c.received_on).where(*kept, messages.c.state == "waiting")
    return Digest(
        name=facts.name,
        day=now.date(),
        received=_received(connection, campaign, now.date()),
        states=count_by_state(connection, campaign),
        oldest=connection.scalar(waiting.order_by(messages.c.sequence).limit(1)),
        decided=_decided(connection, kept),
        reasons=_reasons(connection, kept, facts.review.reasons),
        languages=_languages(connection, kept),
        totals=count_totals(connection, campaign),
        signatures=petition.count(connection, campaign, facts.signatures, facts.signatures_as_of, now),
        end=staff_log.read_end(connection),
    )


def _received(connection: Connection, campaign: str, today: date) -> tuple[tuple[date, int], ...]:
    """Count what came on each of the last days, whatever became of it since."""
    first = today - timedelta(days=DAYS - 1)
    chosen = (
        select(messages.c.received_on, func.count())
        .where(messages.c.campaign == campaign, messages.c.received_on >= first)
        .group_by(messages.c.received_on)
    )
    found = {row[0]: row[1] for row in connection.execute(chosen)}
    days = [first + timedelta(days=n) for n in range(DAYS)]
    return tuple((day, found.get(day, 0)) for day in days)


def _decided(connection: Connection, kept: Sequence[ColumnElement[bool]]) -> tuple[tuple[str, int, int], ...]:
    chosen = select(messages.c.reviewed_by, messages.c.state, func.count()).where(
        *kept, messages.c.state.in_(("approved", "rejected"))
    )
    by: dict[str, Counter[str]] = {}
    for who, state, count in connection.execute(chosen.group_by(messages.c.reviewed_by, messages.c.state)):
        name = who if NAME.fullmatch(who or "") else SOMEBODY  # whoever wrote it there
        by.setdefault(name, Counter())[state] += count
    return tuple((who, by[who]["approved"], by[who]["rejected"]) for who in sorted(by))


def _reasons(connection: Connection, kept: Sequence[ColumnElement[bool]], usual: Collection[str]) -> Numbers:
    """Count rejections by the campaign's usual reasons; what somebody wrote themselves is not repeated."""
    chosen = select(messages.c.reason, func.count()).where(*kept, messages.c.state == "rejected")
    counted: Counter[str] = Counter()
    for reason, count in connection.execute(chosen.group_by(messages.c.reason)):
        counted[reason if reason in usual else OTHER_REASONS] += count
    return tuple(counted.most_common())


def _languages(connection: Connection, kept: Sequence[ColumnElement[bool]]) -> Numbers:
    """Count messages by the language of the page that they came from."""
    chosen = select(messages.c.language, func.count()).where(*kept)
    counted: Counter[str] = Counter()
    for code, count in connection.execute(chosen.group_by(messages.c.language)):
        name = locales.name(code) if locales.known(code) and count >= FEWEST else OTHER_LANGUAGES
        counted[name] += count
    return tuple(counted.most_common())


def as_markdown(digest: Digest) -> str:
    """Write it for people to read, and to send on."""
    return "\n".join([*_summary(digest), *_tables(digest), *_where_the_log_ends(digest.end)])


def _summary(digest: Digest) -> Iterator[str]:
    states, signatures = digest.states, digest.signatures
    oldest = f", the oldest since {digest.oldest}" if digest.oldest else ""
    aside = f"; {states.aside} of them set aside" if states.aside else ""
    yield f"# {digest.name}, {digest.day}\n"
    yield f"- {states.waiting} waiting for review{oldest}{aside}"
    yield f"- {states.approved} approved, {states.rejected} rejected"
    yield f"- {digest.totals.posted} posted"
    yield f"- {signatures.signatures} signatures, as of {signatures.as_of.date()}"


def _tables(digest: Digest) -> Iterator[str]:
    yield from _table("Received", ("day (UTC)", "messages"), digest.received)
    yield from _table("Decided, as it stands", ("by", "approved", "rejected"), digest.decided)
    yield from _table("Rejected, because", ("reason", "messages"), digest.reasons)
    yield from _table("Language of the page", ("language", "messages"), digest.languages)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"\n## {title}\n"
    listed = [tuple(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    if not listed:
        yield "None."
        return
    yield f"| {' | '.join(columns)} |"
    yield f"|---|{'---:|' * (len(columns) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in listed)


def _where_the_log_ends(end: End | None) -> Iterator[str]:
    """Say what `log verify` says of an unchanged log: rows that are cut off later show beside it."""
    yield "\n## The log of staff\n"
    if end is None:
        yield "Nothing is in it yet."
        return
    more = f", and {end.decisions} of {end.day} have no number yet" if end.decisions else ""
    yield f"It ends with row {end.number}, digest `{end.digest}`{more}."
