"""What `build.py check` finds: what loading refuses, and what an editor should know besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from campaign.cards.illustration import orientation
from campaign.content import editors_file, illustration, news, scaffold, text_lengths
from campaign.content.campaign import Campaign, folders, load, nothing_but_drafts
from campaign.content.campaign_toml.facts import is_draft, load_facts
from campaign.content.edition import PARAGRAPHS, TEXTS, WON
from campaign.content.markup.parse_cache import reading_once
from campaign.content.proofreading import lagging, proofreader
from campaign.content.story_pictures import SUFFIXES
from campaign.content.suggestions import unpaired
from campaign.content.unused import UNUSED, left_over
from campaign.errors import CandleError, ContentError, ContentErrors
from campaign.language import catalogue, extraction, po_files


def findings(
    content_dir: Path, translations_dir: Path = po_files.FOLDER, *, today: date | None = None
) -> tuple[ContentError, ...]:
    """Return every fault and every warning about every campaign, in the order of files and lines."""
    told: list[ContentError] = []
    shown: set[str] = set()  # languages of pages that are published
    begun: set[str] = set()  # and those of drafts
    claimed: dict[str, str] = {}  # addresses that moved, and whose they were
    try:
        for folder in folders(content_dir):
            draft = is_draft(folder)
            found: list[ContentError] = []
            try:
                with reading_once():
                    campaign = load(folder)
                    found.extend(_alone(_claimed_before(campaign, claimed)))
                    found.extend(of_campaign(campaign, today or datetime.now(UTC).date()))
                (begun if draft else shown).update(campaign.languages)
            except ContentErrors as errors:
                found.extend(errors.faults)
            except OSError as error:
                found.append(editors_file.unreadable(error, folder))
            told.extend(map(as_warning, found) if draft else found)
        if all(map(is_draft, folders(content_dir))):
            told.append(nothing_but_drafts(content_dir))
    except ContentErrors as errors:
        told.extend(errors.faults)
    told.extend(_alone(untranslated(shown, translations_dir)))
    told.extend(map(as_warning, untranslated(begun - shown, translations_dir)))
    return ContentErrors(told).faults


def _claimed_before(campaign: Campaign, claimed: dict[str, str]) -> Iterator[ContentError]:
    """Find earlier addresses that another campaign names, too: a host follows one of both."""
    for old in campaign.moved:
        if claimed.setdefault(old, campaign.slug) != campaign.slug:
            path = campaign.folder / "campaign.toml"
            fault = f"{old} is an earlier address of {claimed[old]}, too"
            remedy = "keep it where people will look for it"
            yield ContentError(path, _line_with(f'"{old}"', path), fault, remedy)


def _alone(faults: Iterable[ContentError]) -> Iterator[ContentError]:
    """Mark faults with which `site` publishes all the same."""
    for fault in faults:
        fault.stops_site = False
        yield fault


def as_warning(fault: ContentError) -> ContentError:
    """Return a draft's fault: nothing of it is published yet, and so it keeps nothing back."""
    return ContentError(fault.path, fault.line, fault.fault, fault.remedy, level="warning", fix=fault.fix)


def unwritten(campaigns: Iterable[Campaign]) -> tuple[ContentError, ...]:
    """Find what is still the example's: no page is published with it."""
    return tuple(fault for one in campaigns for fault in (*_examples(one), *proofreader.unwritten(one)))


def _examples(campaign: Campaign) -> Iterator[ContentError]:
    yield from _unwritten(campaign.folder, [campaign.illustration.name])
    for code in campaign.languages:
        yield from _unwritten(campaign.folder / code, [*TEXTS, *PARAGRAPHS])


def notes(content_dir: Path) -> tuple[str, ...]:
    """Say what an editor should know of content without faults: what is printed by another road."""
    return tuple(filter(None, map(_note, folders(content_dir))))


