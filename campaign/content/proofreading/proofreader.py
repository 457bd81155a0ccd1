"""All that is looked for in a campaign without faults, each line told once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from campaign.content import editors_file, news
from campaign.content.campaign import Campaign
from campaign.content.campaign_toml import toml_keys
from campaign.content.edition import PARAGRAPHS, TEXTS, WON
from campaign.content.proofreading import (
    characters,
    fact_lines,
    fact_warnings,
    headings,
    lagging,
    left_over_signs,
    links,
    news_entries,
    other_languages,
    pasted,
    pictures,
    quotation_marks,
    quoted_suggestions,
    shapes,
    times_and_numbers,
    translation_differences,
    typed_figures,
    typing_slips,
    wording,
    written_days,
    wrong_person,
)
from campaign.content.proofreading.proof_text import ProofText, read
from campaign.errors import ContentError

QUOTED = re.compile(r'"([^"]+)"')


def warnings(campaign: Campaign, today: datetime.date) -> Iterator[ContentError]:
    """Warn of everything in a campaign that should be looked at before it is published."""
    yield from _facts(campaign, today)
    yield from pictures.telling_places(campaign)
    editions = {code: texts_of(campaign.folder / code, code) for code in campaign.languages}
    main = editions[campaign.languages[0]]
    said = {code: other_languages.sentences(texts) for code, texts in editions.items()}
    others = wrong_person.beside(campaign)
    told = {
        code: [*of_edition(texts, campaign, today), *wrong_person.named(texts, campaign, others)]
        for code, texts in editions.items()
    }
    spoilt = {warning.path for found in told.values() for warning in found}
    for code, texts in editions.items():
        yield from told[code]
        if texts is main:
            for text in texts.values():
                if text.path not in spoilt:
                    yield from other_languages.pasted(text, said, text.language)
        else:
            sound = {name: text for name, text in texts.items() if text.path not in spoilt}
            right = {name: text for name, text in main.items() if text.path not in spoilt}
            yield from _beside(sound, right, lagging.read_made(campaign.folder / code), said)
            yield from _lacking(campaign.folder / code, texts, main)
            yield from news_entries.unpaired(texts, main)


def unwritten(campaign: Campaign) -> Iterator[ContentError]:
    """Find each paragraph of a campaign that is still the example's."""
    for code in campaign.languages:
        for text in texts_of(campaign.folder / code, code).values():
            yield from wording.unwritten(text)


def _facts(campaign: Campaign, today: datetime.date) -> Iterator[ContentError]:
    read_source = editors_file.read(campaign.folder / "campaign.toml", [], "")
    written = read_source.text if read_source else ""
    yield from fact_warnings.doubtful(campaign, toml_keys.key_lines(written), today)
    yield from fact_lines.doubtful(campaign, written)


def texts_of(home: Path, code: str) -> Mapping[str, ProofText]:
    """Read the texts of one language, by their names."""
    names = (*TEXTS, WON, *PARAGRAPHS)
    told = (f"{news.FOLDER}/{path.name}" for path in news.files(home))
    return {name: read(home / name, code) for name in (*names, *told) if (home / name).exists()}


def of_edition(
    texts: Mapping[str, ProofText], campaign: Campaign, today: datetime.date
) -> Iterator[ContentError]:
    """Warn of everything in the texts of one language by themselves."""
    yield from news_entries.far_ahead(texts, today)
    for text in texts.values():
        yield from _once(
            (
                *wording.unwritten(text),
                *pasted.pasted(text),  # before their bullets are told, which nobody sees
                *characters.unmeant(text),
                *characters.of_neighbours(text),
                *pasted.run_together(text),
                *typing_slips.slips(text),
                *quotation_marks.unpaired(text),
                *times_and_numbers.doubtful(text),
                *quoted_suggestions.of_others(text),
                *typed_figures.typed(text, campaign),
                *shapes.unfinished(text),
                *left_over_signs.left_over(text),
                *links.astray(text, texts, today),
                *pictures.silent(text),
                *wording.repeated(text),
                *headings.doubtful(text),
                *written_days.impossible(text, today),
            ),
            text.written,
        )


def _once(warnings: Iterable[ContentError], written: str = "") -> Iterable[ContentError]:
    """Keep the first warning of each place: one slip has many faces, and one line many slips."""
    lines = written.split("\n")
    kept: dict[int, list[tuple[int, int]]] = {}
    return islice((one for one in warnings if _is_elsewhere(one, lines, kept)), editors_file.MOST_FAULTS)


def _is_elsewhere(one: ContentError, lines: Sequence[str], kept: dict[int, list[tuple[int, int]]]) -> bool:
    more = one.fix.old.count("\n") if one.fix else one.below  # of a list or a table, all lines
    line = lines[one.line - 1] if 0 < one.line <= len(lines) and not more else ""
    quoted = QUOTED.search(one.fault)
    words = one.fix.old if one.fix and one.fix.old in line else quoted[1] if quoted else ""
    start = line.find(words) if words else -1
    place = (start, start + len(words)) if start >= 0 else (0, editors_file.LONGEST)
    told = kept.setdefault(one.line, [])
    if any(place[0] < end and begin < place[1] for begin, end in told):
        return False
    told.append(place)
    for below in range(1, more + 1):
        kept.setdefault(one.line + below, []).append((0, editors_file.LONGEST))
    return True


def _beside(
    texts: Mapping[str, ProofText],
    main: Mapping[str, ProofText],
    made: lagging.Made,
    said: Mapping[str, other_languages.Said],
) -> Iterator[ContentError]:
    for name in texts.keys() & main.keys():
        text, original = texts[name], main[name]
        if text.written != original.written:  # else it is named as a copy
            told = (
                *translation_differences.differing(text, original),
                *lagging.lagging(text, original, made),
                *other_languages.pasted(text, said, original.language),
            )
            yield from _once(told, text.written)


def _lacking(
    home: Path, texts: Mapping[str, ProofText], main: Mapping[str, ProofText]
) -> Iterator[ContentError]:
    for name in PARAGRAPHS:
        if name in main and name not in texts:
            fault = f"missing, and {main[name].language}/{name} is there"
            yield ContentError(home / name, 0, fault, "translate it", level="warning")
