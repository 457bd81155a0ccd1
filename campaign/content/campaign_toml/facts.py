"""The facts of a campaign: all that campaign.toml says, read without the texts beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from campaign.content import campaign_folder
from campaign.content.campaign_toml import card, moved, palettes, toml_keys, toml_reader, toml_values
from campaign.content.campaign_toml.card import CardFacts, Printer
from campaign.content.campaign_toml.contact import Contact
from campaign.content.campaign_toml.form import Form
from campaign.content.campaign_toml.moved import Moved
from campaign.content.campaign_toml.names import PersonName
from campaign.content.campaign_toml.page import PageFacts
from campaign.content.campaign_toml.palettes import PALETTES, Palette
from campaign.content.campaign_toml.privacy import Privacy
from campaign.content.campaign_toml.recipient import Recipient
from campaign.content.campaign_toml.review import Review
from campaign.content.editors_file import LONGEST, Source, read
from campaign.errors import ContentError, ContentErrors
from campaign.storage.disk import first_bytes

TOML = "campaign.toml"
DRAFT = re.compile(r"^[ \t]*draft\s*=\s*true\b", re.MULTILINE)
BELOW = re.compile(r"^\s*\[", re.MULTILINE)  # where the keys of a table begin
MOST_SIGNATURES = 2**31 - 1  # what the database holds, too
STATUSES = ("open", "paused", "closed", "won")


@dataclass(frozen=True)
class Facts:
    """Everything that campaign.toml says.

    The first language is the main one; `names` holds the name in the languages that write it otherwise.
    `opens` and `closes` are the first and the last day on which messages are taken, in the `time_zone`.
    `printers` are those of the campaign by their names, `moved` its earlier addresses.
    """

    name: Annotated[str, toml_values.text]
    status: Annotated[str, toml_values.one_of(*STATUSES)]
    signatures: Annotated[int, toml_values.whole(0, MOST_SIGNATURES)]
    signatures_as_of: Annotated[date, toml_values.day]
    languages: Annotated[tuple[str, ...], toml_values.page_languages]
    goal: Annotated[int | None, toml_values.whole(1)] = None
    draft: Annotated[bool, toml_values.yes_or_no] = False
    opens: Annotated[date | None, toml_values.day] = None
    closes: Annotated[date | None, toml_values.day] = None
    time_zone: Annotated[str, toml_values.time_zone] = "UTC"
    petition_url: Annotated[str, toml_values.link] = ""
    contact: Contact = field(default_factory=Contact)
    names: Mapping[str, PersonName] = field(default_factory=dict)
    page: PageFacts = field(default_factory=PageFacts)
    colours: Palette = field(default_factory=Palette)
    form: Form = field(default_factory=Form)
    recipient: Recipient = field(default_factory=Recipient)
    review: Review = field(default_factory=Review)
    card: CardFacts = field(default_factory=CardFacts)
    printers: Mapping[str, Printer] = field(default_factory=dict)
    moved: Mapping[str, Moved] = field(default_factory=dict)
    privacy: Privacy = field(default_factory=Privacy)

    @property
    def palette(self) -> Palette:
        """The page's colours."""
        return self.colours.over(PALETTES[self.page.palette])

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The person's name in every language and case."""
        forms = (form for name in self.names.values() for form in vars(name).values())
        return frozenset(word for form in (self.name, *forms) for word in form.split())

    @property
    def translated_into(self) -> str:
        """The language of translations that are printed; "" where none is."""
        return "" if self.card.print == "original" else next(iter(self.recipient.languages), "")

    def person(self, language: str) -> Mapping[str, str]:
        """Return the name as this language's translations take it."""
        return self.names.get(language, PersonName(self.name)).in_cases()

    def for_printer(self, printer: str) -> Self:
        """Return the same with the backs as one of the printers asks."""
        its = self.printers[printer]
        return replace(self, card=replace(self.card, printer=printer, **vars(its)))


@dataclass(frozen=True, kw_only=True)
class CampaignFacts(Facts):
    """The facts of campaign.toml, and whose they are."""

    folder: Path
    slug: str


def load_facts(folder: Path) -> CampaignFacts:
    """Read a campaign.toml, without the texts beside it and what may be wrong with those.

    Raises:
        ContentErrors: every fault, not only the first.
    """
    faults = campaign_folder.check(folder)
    facts = read_facts(folder, faults)
    if faults or facts is None:
        raise ContentErrors(faults)
    return CampaignFacts(**vars(facts), folder=folder, slug=folder.name)


def read_facts(folder: Path, faults: list[ContentError], today: date | None = None) -> Facts | None:
    """Read campaign.toml; what is wrong goes to `faults`, and then there are no facts.

    `today` is the last day that is not in the future; without it, the latest that it is anywhere on Earth.
    """
    source = read(folder / TOML, faults, "write it; `python build.py new SLUG` shows an example")
    return facts(source, today or _latest_day_on_earth()) if source else None


def _latest_day_on_earth() -> date:
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def is_draft(folder: Path) -> bool:
    """Tell whether a campaign says that it is a draft, though it may have faults."""
    try:
        written = first_bytes(folder / TOML, LONGEST).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    return DRAFT.search(BELOW.split(written, maxsplit=1)[0]) is not None


def facts(source: Source, today: date) -> Facts | None:
    """Read campaign.toml; every fault goes to the source's list, and then there are no facts."""
    before = len(source.faults)
    file = toml_reader.read(source, Facts)
    read = file.into(Facts) if file else None
    if file and read:
        _check_together(read, file, today)
    if read is None or len(source.faults) > before:
        return None
    if file and "size" not in file.values.get("card", {}):
        read = replace(read, card=card.turned(read.card, source.path.parent))
    read = replace(read, printers={name: card.turning(one, read.card) for name, one in read.printers.items()})
    return read.for_printer(read.card.printer) if read.card.printer else read


def _check_together(facts: Facts, file: toml_keys.TomlFile, today: date) -> None:
    """Check what one value alone does not show."""
    card.check_printer(facts.card, facts.printers, file)
    palettes.check(facts.palette, facts.colours, file)
    recipient = facts.recipient
    for key, day in (  # on which somebody looked
        (("signatures_as_of",), facts.signatures_as_of),
        (("recipient", "address_verified_on"), recipient.address_verified_on),
    ):
        if day and day > today:
            file.fault(key, f"{day} is in the future", "write the day on which it was so")
    folder, wall = file.source.path.parent, facts.page.wall > 0
    for old, fault, remedy in moved.faults(facts.moved, folder, facts.languages, wall=wall):
        file.fault(("moved", old), fault, remedy)
    if bool(facts.contact.name) != bool(facts.contact.address):
        fault = f"{'address' if facts.contact.name else 'name'} is missing"
        file.fault(("contact",), fault, "write both below [contact], or take it out")
    if facts.opens and facts.closes and facts.closes < facts.opens:
        remedy = "write the last day on which messages are taken"
        file.fault(("closes",), f"{facts.closes} is before {facts.opens}, when it opens", remedy)
    if facts.card.print != "original" and not recipient.languages:
        fault = "nobody can tell into which language to translate"
        file.fault(("card", "print"), fault, "write the languages under [recipient]")
    for code in facts.names.keys() - {*facts.languages, *recipient.languages}:
        file.fault(("names", code), "not one of the languages", f'add "{code}" there, or take it out here')
    if recipient.address_verified_on and not recipient.address:
        file.fault(("recipient", "address_verified_on"), "there is no address", "add address, or take it out")