def _note(folder: Path) -> str:
    """Look at the card's picture alone: to read the texts again would take a third of a check."""
    picture = illustration.on_cards(folder)
    try:
        return _as_printed(picture, load_facts(folder).card.size) if picture else ""
    except CandleError:  # of a draft, where the same was a warning
        return ""


def _as_printed(picture: Path, size: str) -> str:
    """Load a picture as the press does, once for each of its states, and say how it was changed for print."""
    state = picture.stat()
    return _loaded_for_print(picture, (state.st_mtime_ns, state.st_size), size)


@lru_cache(maxsize=64)
def _loaded_for_print(picture: Path, _state: tuple[int, int], size: str) -> str:
    from campaign.cards.dimensions import CARD_SIZES
    from campaign.cards.illustration.card_front import load_illustration  # late: 0.3 s

    return load_illustration(picture, CARD_SIZES[size], compress=bytes).note


def of_campaign(campaign: Campaign, today: date) -> Iterator[ContentError]:
    """Find what keeps a campaign from being published, and what to look at in files without such."""
    found = (
        *_examples(campaign),
        *_unshowable(campaign),
        *_lost(campaign),
        *_alone(_publishable(campaign, campaign.folder)),
    )
    spoilt = {fault.path for fault in found}
    warnings = [one for one in proofreader.warnings(campaign, today) if one.path not in spoilt]
    texts = (path for path in {one.path for one in warnings} if path.suffix == ".md" and path.is_file())
    written = "".join(path.read_text(encoding="utf-8-sig") for path in texts)
    yield from (fault for fault in found if not _is_shown_by_a_slip(fault, written))
    yield from warnings


def _is_shown_by_a_slip(fault: ContentError, written: str) -> bool:
    """Tell whether a picture is left over only because the sign that shows it is broken, which is told."""
    return fault.fault == UNUSED and fault.path.suffix.lower() in SUFFIXES and fault.path.name in written


def _publishable(campaign: Campaign, folder: Path) -> Iterator[ContentError]:
    own = (campaign.illustration, campaign.card_picture, campaign.icon)
    shown = (picture.name for picture in own if picture)
    yield from left_over(folder, {"campaign.toml", *shown, *campaign.languages})
    for edition in campaign.editions.values():
        home = folder / edition.language
        kept = {lagging.FILE} if edition is not campaign.edition else set()
        pictures = (path.name for path in edition.pictures.values())
        told = {news.FOLDER} if (home / news.FOLDER).is_dir() else set()
        known = {*TEXTS, WON, *PARAGRAPHS, *pictures, *told, *kept}
        yield from left_over(home, known, {WON, *PARAGRAPHS, news.FOLDER})
        if told:
            entries = (f"{entry.name}.md" for entry in edition.news.entries)
            beside = (path.name for path in edition.news.pictures.values())
            yield from left_over(home / news.FOLDER, {*entries, *beside})
        yield from text_lengths.too_long(home / "story.md", edition)
        if edition is not campaign.edition:
            yield from _copied(home, folder / campaign.edition.language)
    yield from _unprintable(campaign, folder)
    yield from unpaired(campaign, folder)


def _unshowable(campaign: Campaign) -> Iterator[ContentError]:
    """Find pictures that `site` refuses: the campaign's that are strips, the texts' that no page can show."""
    for path in filter(None, (campaign.illustration, campaign.icon)):
        width, height = orientation.size_of(path.read_bytes()) or (1, 1)
        if max(width, height) > orientation.MOST_LONG * min(width, height):
            yield ContentError(path, 0, f"is a strip of {width:g} × {height:g}", "cut out what matters")
    texts = [text for edition in campaign.editions.values() for text in (edition, edition.news)]
    pictures = [picture for text in texts for picture in text.pictures.items()]
    if not pictures:
        return
    from campaign.cards.illustration.fault import PictureFault  # late, as below
    from campaign.cards.illustration.web_picture import published

    for name, path in pictures:
        try:
            published(path, Path(name).suffix)
        except PictureFault as fault:
            yield ContentError(path, 0, fault.fault, fault.remedy)


