"""Where a sentence of the page stands in the editors' files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.content import illustration, news, text_faults
from campaign.content.campaign import Campaign
from campaign.content.campaign_toml.facts import TOML
from campaign.content.campaign_toml.toml_keys import key_lines
from campaign.content.edition import TEXTS
from campaign.content.editors_file import read
from campaign.content.markup.tree import HEADINGS, elements, plain_words
from campaign.content.text_faults import Context

WORD = re.compile(r"\w+")
AS = re.compile(r"/\.preview/as/\w+")  # before the address of a page in another state, as page.js has it
ENOUGH = 0.5  # of the words have to be there
ALIKE = 0.6  # how much of a paragraph has to be the same: placeholders are filled on the page
POINTED_AT = ("p", "li", *HEADINGS, "td", "th", "figcaption", "summary")
BY_ITS_PARAGRAPH = 0.4  # how much a paragraph counts beside the line itself


@dataclass(frozen=True)
class SourceLine:
    """A line of a file; the file by its path below content/."""

    file: str
    line: int


def of_page(path: str, campaigns: Mapping[str, Campaign]) -> tuple[str, str] | None:
    """Return slug and language of a page's address; None where it belongs to no campaign."""
    parts = [part for part in AS.sub("", path).split("/") if part]
    campaign = campaigns.get(parts[0]) if parts else None
    if campaign is None:
        return None
    spoken = parts[1] if len(parts) > 1 and parts[1] in campaign.languages else campaign.languages[0]
    return campaign.slug, spoken


def shown_text(home: Path, page: str) -> Path:
    """Return the text that a page shows, of those of its language: the newest entry on that of the news."""
    name = page.rstrip("/").rpartition("/")[2]
    if name == news.FOLDER and (entries := news.files(home)):
        return entries[-1]
    return home / (f"{name}.md" if f"{name}.md" in TEXTS else "story.md")


def described(campaign: Campaign) -> Mapping[str, str]:
    """Name the files that say what the illustration shows, by their languages."""
    return {code: f"{campaign.slug}/{code}/{illustration.NAME}.md" for code in campaign.languages}


def in_order(folder: Path, languages: Sequence[str]) -> list[Path]:
    """List what can be edited of a campaign: its facts, then its texts, those of its first language first."""
    places = {code: place for place, code in enumerate(languages)}

    def rank(path: Path) -> tuple[int, Path]:
        return places.get(path.relative_to(folder).parts[0], len(places)), path

    return [folder / TOML, *sorted(folder.rglob("*.md"), key=rank)]


def files(folder: Path, code: str) -> list[Path]:
    """List the texts of one language, and the facts."""
    return [*sorted((folder / code).rglob("*.md")), folder / TOML]


def counted(campaign: Campaign, near: str, content_dir: Path) -> SourceLine:
    """Find the line of campaign.toml that a number of the petition's comes from."""
    path = campaign.folder / TOML
    said = read(path, [], "")
    lines = {key[0]: line for key, line in key_lines(said.text if said else "").items() if len(key) == 1}
    digits = re.sub(r"\D", "", near)
    if str(campaign.signatures_as_of.year) in near and "signatures_as_of" in lines:
        key = "signatures_as_of"
    else:
        key = "goal" if campaign.goal and str(campaign.goal) in digits else "signatures"
    return SourceLine(path.relative_to(content_dir).as_posix(), lines.get(key, 1))


def find(paths: Sequence[Path], near: str, block: str, content_dir: Path) -> SourceLine | None:
    """Find the line that holds the words `near` which a reader points at, in the paragraph `block`."""
    found = _by_paragraph(paths, near, block) or _by_words(paths, near, block)
    return SourceLine(found[0].relative_to(content_dir).as_posix(), found[1]) if found else None


def _by_paragraph(paths: Iterable[Path], near: str, block: str) -> tuple[Path, int] | None:
    """Find the paragraph that says the same as `block`, and its line that is most like `near`."""
    wanted = Counter(_words(block))
    best, found = ALIKE, None
    for path in paths:
        for line, words in _paragraphs(path) if path.suffix == ".md" else ():
            theirs = Counter(words)
            alike = (wanted & theirs).total() / max(wanted.total(), theirs.total(), 1)
            if alike > best:
                best, found = alike, (path, line)
    return (found[0], _line_within(*found, near)) if found else None


def _paragraphs(path: Path) -> Iterator[tuple[int, list[str]]]:
    source = read(path, [], "")
    if source and (parsed := text_faults.read(source, Context("en"))):
        for element in elements(parsed.blocks, *POINTED_AT):
            yield parsed.lines.get(element, 1), _words(plain_words(element))


def _line_within(path: Path, first: int, near: str) -> int:
    source, wanted = read(path, [], ""), _words(near)
    lines = source.text.split("\n")[first - 1 :] if source else []
    paragraph = lines[: next((n for n, line in enumerate(lines) if n and not line.strip()), len(lines))]
    told = [sum(word in _words(line) for word in wanted) for line in paragraph]
    return first + (told.index(max(told)) if told else 0)


def _by_words(paths: Iterable[Path], near: str, block: str) -> tuple[Path, int] | None:
    """Find the line that holds most of the words, in a file that may have faults."""
    wanted, around = _words(near), set(_words(block))
    if not wanted:
        return None
    best, place = 0.0, None
    for path in paths:
        for number, line, paragraph in _lines(path):
            here = sum(word in line for word in wanted) / len(wanted)
            there = len(around & paragraph) / len(around | paragraph) if around else 0.0
            if here >= ENOUGH and here + BY_ITS_PARAGRAPH * there > best:
                best = here + BY_ITS_PARAGRAPH * there
                place = path, number
    return place


def _lines(path: Path) -> Iterator[tuple[int, set[str], set[str]]]:
    """Yield each line's number, its words with those of its neighbours' half, and those of its paragraph."""
    source = read(path, [], "")
    number = 1
    for paragraph in (source.text if source else "").split("\n\n"):
        around = set(_words(paragraph))
        for line in paragraph.split("\n"):
            yield number, set(_words(line)), around
            number += 1
        number += 1


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())
