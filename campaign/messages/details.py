"""Supporters' details, opened: only where somebody brings the secret age key, on an offline machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from campaign.content import form_fields
from campaign.content.form_fields import DETAILS
from campaign.errors import CandleError
from campaign.keys import sealing
from campaign.keys.sealing import NoDetailsError, SealingError
from campaign.messages.formula_guard import guarded
from campaign.storage import foreign_file
from campaign.storage.tables import details, messages
from campaign.text.normalising import normalise, refusals

COLUMNS = ("message", "first_name", *DETAILS, "language", "updates", "same_email_as")


class DetailsError(CandleError):
    """Details that cannot be read."""


@dataclass(frozen=True)
class OpenedDetails:
    """Details as CSV; the messages whose seal does not open, and those whose seal holds something else.

    `without_news` did not ask for news, and `taken_back` were taken back since: neither was opened.
    `number` is that of all who left any.
    """

    csv: str
    unopened: tuple[str, ...]
    strange: tuple[str, ...]
    number: int
    without_news: int
    taken_back: int


@dataclass(frozen=True)
class Sealed:
    """The sealed details of a message, and what its form said beside them."""

    message: str
    ciphertext: bytes
    first_name: str
    language: str
    updates: bool


def sealed_details(connection: Connection, campaign: str) -> list[Sealed]:
    """Return the sealed details of a campaign, the oldest first."""
    m = messages.c
    chosen = (
        select(details.c.message, details.c.sealed, m.first_name, m.language, m.updates)
        .join(messages, messages.c.id == details.c.message)
        .where(messages.c.campaign == campaign)
        .order_by(messages.c.sequence)
    )
    return [Sealed(*row) for row in connection.execute(chosen)]


def as_csv(
    connection: Connection,
    campaign: str,
    key_file: str,
    *,
    news_only: bool = False,
    taken_back: Iterable[str] = (),
) -> OpenedDetails:
    """Open the campaign's details with the identities of `key_file` (its text).

    Those of the messages `taken_back` are not opened, nor with `news_only` those who asked for no news.
    `same_email_as` names the first message with the same address, so that somebody who wrote twice is seen:
    nothing on the server could tell. A seal that does not open, or holds something else, hides no other.

    Raises:
        SealingError: the file holds no age identity, or opens nothing at all.
    """
    identities = sealing.identities(key_file)
    opened: dict[Sealed, dict[str, str]] = {}
    failures: dict[str, SealingError] = {}
    everybody = sealed_details(connection, campaign)
    gone = {one.message for one in everybody}.intersection(taken_back)  # of a long list what is here
    kept = [one for one in everybody if one.message not in gone]
    chosen = [one for one in kept if one.updates or not news_only]
    for one in chosen:
        try:
            opened[one] = _checked(sealing.unseal(one.ciphertext, identities))
        except SealingError as error:
            failures[one.message] = error
    strange = tuple(message for message, error in failures.items() if isinstance(error, NoDetailsError))
    unopened = tuple(message for message in failures if message not in strange)
    if unopened and not opened and not strange:
        raise failures[unopened[0]]
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(opened))
    left_out = len(kept) - len(chosen), len(everybody) - len(kept)
    return OpenedDetails(table.getvalue(), unopened, strange, len(everybody), *left_out)


def _checked(told: Mapping[str, str]) -> dict[str, str]:
    """Hold what a browser sealed to what the form would have taken: nobody could look at it before."""
    limits = {field.name: field.limit for field in form_fields.fields(0, DETAILS) if field.name in DETAILS}
    found = {}
    for name, value in told.items():
        normalised = normalise(value, one_line=True, limit=limits.get(name, 0))
        faults = normalised.refused or (value and refusals(normalised.text, limits.get(name, 0)))
        if name not in limits or faults:
            raise NoDetailsError("what was sealed there are no details; somebody else wrote it")
        found[name] = normalised.text
    return found


def _rows(opened: Mapping[Sealed, Mapping[str, str]]) -> Iterator[list[str]]:
    seen: dict[str, str] = {}
    for one, told in opened.items():
        address = told.get("email", "").casefold()
        first = seen.setdefault(address, one.message) if address else one.message
        given = (told.get(name, "") for name in DETAILS)
        asked, same = "yes" if one.updates else "no", "" if first == one.message else first
        # All of them: what holds the seals may have been in other hands, its ids and languages too.
        cells = (one.message, one.first_name, *given, one.language, asked, same)
        yield [guarded(cell or "") for cell in cells]  # NULL lies there too


@contextmanager
def open_backup(file: Path) -> Iterator[Connection]:
    """Open a backup for reading, without writing a byte beside it.

    Raises:
        DetailsError: the file is no backup of Candle's.
    """
    engine = create_engine(
        "sqlite://", creator=lambda: foreign_file.opened(file, alone=True), poolclass=NullPool
    )
    try:
        with engine.connect() as connection:
            yield connection
    except (DatabaseError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else error.orig
        raise DetailsError(f"{file}: not a backup ({why}); `build.py backup FILE` writes one") from error
    finally:
        engine.dispose()
