"""What stands in the lines of campaign.toml and can be read, and is not what anybody meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.content.campaign import Campaign
from campaign.content.campaign_toml.facts import TOML
from campaign.content.campaign_toml.toml_keys import TOKEN
from campaign.content.conflict_lines import CHOOSE, CONFLICT
from campaign.content.proofreading import copied_links, fillers
from campaign.content.proofreading.characters import MIXED, hidden_in, named
from campaign.errors import ContentError, Fix

TEXT = re.compile(r"""["']([^"']+)["']""")
SEPARATED = re.compile(r"[,;\n]")
END = re.compile(r"(?<=\w)[,;.]$")
Told = tuple[str, str, Fix | None]  # the fault, the remedy, what a program can write


def doubtful(campaign: Campaign, written: str) -> Iterator[ContentError]:
    """Warn of each line once."""
    # A remark is no slip; a # in a text is a part of it.
    bare = TOKEN.sub(lambda token: "" if token[0].startswith("#") else token[0], written)
    for number, line in enumerate(bare.split("\n"), start=1):
        told = next(filter(None, (look(number, line, campaign) for look in LOOKS)), None)
        if told:
            fault, remedy, fix = told
            yield ContentError(campaign.folder / TOML, number, fault, remedy, level="warning", fix=fix)


def _hidden(number: int, line: str, _: Campaign) -> Told | None:
    letter = hidden_in(line)
    fault = f"an invisible character, {named(letter)}" if letter else ""
    return (fault, "take it out", Fix(number, letter, "")) if letter else None


def _unseparated(number: int, line: str, campaign: Campaign) -> Told | None:
    """Find risky words that stand in one text, or with a sign behind them: they would not be found so."""
    for words in campaign.recipient.risky_words:
        if f'"{words}"' not in line:
            continue
        parts = [part.strip() for part in SEPARATED.split(words) if part.strip()]
        several = len(parts) > 2 or ";" in words  # "Верым, можам" is one saying
        if several or END.search(words):
            right = ", ".join(f'"{END.sub("", part)}"' for part in (parts if several else [words]))
            fault = f'risky_words: "{words[:40]}" is looked for as it stands'
            return fault, f"write {right}", Fix(number, f'"{words}"', right)
    return None


def _blank(_: int, line: str, __: Campaign) -> Told | None:
    for words in (*TEXT.findall(line), line):  # of an address, the line has no quotes
        if blank := fillers.FILLED.search(words):
            return f'a blank that nobody filled in: "{blank[0]}"', "write what belongs there", None
    return None


def _mixed(_: int, line: str, __: Campaign) -> Told | None:
    mixed = MIXED.search(line)
    fault = f'"{mixed[0]}" mixes Latin and Cyrillic letters' if mixed else ""
    return (fault, "type it anew on one keyboard", None) if mixed else None


def _address(number: int, line: str, campaign: Campaign) -> Told | None:
    for address in (campaign.petition_url, campaign.contact.address):
        if address.startswith("https:") and f'"{address}"' in line and (told := copied_links.meant(address)):
            fault, right = told
            fix = Fix(number, address, right) if right and copied_links.is_sure(address) else None
            return f'"{address[:60]}", {fault}', f"write {right or 'what readers see'}", fix
    return None


def _conflict(_: int, line: str, __: Campaign) -> Told | None:
    """Find a mark within a text of several lines: elsewhere the file cannot be read."""
    return (f'a mark of a conflict: "{line[:40]}"', CHOOSE, None) if CONFLICT.match(line.rstrip()) else None


LOOKS = (_conflict, _hidden, _unseparated, _blank, _mixed, _address)
