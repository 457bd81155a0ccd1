"""A campaign's words in one language, read from its Markdown files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from campaign.content import editors_file, markdown, news, placeholders, story_pictures
from campaign.content.campaign_toml.facts import Facts
from campaign.content.markdown import SHAPES, Document
from campaign.content.news import CaseNews
from campaign.content.suggestions import SUGGESTIONS, read_suggestions
from campaign.content.text_faults import Context
from campaign.errors import ContentError
from campaign.language import locales
from campaign.language.catalogue import read_catalogue
from campaign.language.locales import Direction

# Each text, and what to do when it is missing or empty.
TEXTS = {
    "story.md": "write who the person is: a # heading, a first paragraph that stands at the top, the story",
    "how-it-works.md": "write a # heading and the steps from a message to a card",
    "suggestions.md": SUGGESTIONS,
    "thanks.md": "write a # heading and what a supporter reads after sending",
    "privacy.md": "write a # heading, one sentence that stands beside the button, and what is kept of whom",
    "closed.md": "write a # heading and what stands in the form's place when the campaign takes no messages",
}
WHEN_WON = "write a # heading and what happened, or take the file away"
WON = "won.md"  # what stands in their place when the campaign has won; until then nobody can write it
WITH_LEAD = {"story.md", "privacy.md"}
ALTERNATIVE = "illustration.md"
WRITING = "writing.md"
PARAGRAPHS = {  # these may be missing
    ALTERNATIVE: "say what the illustration shows, for those who cannot see it",
    WRITING: "say what brightens the person's day; it stands beside the message",
}


@dataclass(frozen=True)
class Edition:
    """A campaign's words in one language: its texts by what they are for.

    The first paragraphs of story.md and privacy.md stand apart from what follows them. `illustration_alt` is
    illustration.md, or the name where there is none; `writing` is writing.md. `person` is the name as
    translations take it: person, person_dative, … `pictures` are the files that the texts show, by their
    published names.
    """

    language: str
    direction: Direction
    language_name: str
    person: Mapping[str, str]
    story: Document
    steps: Document
    thanks: Document
    privacy: Document
    closed: Document
    won: Document | None
    suggestions: tuple[str, ...]
    illustration_alt: str
    writing: str
    languages_read: str
    pictures: Mapping[str, Path]
    news: CaseNews = field(default_factory=CaseNews)

    @cached_property
    def has_shapes(self) -> bool:
        """Whether some text holds what prose.css is for: tables, figures, footnotes, and the like."""
        texts = [one for one in vars(self).values() if isinstance(one, Document)]
        told = (entry.lead_html + entry.body_html for entry in self.news.entries)
        return any(map(SHAPES.search, (*(text.html for text in texts), *told)))

    def ending(self, status: str) -> Document | None:
        """Return what the page says first once the campaign has ended: closed.md, or won.md where it is."""
        return {"closed": self.closed, "won": self.won or self.closed}.get(status)


def read(
    folder: Path, code: str, facts: Facts | None, site_url: str, faults: list[ContentError]
) -> Edition | None:
    """Read one language's texts; what is wrong goes to `faults`, and then there is no edition."""
    home = folder / code
    if not home.is_dir():
        faults.append(_no_folder(home, facts.languages if facts else ()))
        return None
    before = len(faults)
    _check_interface(code, faults)
    url = f"{site_url}/{folder.name}/{code}/"
    pictures = story_pictures.find(home, faults)
    own = _pages(url, won=(home / WON).exists())
    entries = {f"{news.FOLDER}/{name}": page for name, page in news.pages(home, url).items()}
    context = Context(code, placeholders.values(code, facts), {**own, **entries}, pictures, url)
    suggestions = read_suggestions(home / "suggestions.md", context, facts, faults)
    alternative = _paragraph(home / ALTERNATIVE, context, faults) or context.values["name"]
    writing = _paragraph(home / WRITING, context, faults)
    documents = [_document(home / name, context, faults) for name in TEXTS if name != "suggestions.md"]
    won = _document(home / WON, context, faults) if (home / WON).exists() else None
    told = news.read(home, replace(context, pages=own), faults)
    if len(faults) > before or facts is None:
        return None
    story, steps, thanks, privacy, closed = documents
    written = [*documents, won] if won else documents
    return Edition(
        code,
        locales.direction(code),
        locales.name(code),
        facts.person(code),
        story,
        steps,
        thanks,
        privacy,
        closed,
        won,
        suggestions,
        illustration_alt=alternative,
        writing=writing,
        languages_read=locales.language_names(facts.recipient.languages, code),
        pictures={name: pictures.files[name] for document in written for name in document.pictures},
        news=told,
    )


def _no_folder(home: Path, languages: Sequence[str]) -> ContentError:
    """Say that a language has no folder, or which one was meant as its own."""
    missing = [code for code in languages if not (home.parent / code).is_dir()]
    others = sorted(path for path in home.parent.iterdir() if path.name not in languages)
    meant = [path for path in others if (path / "story.md").is_file() and not locales.known(path.name)]
    if len(meant) != 1 or missing != [home.name]:
        remedy = f"make it with {', '.join(TEXTS)}, or take the language out of campaign.toml"
        return ContentError(home, 0, "there is no such folder", remedy)
    fault = f'campaign.toml names "{home.name}" and no "{meant[0].name}"'
    return ContentError(meant[0], 0, fault, f"name the folder {home.name}")


def _pages(url: str, *, won: bool) -> Mapping[str, str]:
    """Say where a link to another text leads."""
    pages = (*editors_file.PAGES, *(("won",) if won else ()))
    return {"story.md": url, **{f"{page}.md": f"{url}{page}/" for page in pages}}


def _document(path: Path, context: Context, faults: list[ContentError]) -> Document:
    text = editors_file.read(path, faults, TEXTS.get(path.name, WHEN_WON))
    if text is None:
        return Document("", "", Markup(), Markup())
    before = len(faults)
    level = 2 if path.name == "how-it-works.md" else 1
    document = markdown.document(text, context, level=level, apart=path.name == "privacy.md")
    if path.name in WITH_LEAD and not document.lead and len(faults) == before:
        text.fault(0, "no paragraph follows the heading", TEXTS[path.name])
    return document


def _check_interface(code: str, faults: list[ContentError]) -> None:
    """Note what is wrong with the buttons and labels in this language."""
    try:
        read_catalogue(code)
    except ContentError as fault:
        faults.append(fault)


def _paragraph(path: Path, context: Context, faults: list[ContentError]) -> str:
    """Read a text of one paragraph that may be missing."""
    if not path.exists():
        return ""
    text = editors_file.read(path, faults, PARAGRAPHS[path.name])
    return markdown.paragraph(text, context) if text else ""
