"""A campaign as an editor writes it, and the faults that are found in it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from campaign.content import checks
from campaign.content.campaign import load
from campaign.errors import ContentError, ContentErrors
from campaign.language import po_files

TODAY = datetime.date(2026, 11, 22)
FACTS = """\
# a comment
name = "Mikita"
status = "open"
signatures = 12000
signatures_as_of = 2026-11-22
languages = ["en"]

[form]
message_limit = 60

[recipient] # what he reads
languages = [
    "be",
    "ru",
]
risky_words = ["fight", "свобода"]
address = \"\"\"
Колония № 2
name = "not a key"
Belarus
\"\"\"
address_verified_on = 2026-11-01

[contact]
name = "Friends of Mikita"
address = "friends@example.org"
"""
TEXTS = {
    "story.md": "# He waits\n\nThe lead.\n\nThe story of {{ name }}.\n",
    "how-it-works.md": "# How it works\n\n1. You write.\n2. We print.\n\n## Small print\n\nNone.\n",
    "suggestions.md": "- Be strong.\n- We think\n  of you.\n",
    "thanks.md": "# Thanks\n\nIt arrived.\n",
    "privacy.md": "# Privacy\n\nOne sentence.\n\nMore of them.\n",
    "closed.md": "# Closed\n\nNo more.\n",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 105 148"><path d="M0 0h1v1z"/></svg>'


def write_campaign(folder: Path) -> Path:
    """Write a campaign without a fault."""
    (folder / "en").mkdir(parents=True)
    (folder / "campaign.toml").write_text(FACTS, encoding="utf-8")
    (folder / "illustration.svg").write_text(SVG, encoding="utf-8")
    for name, text in TEXTS.items():
        (folder / "en" / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[ContentError]:
    with pytest.raises(ContentErrors) as caught:
        load(folder, today=TODAY)
    return list(caught.value.faults)


def all_faults(content_dir: Path, translations_dir: Path = po_files.FOLDER) -> list[ContentError]:
    """Return what keeps a page from being published, in the order of files and lines."""
    return [one for one in checks.findings(content_dir, translations_dir) if one.level == "fault"]


def the_fault(folder: Path) -> tuple[str, int, str, str]:
    """Return file, line, fault and remedy of the only fault."""
    found = faults(folder)
    assert len(found) == 1, "\n".join(map(str, found))
    fault = found[0]
    return str(fault.path.relative_to(folder)), fault.line, fault.fault, fault.remedy


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
