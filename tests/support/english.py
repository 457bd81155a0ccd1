"""The first campaign in English alone, or nearly, for tests that are not about its languages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path


def english_alone(folder: Path, *also: str) -> Path:
    """Take the other languages out of a copy of the campaign, but those named; returns its folder."""
    facts = folder / "campaign.toml"
    text = facts.read_text(encoding="utf-8")
    for other in re.findall(r'"(\w+)"', re.search(r"(?m)^languages = (\[.*\])$", text)[1]):
        if other not in ("en", *also):
            shutil.rmtree(folder / other)
            text = re.sub(rf"(?ms)^\[names\.{other}\]\n.*?\n\n", "", text.replace(f', "{other}"', "", 1))
    facts.write_text(text, encoding="utf-8")
    return folder
