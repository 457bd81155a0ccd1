"""A campaign's words in one language, read from its Markdown files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from campaign import language, markdown, source
from campaign.language import Direction
from campaign.markdown import Document, Place
from campaign.schema import Facts
from campaign.source import ContentError

# Each text, and what to do when it is missing or empty.
TEXTS = {
    "story.md": "write who the person is: a # heading, a first paragraph that stands at the top, the story",
    "how-it-works.md": "write a # heading and the steps from a message to a card",
    "suggestions.md": "write a bullet list of lines that a supporter may borrow",
    "thanks.md": "write a # heading and what a supporter reads after sending",
    "privacy.md": "write a # heading, one sentence that stands beside the button, and what is kept of whom",
    "closed.md": "write a # heading and what stands in the form's place when the campaign takes no messages",
}
PLACEHOLDERS = ("name", "signatures", "signatures_as_of", "details_days", "messages_days", "goal")
ALTERNATIVE = "illustration.md"
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".svg"})


@dataclass(frozen=True)
class Edition:
    """A campaign's words in one language; titles, lead and suggestions are plain text.

    `lead_html` and `privacy_summary_html` are the first paragraphs of story.md and privacy.md;
    `story_html` and `privacy_html` are what follows them. `illustration_alt` is illustration.md, or the
    name where there is none. `pictures` are the files that the texts show, by the path of their URL.
    """

    language: str
    direction: Direction
    language_name: str
    title: str
    lead: str
    lead_html: Markup
    story_html: Markup
    how_it_works_title: str
    how_it_works_html: Markup
    suggestions: tuple[str, ...]
    thanks_title: str
    thanks_html: Markup
    privacy_title: str
    privacy_summary_html: Markup
    privacy_html: Markup
    closed_title: str
    closed_html: Markup
    illustration_alt: str
    pictures: Mapping[str, Path]


def read(
    folder: Path, code: str, facts: Facts | None, site_url: str, faults: list[ContentError]
) -> Edition | None:
    """Read one language's texts; what is wrong goes to `faults`, and then there is no edition."""
    home = folder / code
    if not home.is_dir():
        remedy = f"make it with {', '.join(TEXTS)}, or take the language out of campaign.toml"
        faults.append(ContentError(home, 0, "there is no such folder", remedy))
        return None
    before = len(faults)
    url = f"{site_url}/{folder.name}/{code}/"
    pictures = {path.name: path for path in sorted(home.iterdir()) if path.suffix in PICTURES}
    place = Place(code, _values(code, facts), _pages(url), {name: url + name for name in pictures})
    story = _document(home / "story.md", place, faults, first_paragraph=True)
    steps = _document(home / "how-it-works.md", place, faults, level=2)
    suggestions = _suggestions(home / "suggestions.md", place, facts, faults)
    thanks = _document(home / "thanks.md", place, faults)
    privacy = _document(home / "privacy.md", place, faults, first_paragraph=True)
    closed = _document(home / "closed.md", place, faults)
    alternative = _alternative(home / ALTERNATIVE, place, facts, faults)
    if len(faults) > before or not (story and steps and thanks and privacy and closed):
        return None
    return Edition(
        language=code,
        direction=language.direction(code),
        language_name=language.name(code),
        title=story.title,
        lead=story.lead,
        lead_html=story.lead_html,
        story_html=story.body_html,
        how_it_works_title=steps.title,
        how_it_works_html=steps.html,
        suggestions=suggestions,
        thanks_title=thanks.title,
        thanks_html=thanks.html,
        privacy_title=privacy.title,
        privacy_summary_html=privacy.lead_html,
        privacy_html=privacy.body_html,
        closed_title=closed.title,
        closed_html=closed.html,
        illustration_alt=alternative,
        pictures=pictures,
    )


def _pages(url: str) -> Mapping[str, str]:
    """Say where a link to another text leads."""
    return {"story.md": url, **{f"{page}.md": f"{url}{page}/" for page in ("privacy", "thanks", "closed")}}


def _values(code: str, facts: Facts | None) -> Mapping[str, str]:
    """Return each placeholder's value; while campaign.toml has faults only the names are known."""
    if facts is None:
        return dict.fromkeys(PLACEHOLDERS, "")
    values = (
        facts.name,
        language.number(facts.signatures, code),
        language.day(facts.signatures_as_of, code),
        language.number(facts.privacy.details_days, code),
        language.number(facts.privacy.messages_days, code),
        language.number(facts.goal, code) if facts.goal else None,
    )
    return {name: value for name, value in zip(PLACEHOLDERS, values, strict=True) if value is not None}


def _document(
    path: Path, place: Place, faults: list[ContentError], *, level: int = 1, first_paragraph: bool = False
) -> Document | None:
    text = source.read(path, faults, TEXTS[path.name])
    if text is None:
        return None
    before = len(faults)
    document = markdown.document(text, place, level=level)
    if first_paragraph and not document.lead and len(faults) == before:
        text.fault(0, "no paragraph follows the heading", TEXTS[path.name])
    return document


def _suggestions(
    path: Path, place: Place, facts: Facts | None, faults: list[ContentError]
) -> tuple[str, ...]:
    text = source.read(path, faults, TEXTS[path.name])
    if text is None:
        return ()
    bullets = markdown.bullets(text, place)
    for bullet in bullets:
        over = len(bullet.text) - facts.form.message_limit if facts else 0
        if over > 0:
            text.fault(
                bullet.line, f"the suggestion is {over} characters too long for a message", "shorten it"
            )
    return tuple(bullet.text for bullet in bullets)


def _alternative(path: Path, place: Place, facts: Facts | None, faults: list[ContentError]) -> str:
    if not path.exists():
        return facts.name if facts else ""
    text = source.read(path, faults, "say what the illustration shows, for those who cannot see it")
    return markdown.paragraph(text, place) if text else ""
