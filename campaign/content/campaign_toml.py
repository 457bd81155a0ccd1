"""campaign.toml: the facts of a campaign, each key with its type, its check and its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from campaign.cards.illustration import orientation
from campaign.cards.imposition import CARD_SIZES, SHEET_SIZES, CardSize, Duplex, Profile, lying
from campaign.content import illustration, moved, palettes, toml_keys, toml_reader, toml_values
from campaign.content.editors_file import Source, did_you_mean
from campaign.content.form_fields import DETAILS
from campaign.content.moved import Moved
from campaign.content.palettes import PALETTES, Palette
from campaign.language.po_checks import CASES

Prints = Literal["original", "translation", "both"]
STATUSES = ("open", "paused", "closed", "won")
# A message of this length stays below the receiver's 16 KiB in every script: a Thai letter takes nine
# bytes in a form's encoding, and a grapheme holds up to two of them.
LONGEST_MESSAGE = 800
MOST_ON_THE_WALL = 100


@dataclass(frozen=True)
class Form:
    """Which details are asked, and how long a message may be, in grapheme clusters."""

    details: Annotated[tuple[str, ...], toml_values.some_of(*DETAILS)] = DETAILS
    message_limit: Annotated[int, toml_values.whole(20, LONGEST_MESSAGE)] = 400


@dataclass(frozen=True)
class PageFacts:
    """What the page shows besides the texts: `wall` is the most messages on its wall; 0 is no wall.

    `palette` names its colours.
    """

    wall: Annotated[int, toml_values.whole(0, MOST_ON_THE_WALL)] = 0
    palette: Annotated[str, toml_values.one_of(*PALETTES)] = "candle"


@dataclass(frozen=True)
class Recipient:
    """What the person reads, the words that can stop a letter, and where to write.

    `address` holds one line a line, "" when there is none; it is good for `address_valid_days` days
    after the day on which somebody verified it.
    """

    languages: Annotated[tuple[str, ...], toml_values.languages] = ()
    risky_words: Annotated[tuple[str, ...], toml_values.words] = ()
    address: Annotated[str, toml_values.lines] = ""
    address_verified_on: Annotated[date | None, toml_values.day] = None
    address_valid_days: Annotated[int, toml_values.whole(1, 365)] = 60


@dataclass(frozen=True)
class Review:
    """For which reasons staff reject with one key, 1 to 9; they may write others.

    With `second_approval` a message is printed once two different people approved it.
    """

    reasons: Annotated[tuple[str, ...], toml_values.up_to(9, 60)] = (
        "Spam",
        "Insult or threat",
        "Would harm the recipient",
        "Holds personal details",
        "Not a message",
    )
    second_approval: Annotated[bool, toml_values.yes_or_no] = False


@dataclass(frozen=True)
class CardFacts:
    """How cards are printed: sizes by name, the back's offset (x, y) in millimetres.

    `print` says what is printed of a message in a language that the recipient does not read: the original, a
    translation into the first of theirs, or both. Without a size the card is A6, and lies where its picture
    does. With a `printer`, offset and `duplex` are those of this one
    of the campaign's printers.
    """

    size: Annotated[str, toml_values.one_of(*CARD_SIZES)] = "A6"
    sheet: Annotated[str, toml_values.one_of(*SHEET_SIZES)] = "A4"
    duplex: Annotated[Duplex, toml_values.one_of(*get_args(Duplex))] = "long-edge"
    messages_per_card: Annotated[str | int, toml_values.fill_or_whole] = "fill"
    number: Annotated[bool, toml_values.yes_or_no] = True
    max_wait_days: Annotated[int, toml_values.whole(1, 365)] = 14
    profile: Annotated[Profile, toml_values.one_of(*get_args(Profile))] = "office"
    back_offset: Annotated[tuple[float, float], toml_values.offset] = (0.0, 0.0)
    printer: Annotated[str, toml_values.text] = ""
    print: Annotated[Prints, toml_values.one_of(*get_args(Prints))] = "original"

    @property
    def measures(self) -> CardSize:
        """How wide and high a card is."""
        return CARD_SIZES[self.size]


@dataclass(frozen=True)
class Printer:
    """How one of several printers prints backs: their offset, and how it turns the sheet.

    `duplex` is None only in the file: then it is the card's.
    """

    back_offset: Annotated[tuple[float, float], toml_values.offset] = (0.0, 0.0)
    duplex: Annotated[Duplex | None, toml_values.one_of(*get_args(Duplex))] = None


@dataclass(frozen=True)
class Privacy:
    """After how many days details and messages are erased; `waiting_days` those that are never printed."""

    details_days: Annotated[int, toml_values.whole(1, 3650)] = 90
    messages_days: Annotated[int, toml_values.whole(1, 3650)] = 365
    waiting_days: Annotated[int, toml_values.whole(1, 3650)] = 365


@dataclass(frozen=True)
class Contact:
    """Who answers for the campaign, and an e-mail address or a page of theirs; "" where nobody is named."""

    name: Annotated[str, toml_values.text] = ""
    address: Annotated[str, toml_values.page_or_mail] = ""

    @property
    def url(self) -> str:
        """Where a link to them leads."""
        return self.address if self.address.startswith("https://") else f"mailto:{self.address}"


@dataclass(frozen=True)
class PersonName:
    """The person's name in one language; a case that is not given is written as the nominative."""

    nominative: Annotated[str, toml_values.text]
    genitive: Annotated[str, toml_values.text] = ""
    dative: Annotated[str, toml_values.text] = ""
    accusative: Annotated[str, toml_values.text] = ""
    instrumental: Annotated[str, toml_values.text] = ""
    locative: Annotated[str, toml_values.text] = ""
    vocative: Annotated[str, toml_values.text] = ""


