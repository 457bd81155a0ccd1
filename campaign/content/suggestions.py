"""The lines that a supporter may borrow, read from suggestions.md and held to what a message is held to."""

from __future__ import annotations

from pathlib import Path

from campaign.content import editors_file, markdown
from campaign.content.campaign_toml import Facts
from campaign.content.editors_file import Source
from campaign.content.markdown import Bullet
from campaign.content.text_faults import Context
from campaign.errors import ContentError
from campaign.text import flags
from campaign.text.normalising import normalise, refusals

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
