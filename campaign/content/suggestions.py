"""The lines that a supporter may borrow, read from suggestions.md and held to what a message is held to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.content import editors_file, markdown
from campaign.content.campaign_toml.facts import Facts
from campaign.content.editors_file import Source
from campaign.content.markdown import Bullet
from campaign.content.text_faults import Context
from campaign.errors import ContentError
from campaign.text import flags
from campaign.text.normalising import normalise, refusals

if TYPE_CHECKING:
    from campaign.content.campaign import Campaign

SUGGESTIONS = "write a bullet list of lines that a supporter may borrow"  # when there is none


def read_suggestions(
    path: Path, context: Context, facts: Facts | None, faults: list[ContentError]
) -> tuple[str, ...]:
    """Read the lines that a supporter may borrow; what is wrong with them goes to `faults`."""
    source_text = editors_file.read(path, faults, SUGGESTIONS)
    if source_text is None:
        return ()
    bullets = markdown.bullets(source_text, context)
    if facts:
        for bullet in bullets:
            _check_suggestion(bullet, facts, source_text)
    return tuple(bullet.text for bullet in bullets)


def _check_suggestion(bullet: Bullet, facts: Facts, source: Source) -> None:
    """Hold a suggestion to what a supporter's message is held to, and to the recipient's risky words."""
    for refusal in refusals(bullet.text, facts.form.message_limit):
        if refusal.kind == "too-long":
            fault = f"{refusal.over} characters too long for a message of {refusal.limit}"
            source.fault(bullet.line, f"the suggestion is {fault}", "shorten it")
        else:
            source.fault(bullet.line, "the suggestion cannot be printed", "write it in plain words")
    message = normalise(bullet.text)
    for flag in flags.find(message, normalise(""), risky_words=facts.recipient.risky_words):
        if flag.kind == "risky-word":
            fault = f'the suggestion holds "{message.text[flag.start : flag.end]}", which can stop a letter'
            source.fault(bullet.line, fault, "say it in another way, or change risky_words in campaign.toml")


def unpaired(campaign: Campaign, folder: Path) -> Iterator[ContentError]:
    """Find lists of suggestions that do not go together, where one's translation is that at its place."""
    into = next((code for code in campaign.recipient.languages if code in campaign.editions), None)
    if campaign.card.print == "original" or into is None:
        return
    own = len(campaign.editions[into].suggestions)
    for code in campaign.editions.keys() - {*campaign.recipient.languages}:  # whose words are translated
        if (count := len(campaign.editions[code].suggestions)) != own:
            fault = f"holds {count} suggestions, and {into}/suggestions.md {own}"
            remedy = "write them in the same order in both: each is translated by the one at its place"
            yield ContentError(folder / code / "suggestions.md", 1, fault, remedy)
