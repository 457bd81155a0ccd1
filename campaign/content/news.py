"""News of the case: dated entries in `news/`, beside an edition's other texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from markupsafe import Markup

from campaign.content import editors_file, markdown, story_pictures
from campaign.content.campaign_folder import latin
from campaign.content.editors_file import Source
from campaign.content.markdown import Document
from campaign.content.story_pictures import StoryPictures
from campaign.content.text_faults import Context
from campaign.errors import ContentError, Fix

FOLDER = "news"
NAMED = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)-(?P<words>[a-z0-9]+(?:-[a-z0-9]+)*)\.md", re.ASCII)
WORDS = r"(?!\d)\D*?([a-z0-9]+(?:[^a-z0-9]+[a-z0-9]+)*)\.md"
NEARLY = re.compile(rf"(\d{{4}})\D?(\d\d?+)\D?(\d\d?+){WORDS}", re.ASCII)
DAY_FIRST = re.compile(rf"(\d\d?)\D(\d\d?)\D(\d{{4}}){WORDS}", re.ASCII)
OTHERWISE = frozenset((".txt", ".docx", ".odt", ".rtf", ".markdown"))  # how word processors end a text's name
HOW = "name it by its day and small Latin letters, such as 2026-12-01-moved.md"
WHAT = "write a # heading and what happened, or take the file away"


@dataclass(frozen=True)
class NewsEntry:
    """What happened on a day, in one language; `name` is its file's, and its place on the page of news.

    `pictures` are the files that it shows, by their published names.
    """

    day: date
    name: str
    title: str
    lead_html: Markup
    body_html: Markup
    pictures: Mapping[str, Path] = field(default_factory=dict)

    @property
    def extract_html(self) -> Markup:
        """What stands beside the story: the words of the first paragraph."""
        return markdown.without_pictures(self.lead_html)


@dataclass(frozen=True)
class CaseNews:
    """An edition's entries, the newest first."""

    entries: Sequence[NewsEntry] = ()

    @property
    def pictures(self) -> Mapping[str, Path]:
        """The pictures of all entries."""
        return {name: path for entry in self.entries for name, path in entry.pictures.items()}

    def until(self, day: date) -> CaseNews:
        """Return the same without what is still to come."""
        return replace(self, entries=[entry for entry in self.entries if entry.day <= day])


def pages(home: Path, url: str) -> Mapping[str, str]:
    """Say where a link to an entry leads, by the name of its file; `url` is where its edition stands."""
    files = sorted((home / FOLDER).glob("*.md"))
    return {file.name: f"{url}{FOLDER}/#{file.stem}" for file in files if NAMED.fullmatch(file.name)}


def read(home: Path, context: Context, faults: list[ContentError]) -> CaseNews:
    """Read the entries beside an edition's texts; what is wrong goes to `faults`."""
    folder = home / FOLDER
    if not folder.is_dir():
        return CaseNews()
    pictures = story_pictures.find(folder, faults)
    texts = {f"../{name}": page for name, page in context.pages.items()}
    beside = replace(
        context,
        pages={**texts, **context.pages, **pages(home, context.url)},
        pictures=pictures,
        url=f"{context.url}{FOLDER}/",
    )
    entries = [
        _entry(day, text, markdown.document(text, beside, level=2, apart=True), pictures)
        for path in files(home)
        if (day := _day(path, faults)) and (text := editors_file.read(path, faults, WHAT))
    ]
    return CaseNews(sorted(entries, key=lambda entry: (entry.day, entry.name), reverse=True))


def _entry(day: date, text: Source, document: Document, pictures: StoryPictures) -> NewsEntry:
    _check_title(text, document)
    shown = {name: pictures.files[name] for name in document.pictures if name in pictures.files}
    return NewsEntry(day, text.path.stem, document.title, document.lead_html, document.body_html, shown)


def day_of(name: str) -> date | None:
    """Return the day of an entry by its file's name, None for what is named otherwise."""
    named = NAMED.fullmatch(name.rpartition("/")[2])
    try:
        return date.fromisoformat(named["day"]) if named else None
    except ValueError:
        return None


def misplaced(path: Path) -> str:
    """Say where an entry belongs that lies elsewhere, or all of them; "" for what is none."""
    if path.name == FOLDER and path.is_dir():
        return f"news lie in a language's folder, such as en/{FOLDER}/"
    if path.parent.name == FOLDER and path.suffix.lower() in OTHERWISE:
        return "save it as plain text, with a name that ends in .md and nothing else, if it is an entry"
    return f"put it into {path.parent.name}/{FOLDER}/" if day_of(path.name) else ""


def files(home: Path) -> list[Path]:
    """List the texts that are meant as entries, whatever they are called."""
    found = sorted((home / FOLDER).glob("*")) if (home / FOLDER).is_dir() else []
    return [path for path in found if path.suffix.lower() == ".md" and not path.name.startswith(".")]


def _day(path: Path, faults: list[ContentError]) -> date | None:
    """Return the day of an entry's name, or note what is wrong with the name."""
    if day := day_of(path.name):
        return day
    if NAMED.fullmatch(path.name):
        faults.append(ContentError(path, 0, f"{path.name[:10]} is no day", HOW))
    else:
        meant = _meant(path.name)
        remedy, fix = (f"name it {meant}", Fix(0, path.name, meant)) if meant else (HOW, None)
        faults.append(ContentError(path, 0, "is not named as an entry of the news", remedy, fix=fix))
    return None


def _meant(name: str) -> str | None:
    """Return the name that may have been meant."""
    name = latin(name)
    if found := NEARLY.fullmatch(name):
        year, month, day, words = found.groups()
    elif found := DAY_FIRST.fullmatch(name):
        day, month, year, words = found.groups()
        if int(day) <= 12 and day != month:  # some begin with the month
            return None
    else:
        return None
    right = f"{year}-{month:0>2}-{day:0>2}-{re.sub('[^a-z0-9]+', '-', words)}.md"
    return right if day_of(right) else None


def _check_title(text: Source, document: Document) -> None:
    lines = enumerate(text.text.split("\n"), start=1)
    empty = next((number for number, line in lines if re.fullmatch(r" {0,3}# *#* *", line)), 0)
    if empty and not document.title:
        text.fault(empty, "the heading has no words", "say in a few words what happened")
