"""Headings' ids, by which a link leads to one: its words in small letters, with hyphens between them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from markdown.extensions.toc import slugify_unicode

from campaign.content.form_fields import DETAILS, HONEYPOT, fields
from campaign.content.markup.tree import HEADINGS, elements, plain_words

# What the page itself leads to: its templates and the form's fields have these ids.
OWN = {
    "beside", "later", "message-form", "suggestions", "thanked", "thanks", "true", "words", "write", HONEYPOT,
}  # fmt: skip
TAKEN = OWN | {field.name for field in fields(0, DETAILS, wall=True)}


def identify(blocks: Sequence[Element]) -> None:
    """Give each heading its id."""
    counts = dict.fromkeys(TAKEN, 1)
    for heading in elements(blocks, *HEADINGS):
        if heading.tag != "h1":
            heading.set("id", _unused(slugify_unicode(plain_words(heading), "-") or "part", counts))


def _unused(wanted: str, counts: dict[str, int]) -> str:
    """Return an id that no other heading has; of many that are the same, none is compared with all."""
    name = wanted
    while name in counts:
        name = f"{wanted}_{counts[wanted]}"
        counts[wanted] += 1
    counts[name] = 1
    return name


def anchors(blocks: Sequence[Element]) -> list[str]:
    """List the ids of a text's headings."""
    identify(blocks)
    return [heading.get("id", "") for heading in elements(blocks, *HEADINGS) if heading.tag != "h1"]
