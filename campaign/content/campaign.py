"""The editors' folder: content/<campaign>/ read into a Campaign, every fault named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.content import campaign_folder, folder_bounds, illustration, opening_days
from campaign.content.campaign_toml.facts import TOML, CampaignFacts, Facts, is_draft, read_facts
from campaign.content.editors_file import did_you_mean, unreadable
from campaign.errors import ContentError, ContentErrors
from campaign.language import locales

if TYPE_CHECKING:
    from campaign.content.edition import Edition

LEFT_BEHIND = frozenset(  # by archives, file servers, file systems, bins
    {"__MACOSX", "@eaDir", "#recycle", "lost+found", "$RECYCLE.BIN", "System Volume Information"}
)

ReadEdition = Callable[[Path, str, Facts | None, str, list[ContentError]], "Edition | None"]


class UnknownPrinter(ContentError):
    """A printer that campaign.toml does not name."""


@dataclass(frozen=True, kw_only=True)
class Campaign(CampaignFacts):
    """One person's campaign: the facts of campaign.toml, the pictures, an edition a language.

    `card_picture` is the illustration where the card has none of its own.

    `day` is the day of which it tells; without one it is as it was written, for those who edit it.
    """

    illustration: Path
    card_picture: Path
    icon: Path | None
    editions: Mapping[str, Edition]
    day: date | None = None

    @property
    def edition(self) -> Edition:
        """The edition in the main language."""
        return self.editions[self.languages[0]]

    def on(self, day: date | None = None) -> Campaign:
        """Return the campaign as it stands on a day, else today: what is still to come is not in it."""
        day = day or opening_days.today(self.time_zone)
        status = opening_days.status(self.status, self.opens, self.closes, day)
        editions = {
            code: replace(edition, news=edition.news.until(day)) if edition.news.entries else edition
            for code, edition in self.editions.items()
        }
        return replace(self, day=day, status=status, editions=editions)

    def on_printer(self, printer: str) -> Campaign:
        """Return the same with the backs drawn for one of the printers.

        Raises:
            UnknownPrinter: campaign.toml names no such printer.
        """
        if printer not in self.printers:
            remedy = did_you_mean(printer, self.printers) if self.printers else "there is no [printers] yet"
            raise UnknownPrinter(self.folder / TOML, 0, f"names no printer {printer!r}", remedy)
        return self.for_printer(printer)


def load_all(
    content_dir: Path, *, site_url: str = "", today: date | None = None, pictures: bool = True
) -> dict[str, Campaign]:
    """Read the campaigns of the folder, by slug, but for drafts that have faults; the rest is as for `load`.

    Raises:
        ContentErrors: every fault of the others; or nothing but such drafts is there.
    """
    read = partial(load, site_url=site_url, today=today, pictures=pictures)
    campaigns, faults = load_sound(content_dir, read, of_drafts=False)
    if faults:
        raise ContentErrors(faults)
    if not campaigns:
        raise ContentErrors([nothing_but_drafts(content_dir)])
    return campaigns


def published(
    campaigns: Mapping[str, Campaign], day: date | None = None, each: Mapping[str, date] | None = None
) -> dict[str, Campaign]:
    """Return what may be published on a day, else today; `each` names the days of some, by their slugs.

    Raises:
        ContentErrors: every campaign is a draft.
    """
    shown = {
        slug: campaign.on((each or {}).get(slug, day))
        for slug, campaign in campaigns.items()
        if not campaign.draft
    }
    if not shown:
        first = next(iter(campaigns.values()))
        raise ContentErrors([nothing_but_drafts(first.folder.parent)])
    return shown


def nothing_but_drafts(content_dir: Path) -> ContentError:
    """Make the fault of content of which nothing can be published."""
    remedy = "take draft = true out of one; preview shows them meanwhile"
    return ContentError(content_dir, 0, "holds nothing but drafts", remedy)


def drafts(content_dir: Path) -> list[str]:
    """List the slugs of all drafts, those with faults too."""
    return [folder.name for folder in folders(content_dir) if is_draft(folder)]


def load_sound(
    content_dir: Path, read: Callable[[Path], Campaign] | None = None, *, of_drafts: bool = True
) -> tuple[dict[str, Campaign], list[ContentError]]:
    """Read the campaigns without a fault, by slug; with them the faults of the others, `of_drafts` too."""
    campaigns: dict[str, Campaign] = {}
    faults: list[ContentError] = []
    try:
        folder_bounds.check(content_dir)
        inside = folders(content_dir)
    except ContentErrors as none:
        return {}, list(none.faults)
    except OSError as closed:
        return {}, [unreadable(closed, content_dir)]
    for folder in inside:
        try:
            campaigns[folder.name] = (read or load)(folder)
        except ContentErrors as errors:
            if of_drafts or not is_draft(folder):
                faults.extend(errors.faults)
        except OSError as closed:
            faults.append(unreadable(closed, folder))
    return campaigns, faults


def folders(content_dir: Path) -> list[Path]:
    """List the campaigns' folders; one whose name begins with a dot is none, nor one that a system leaves.

    Raises:
        ContentErrors: when there is no campaign.
    """
    inside = sorted(content_dir.iterdir()) if content_dir.is_dir() else []
    campaigns = [
        path for path in inside if path.is_dir() and path.name not in LEFT_BEHIND and path.name[0] != "."
    ]
    if not campaigns:
        remedy = "begin one with: python build.py new SLUG"
        raise ContentErrors([ContentError(content_dir, 0, "holds no campaign", remedy)])
    return campaigns


def load(
    folder: Path,
    *,
    site_url: str = "",
    today: date | None = None,
    pictures: bool = True,
    read_edition: ReadEdition | None = None,
) -> Campaign:
    """Read one campaign.

    `site_url` is put before links between the campaign's own pages: the receiver, which shows some of
    the texts on another origin, gives the page's. `today` is the last day that is not in the future;
    without it, the latest day that it is anywhere on Earth. Without `pictures` none is opened, and what is
    wrong with one stays unsaid: the receiver shows none. `read_edition` reads the texts of one language.

    Raises:
        ContentErrors: every fault, not only the first.
    """
    if read_edition is None:
        from campaign.content import edition  # late: the press reads no Markdown

        read_edition = edition.read
    faults = campaign_folder.check(folder)
    facts = read_facts(folder, faults, today)
    picture = illustration.find(folder, faults, opened=pictures)
    on_cards = illustration.find_other(folder, illustration.CARD, faults, opened=pictures)
    icon = illustration.find_other(folder, illustration.ICON, faults, opened=pictures)
    # The texts are read even when campaign.toml has faults, so that all faults are seen at once.
    languages = facts.languages if facts else _language_folders(folder)
    _check_folders(folder, languages, faults)
    read_editions = [read_edition(folder, code, facts, site_url, faults) for code in languages]
    editions = {words.language: words for words in read_editions if words}
    if faults or facts is None or picture is None:
        raise ContentErrors(faults)
    return Campaign(
        **vars(facts),
        folder=folder,
        slug=folder.name,
        illustration=picture,
        card_picture=on_cards or picture,
        icon=icon,
        editions=editions,
    )


def load_without_texts(folder: Path) -> Campaign:
    """Read what is printed of one campaign: its facts and where its pictures are, and no edition.

    What is wrong with a text, or with a picture of the page, stops no card.

    Raises:
        ContentErrors: every fault, not only the first.
    """
    return load(folder, pictures=False, read_edition=lambda *_: None)


def _language_folders(folder: Path) -> list[str]:
    names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [name for name in names if locales.known(name)]


def _check_folders(folder: Path, languages: Sequence[str], faults: list[ContentError]) -> None:
    for code in _language_folders(folder):
        if code not in languages:
            remedy = f'add "{code}" to languages there, or take the folder away'
            faults.append(ContentError(folder / code, 0, "campaign.toml does not name this language", remedy))
