"""Placeholders of an editor's text, such as {{ name }}: which there are, and what stands in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from campaign.content.campaign_toml.facts import Facts
from campaign.content.editors_file import Source, did_you_mean, nearest
from campaign.errors import Fix
from campaign.language import locales

DAYS = ("details_days", "messages_days", "waiting_days")  # of [privacy]
PLACEHOLDERS = ("name", "signatures", "signatures_as_of", *DAYS, "goal")
PLACEHOLDER = re.compile(r"\{\{([^{}\n]*+)\}\}")  # left at the first brace that ends none: one look a brace
MOST_FAULTS = 50  # named at a time; each name is compared with what could be meant
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # what a backslash makes plain in Markdown


def values(code: str, facts: Facts | None) -> Mapping[str, str]:
    """Return what each placeholder says in a language; while campaign.toml has faults, only the names."""
    if facts is None:
        return dict.fromkeys(PLACEHOLDERS, "")
    known = (
        facts.person(code)["person"],
        locales.number(facts.signatures, code),
        locales.day(facts.signatures_as_of, code),
        *(locales.number(getattr(facts.privacy, name), code) for name in DAYS),
        locales.number(facts.goal, code) if facts.goal else None,
    )
    return {name: value for name, value in zip(PLACEHOLDERS, known, strict=True) if value is not None}


def check(source: Source, values: Mapping[str, str]) -> None:
    """Note each placeholder that has no value, and each that does not end."""
    before = len(source.faults)
    for number, line in enumerate(source.text.split("\n"), start=1):
        for found in PLACEHOLDER.findall(line):
            name = found.strip(" \t")
            if len(source.faults) - before >= MOST_FAULTS:
                return
            if name not in values:
                fault = f"unknown placeholder {{{{ {name} }}}}"
                near = nearest(name, values)
                fix = Fix(number, f"{{{{{found}}}}}", f"{{{{ {near} }}}}") if near else None
                source.fault(number, fault, did_you_mean(name, values), fix)
        if "{{" in PLACEHOLDER.sub("", line):
            source.fault(number, "a placeholder that does not end", "end it with }} on the same line")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its values, whose signs no Markdown reads."""

    def value(found: re.Match[str]) -> str:
        # A name that is not known stands for itself, so that the text around it keeps its shape.
        name = found[1].strip(" \t")
        return PUNCTUATION.sub(r"\\\1", values.get(name) or name or "…")

    return PLACEHOLDER.sub(value, text)