@dataclass(frozen=True)
class Facts:
    """Everything that campaign.toml says.

    The first language is the main one; `names` holds the name in the languages that write it otherwise.
    `opens` and `closes` are the first and the last day on which messages are taken, in the `time_zone`.
    `printers` are those of the campaign by their names, `moved` its earlier addresses.
    """

    name: Annotated[str, toml_values.text]
    status: Annotated[str, toml_values.one_of(*STATUSES)]
    signatures: Annotated[int, toml_values.whole(0)]
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
        """Return the name as translations take it: `person`, and `person_dative` for that case."""
        name = self.names.get(language, PersonName(self.name))
        cases = {f"person_{case}": getattr(name, case) or name.nominative for case in CASES}
        return {"person": name.nominative, **cases}

    def for_printer(self, printer: str) -> Self:
        """Return the same with the backs as one of the printers asks."""
        its = self.printers[printer]
        return replace(self, card=replace(self.card, printer=printer, **vars(its)))


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
        read = replace(read, card=_turned(read.card, source.path.parent))
    read = replace(read, printers={name: _turning(one, read.card) for name, one in read.printers.items()})
    return read.for_printer(read.card.printer) if read.card.printer else read


def _turned(card: CardFacts, folder: Path) -> CardFacts:
    picture = illustration.on_cards(folder)
    return replace(card, size=lying(card.size)) if picture and orientation.lies(picture) else card


def _turning(printer: Printer, card: CardFacts) -> Printer:
    return replace(printer, duplex=printer.duplex or card.duplex)


def _check_printer(facts: Facts, file: toml_keys.TomlFile) -> None:
    printer, known = facts.card.printer, facts.printers
    if printer and printer not in known:
        remedy = (
            did_you_mean(printer, known) if known else f"write [printers], and {printer} = [0.0, 0.0] below"
        )
        file.fault(("card", "printer"), f'"{printer}" is not one of the printers', remedy)
    if printer and any(facts.card.back_offset):
        file.fault(("card", "back_offset"), "the printer has its own", "take it out here")


def _check_together(facts: Facts, file: toml_keys.TomlFile, today: date) -> None:
    """Check what one value alone does not show."""
    _check_printer(facts, file)
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
