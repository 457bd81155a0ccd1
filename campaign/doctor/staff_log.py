"""Whether the log of what staff did is whole, without anybody having to ask."""

from __future__ import annotations

from collections.abc import Iterator

from campaign.accounts.staff_log_check import verify_all
from campaign.doctor.installation import Installation
from campaign.keeping import log_ends
from campaign.language.english import counted
from campaign.storage.database import Database


def find(installation: Installation, database: Database) -> Iterator[str]:
    """Count what is not as it was written; `build.py log verify` names it, and looks into backups too."""
    settings = installation.settings
    noted = log_ends.read_all(log_ends.files_beside(settings))
    found = verify_all(database, settings.approval_keys, noted)
    if found.faults:
        yield (
            f"the log of what staff did was changed, {counted(len(found.faults), 'fault')}; "
            "python build.py log verify names them, and docs/operators.md says what to do"
        )
