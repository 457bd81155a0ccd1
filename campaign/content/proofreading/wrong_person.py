"""The name of another campaign's person, in a text that was copied from there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from campaign.content.campaign import Campaign, folders
from campaign.content.campaign_toml.facts import TOML, Facts, read_facts
from campaign.content.campaign_toml.names import PersonName
from campaign.content.fixing import ADDRESS
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError, Fix

TOLD_OF_OTHERS = ("story.md", "won.md", "closed.md")  # as news are: a friend's campaign may be named there
TAGS = ("p", "li", "h1", "h2", "h3")
OWN = re.compile(r"\{\{ *name *\}\}")
WORD = re.compile(r"[^\W\d_]+")


def beside(campaign: Campaign) -> Mapping[str, Facts]:
    """Read what is told of the other campaigns of the folder, by their slugs; nothing of one with faults."""
    found: dict[str, Facts] = {}
    home = campaign.folder.parent.resolve()
    for folder in folders(campaign.folder.parent):
        # A link that leads elsewhere is that campaign's fault, and read by nobody.
        file = Path(os.path.realpath(folder / TOML))
        if folder != campaign.folder and file.is_file() and file.is_relative_to(home):
            state = file.stat()
            if facts := _read(folder, (state.st_mtime_ns, state.st_size)):
                found[folder.name] = facts
    return found


@lru_cache(maxsize=256)
def _read(folder: Path, _state: tuple[int, int]) -> Facts | None:
    return read_facts(folder, [])


def named(
    texts: Mapping[str, ProofText], campaign: Campaign, others: Mapping[str, Facts]
) -> Iterator[ContentError]:
    """Warn of paragraphs that name another campaign's person, and not this one's."""
    if not others or not texts:
        return
    shown = (line for text in texts.values() for line in text.lines.values())
    used = {word for line in shown for word in WORD.findall(line)}
    for text in texts.values():
        names = _names(campaign, others, text.language, used)
        own = [word for word in campaign.own_names if word in text.written]
        tells_of_others = text.name in TOLD_OF_OTHERS or "/" in text.name
        if names and not (own and tells_of_others):
            yield from _in_text(text, campaign, names)


def _names(
    campaign: Campaign, others: Mapping[str, Facts], language: str, used: set[str]
) -> Mapping[str, tuple[str, Facts]]:
    """Return the others' names in all of their cases, but for words that these texts use as such."""
    names = {form: one for one in others.items() for form in _forms(one[1], language).values()}
    own = {word.lower() for word in campaign.own_names}
    return {
        form: one
        for form, one in names.items()
        if form.lower() not in own and form.lower() not in used and len(form) > 1 and form[:1].isalpha()
    }


def _forms(facts: Facts, language: str) -> Mapping[str, str]:
    """Return a person's name in each case that a language's table gives."""
    name = facts.names.get(language, PersonName(facts.name))
    return {case: form for case, form in vars(name).items() if form}


def _in_text(
    text: ProofText, campaign: Campaign, names: Mapping[str, tuple[str, Facts]]
) -> Iterator[ContentError]:
    every = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{every})(?!\w)")
    own = [re.compile(rf"(?<!\w){re.escape(name)}") for name in campaign.own_names]
    lines, written = text.lines, text.written.split("\n")
    starts = {line for _, line in text.elements(*TAGS)}
    for block, first in text.elements(*TAGS):
        words = words_of(block)
        if not pattern.search(words) or any(name.search(words) for name in own):
            continue
        found = (
            (number, one[0])
            for number, line in sorted(lines.items())
            for one in pattern.finditer(line)
            if number >= first and one[0] in words
        )
        for number, name in found:
            if OWN.search(written[number - 1]):
                break
            right = _instead(name, campaign, names[name][1], text.language)
            fault = f'"{name}" is whom {names[name][0]} is about, and not this campaign'
            remedy = f"write {right}" if right else f"write {campaign.name}, in the case that belongs there"
            after = (
                n for n in range(first + 1, len(written) + 1) if n in starts or not written[n - 1].strip()
            )
            old = "\n".join(written[first - 1 : next(after, len(written) + 1) - 1])
            yield text.warning(
                number, fault, remedy, _fix(first, old, pattern, campaign, names, text.language)
            )
            break


def _fix(
    line: int,
    old: str,
    pattern: re.Pattern[str],
    campaign: Campaign,
    names: Mapping[str, tuple[str, Facts]],
    language: str,
) -> Fix | None:
    """Mend a paragraph as a whole: once it names this campaign's person, another's may be meant."""
    outside = re.compile(rf"({ADDRESS.pattern})|{pattern.pattern}")
    found = {one[0] for one in outside.finditer(old) if not one[1]}
    instead = {name: _instead(name, campaign, names[name][1], language) for name in found}
    new = outside.sub(lambda one: one[0] if one[1] else instead[one[0]], old)
    one = len({names[name][0] for name in found}) == 1  # of Mikita and Anna, one may be meant
    return Fix(line, old, new) if one and all(instead.values()) else None


def _instead(name: str, campaign: Campaign, other: Facts, language: str) -> str:
    """Return this person's name in the other one's case; "" where that may be one of several."""
    ours, theirs = _forms(campaign, language), _forms(other, language)
    meant = {ours.get(case, ours["nominative"]) for case, form in theirs.items() if form == name}
    return meant.pop() if len(meant) == 1 else ""
