"""The first campaign in English alone, for tests that are not about its languages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path


def english_alone(folder: Path) -> Path:
    """Take the other languages out of a copy of the campaign, and return its folder."""
    facts = folder / "campaign.toml"
    text = facts.read_text(encoding="utf-8")
    for other in re.findall(r'"(\w+)"', re.search(r"(?m)^languages = (\[.*\])$", text)[1]):
        if other != "en":
            shutil.rmtree(folder / other)
    text = re.sub(r"(?m)^languages = \[\"en\", .*\]$", 'languages = ["en"]', text)
    facts.write_text(re.sub(r"(?ms)^\[names\.\w+\]\n.*?\n\n", "", text), encoding="utf-8")
    return folder
