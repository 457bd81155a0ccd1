"""Approved messages in a database, and a campaign that prints them.

    python -m tests.benchmarks.press.seeding MESSAGES FOLDER one|packed

`settings(FOLDER)` is the environment in which `build.py cards mikita --final` prints all of them.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from tests.benchmarks.peers import ROOT
from tests.benchmarks.press.corpus import read

KEY = "a key for the benchmark alone, long enough"
AT_ONCE = 1000


def settings(folder: Path) -> dict[str, str]:
    """Give the environment of a run of the press."""
    return {
        "CANDLE_SECRET_KEY": f"another {KEY}",
        "CANDLE_APPROVAL_KEY": KEY,
        "CANDLE_DATABASE_URL": f"sqlite:///{folder}/candle.sqlite",
        "CANDLE_CONTENT_DIR": str(folder / "content"),
        "CANDLE_BUILD_DIR": str(folder / "_build"),
    }


def main(messages: Path, folder: Path, how: str) -> None:
    """Write content and database into an empty folder."""
    # Late: who asks for the settings alone is measured, and carries nothing more.
    from sqlalchemy import insert

    from campaign.storage.database import connect, migrate
    from campaign.storage.tables import messages as table

    shutil.copytree(ROOT / "content", folder / "content")
    facts = folder / "content/mikita/campaign.toml"
    if how == "one":
        text = facts.read_text(encoding="utf-8")
        facts.write_text(text.replace('messages_per_card = "fill"', "messages_per_card = 1"), "utf-8")
    database = connect(settings(folder)["CANDLE_DATABASE_URL"])
    migrate(database)
    rows = _rows(messages)
    while some := list(islice(rows, AT_ONCE)):
        database.write(lambda connection, some=some: connection.execute(insert(table), some) and None)
    database.close()


def _rows(messages: Path) -> Iterator[dict[str, Any]]:
    from campaign.messages import approval

    for number, message in enumerate(read(messages), 1):
        identifier = f"m{number}"
        words = (message.text, message.first_name)
        yield {
            "id": identifier,
            "campaign": "mikita",
            "state": "approved",
            "text": message.text,
            "first_name": message.first_name,
            "language": message.language,
            "flags": [],
            "received_on": date(2026, 11, 22),
            "consent_version": "1",
            "consent_language": "en",
            "likeness": identifier,
            "receipt_digest": identifier,
            "redactions": [],
            "approval": approval.sign([KEY], identifier, "mikita", *words),
        }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
