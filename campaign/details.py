"""Supporters' details, opened: only where somebody brings the secret age key, on an offline machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from campaign import messages, sealing
from campaign.errors import CandleError
from campaign.form import DETAILS

COLUMNS = ("message", *DETAILS, "same_email_as")
FORMULA = ("=", "+", "-", "@", "\t")  # a spreadsheet would run a cell that begins so


class DetailsError(CandleError):
    """Details that cannot be read."""


def as_csv(connection: Connection, campaign: str, key_file: str) -> str:
    """Open the campaign's details with the identities of `key_file` (its text) and return them as CSV.

    `same_email_as` names the first message with the same address, so that somebody who wrote twice is seen:
    nothing on the server could tell.

    Raises:
        SealingError: the file holds no age identity, or none that opens them.
    """
    sealed = messages.sealed_details(connection, campaign)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(sealed, sealing.identities(key_file)))
    return table.getvalue()


def _rows(sealed: Sequence[tuple[str, bytes]], identities: Sequence[str]) -> Iterator[list[str]]:
    seen: dict[str, str] = {}
    for message, ciphertext in sealed:
        details = sealing.unseal(ciphertext, identities)
        address = details.get("email", "").casefold()
        first = seen.setdefault(address, message) if address else message
        cells = [_harmless(details.get(name, "")) for name in DETAILS]
        yield [message, *cells, "" if first == message else first]


def _harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula.

    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


@contextmanager
def backup_opened(file: Path) -> Iterator[Connection]:
    """Open a backup for reading, without writing a byte beside it.

    Raises:
        DetailsError: the file is no backup of Candle's.
    """
    address = f"sqlite:///file:{file.absolute()}?mode=ro&immutable=1&uri=true"
    engine = create_engine(address, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as error:
        raise DetailsError(f"{file}: not a backup; `build.py backup FILE` writes one") from error
    finally:
        engine.dispose()
