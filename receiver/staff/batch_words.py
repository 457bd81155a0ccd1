"""What the press and the ledger say, in the words of the desk: buttons in place of commands and folders."""

from __future__ import annotations

import re
from datetime import date

from flask import url_for
from markupsafe import Markup, escape

from campaign.language import locales
from receiver.services import services

# What the ledger calls planned, rendered, printed, posted and void, as somebody says it at a kitchen table.
BATCH_STATES = {
    "planned": "not drawn yet",
    "rendered": "ready to print",
    "printed": "on paper",
    "posted": "posted",
    "void": "taken back",
}
_WORDS = (
    (r"(?m)^batch (\d+) of [a-z0-9-]+", r"Batch \1"),
    (r"batch (\d+) of [a-z0-9-]+", r"batch \1"),
    (r", proofed: \S+", ", drawn and proofed. Open it to download its files."),
    (
        r", reprint (\d+): \S+",
        r": its sheets were made again (reprint \1). They are among its files.",
    ),
    (r"they fill 0 cards,", "they do not fill a card yet,"),
    (r"\bcame 0 days ago\b", "came today"),
    (r", all now with --final", ". With the tick for cards that are not full all go now."),
    (
        r"(?:when it is on paper, )?`build\.py batches \S+ printed \d+` comes first",
        "first press “All sheets are on paper”",
    ),
    (r"it is (?:planned|rendered|printed|posted|void) and cannot be marked \w+; ", ""),
    (r"it is not on the disk yet", "it is not drawn yet"),
    (r"it is void \(", "it was taken back ("),
    (r" is void already", " was taken back already"),
    (r" are void already", " were taken back already"),
    (r"another run is rendering it", "another run is drawing it"),
    (r"only what was rendered can be printed again", "only what was drawn can be made again"),
    (r"write one number, or the first and the last as 3-5", "write one number, or from–to, such as 3-5"),
    (r"`build\.py cards \S+` renders it", "“Make the cards” draws it"),
    (r", then `build\.py batches [^`]+` and so on", ", and then take it back above"),
    (r"; see `build\.py batches \S+ list`", ""),
    (r" \(`build\.py batches [^)]+\)", ""),
    (r"backs not moved, flip", "both sides, flip"),
    (r"(?m)^Error: ", ""),
    (r"(?m)^Terminated$", "It was stopped. Nothing is lost: start it again."),
)
MOST_LINES = 200  # of what a run said: a lost key is a complaint of each message
_NAMED = re.compile(r"(?m)^Batch (\d{1,9})\b|(?<=\b[Mm]essage )([a-z0-9]{20,40})\b")
_MANY = re.compile(r"\b\d{4,9}\b(?= (?:message|card|sheet)s\b)")
_BEGINNING = re.compile(r"(?m)^ *[a-z](?=[a-z]* )")  # of a line, and of no file's name
_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


def at_the_desk(text: str) -> str:
    """Say it in sentences as the desk does, with files by their names alone and days in its one form."""
    told = text.strip()
    for pattern, words in _WORDS:
        told = re.sub(pattern, words, told)
    told = told.replace(f"{services().settings.build_dir}/", "")
    told = _BEGINNING.sub(lambda found: found[0].upper(), told)
    told = _MANY.sub(lambda found: f"{int(found[0]):,}", told)
    return _DAY.sub(lambda found: _day(*found.groups()), told)


def with_links(text: str, slug: str) -> Markup:
    """Say it so, and lead to each batch and message that is named."""

    def link(found: re.Match[str]) -> str:
        number, message = found.groups()
        address = (
            url_for("batches.single", slug=slug, number=number)
            if number
            else url_for("desk.review", slug=slug, message=message)
        )
        return Markup('<a href="{}">{}</a>').format(address, found[0])

    lines = text.strip().splitlines()
    told = at_the_desk("\n".join(lines[:MOST_LINES]))
    if more := lines[MOST_LINES:]:
        told += f"\nand {len(more):,} more"
    return Markup(_NAMED.sub(link, escape(told)))  # noqa: S704 # escaped, but for these links


def _day(year: str, month: str, day: str) -> str:
    try:
        return locales.day(date(int(year), int(month), int(day)), "en")
    except ValueError:
        return f"{year}-{month}-{day}"