def _lost(campaign: Campaign) -> Iterator[ContentError]:
    """Warn of what a page would not show of drawings that no card does: words, above all."""
    for path in filter(None, {campaign.illustration, campaign.icon} - {campaign.card_picture}):
        from campaign.cards.illustration import file_kinds, svg_features, svg_painting  # late, as above

        data = path.read_bytes()
        if file_kinds.kind_of(data) == file_kinds.SVG and svg_features.faults(data):
            for lost in svg_painting.faults(data)[:1]:
                fault = f"holds what the page would not show: {lost.feature}"
                remedy = "draw it with plain shapes, and turn words into outlines"
                yield ContentError(path, lost.line, fault, remedy, level="warning")


def _unwritten(folder: Path, names: Iterable[str]) -> Iterator[ContentError]:
    for file in (folder / name for name in names):
        if file.exists() and file.read_bytes() == scaffold.example(file.name):
            yield ContentError(file, 1, "is still the example's", "put your own in its place")


def _copied(home: Path, original: Path) -> Iterator[ContentError]:
    told = {f"{news.FOLDER}/{path.name}" for path in news.files(original)}
    both = sorted(name for name in told if (home / name).is_file())
    there = (name for name in PARAGRAPHS if (home / name).is_file() and (original / name).is_file())
    for name in (*TEXTS, *there, *both):
        written = (home / name).read_bytes()
        if written == (original / name).read_bytes() and written != scaffold.example(name):
            yield ContentError(home / name, 1, f"is the same as {original.name}/{name}", "translate it")


def _unprintable(campaign: Campaign, folder: Path) -> Iterator[ContentError]:
    """Find what the press would refuse: a sheet, the illustration, a suggestion."""
    from campaign.cards.dimensions import CARD_SIZES
    from campaign.cards.illustration.prepared_picture import IllustrationError  # late, as above
    from campaign.cards.imposition import GeometryError, imposition
    from campaign.cards.type.typesetter import CannotSet, Typesetter

    card = campaign.card
    try:
        imposition(card.size, card.sheet, card.duplex, card.profile, card.back_offset)
    except GeometryError as error:
        line = _line_with("[card]", folder / "campaign.toml")
        yield ContentError(folder / "campaign.toml", line, str(error), "choose another size or sheet")
    try:
        _as_printed(campaign.card_picture, card.size)
    except IllustrationError as error:
        fault, _, remedy = str(error).removeprefix(f"{campaign.card_picture}: ").rpartition("; ")
        yield ContentError(campaign.card_picture, 0, fault, remedy)
    typesetter = Typesetter(CARD_SIZES[card.size].width, CARD_SIZES[card.size].height)
    for edition in campaign.editions.values():
        path = folder / edition.language / "suggestions.md"
        for number, suggestion in enumerate(edition.suggestions):
            try:
                typesetter.set(suggestion, edition.person["person"], edition.language)
            except CannotSet as error:
                fault, _, remedy = str(error).partition("; ")
                yield ContentError(path, _bullet_line(number, path), fault, remedy)


def _line_with(words: str, path: Path) -> int:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    return next((n for n, line in enumerate(lines, start=1) if words in line), 0)


def _bullet_line(number: int, path: Path) -> int:
    """Find the line on which a list's entry begins; entries count from 0."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    bullets = [n for n, line in enumerate(lines, start=1) if line.lstrip()[:1] in {"-", "*", "+"}]
    return bullets[number] if number < len(bullets) else 0


def untranslated(codes: Iterable[str], folder: Path = po_files.FOLDER) -> Iterator[ContentError]:
    """Find what would stand in English on a page that is not English."""
    foreign = sorted(code for code in codes if code.split("-")[0] != extraction.SOURCE)
    if foreign:
        strings = extraction.strings()
        yield from (fault for code in foreign for fault in catalogue.faults(code, strings, folder))
