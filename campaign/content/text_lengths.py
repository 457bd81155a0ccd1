"""How long a story's heading and first paragraph may be: they are all that a link shared elsewhere shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.content.edition import Edition
from campaign.errors import ContentError
from campaign.text.normalising import length

LONGEST_TITLE = 70  # graphemes: what search engines and messengers show of a title
LONGEST_LEAD = 320  # graphemes: what stands with the picture on a small phone's first two screens


def too_long(story: Path, edition: Edition) -> Iterator[ContentError]:
    """Find which of them is longer."""
    for what, words, longest in (
        ("the heading", edition.story.title, LONGEST_TITLE),
        ("the first paragraph", edition.story.lead, LONGEST_LEAD),
    ):
        if (counted := length(words)) > longest:
            fault = f"{what} has {counted} characters"
            yield ContentError(story, _line_of(words, story), fault, f"shorten it to {longest}, or divide it")


def _line_of(words: str, path: Path) -> int:
    """Find the line that begins with the first word of a text."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    first = words.split()[0]
    return next((n for n, line in enumerate(lines, start=1) if line.lstrip("# ").startswith(first)), 1)
