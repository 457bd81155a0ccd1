"""A process that makes the public half, answers a request of each kind, and tells what it loaded for it.

python -m tests.support.public_half CONTENT DATABASE_URL
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

WORDS = {"message": "We are with you.", "first_name": "Anna", "consent": "y"}
RARER = {"message": "Трымайся! 👩‍👩‍👧 ขอให้เข้มแข็ง"}  # Unicode's rules of breaking are needed for it


@dataclass(frozen=True)
class Loaded:
    """The modules that were imported to make the app, and after plain requests; the resident memory in bytes.

    It is that once the app was made, and in the end, after a message whose writing is not plain.
    """

    at_start: frozenset[str]
    modules: frozenset[str]
    made: int
    used: int


def loaded(content: Path, database_url: str) -> Loaded:
    """Start that process, on content and a migrated database of its own."""
    command = [sys.executable, "-m", "tests.support.public_half", str(content), database_url]
    environ = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # to compile its modules takes 2 MB, once
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60)
    at_start, modules, made, used = json.loads(done.stdout)
    return Loaded(frozenset(at_start), frozenset(modules), made, used)


def resident() -> int:
    """Give the resident memory of this process, as Linux counts it."""
    status = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) * 1024 if found else 0


def main(content: str, database_url: str) -> None:
    """Make it, use it, and tell."""
    from campaign.settings import Settings
    from receiver.app import create_app

    settings = Settings(secret_key="s" * 40, content_dir=Path(content), database_url=database_url)
    app = create_app(settings, only="public")
    made, at_start = resident(), sorted(sys.modules)
    client = app.test_client()
    for campaign in sorted(path.name for path in Path(content).iterdir()):
        assert client.get(f"/{campaign}/token").status_code == 200
        assert "Anna" in client.post(f"/{campaign}/messages", data=WORDS).text
        assert client.get(f"/{campaign}/withdraw").status_code == 200
        assert client.get(f"/{campaign}/count.json").status_code == 200
    modules = sorted(sys.modules)
    assert client.post(f"/{campaign}/messages", data=WORDS | RARER).status_code == 200
    sys.stdout.write(json.dumps([at_start, modules, made, resident()]))


if __name__ == "__main__":
    main(*sys.argv[1:])
