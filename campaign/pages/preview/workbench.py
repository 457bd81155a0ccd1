"""What the preview knows, put together: reads again, shows, and looks through what is shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from campaign import ROOT
from campaign.content import fixing, opening_days
from campaign.content.campaign import Campaign
from campaign.content.folder_bounds import fingerprint
from campaign.content.unused import UNUSED
from campaign.errors import CandleError, ContentError, ContentErrors
from campaign.language import po_files
from campaign.pages.preview.board import Board
from campaign.pages.preview.files import Files
from campaign.pages.preview.latest import Reader
from campaign.pages.preview.marking import mark, name
from campaign.pages.preview.overview_frames import Draw, Sheets
from campaign.pages.preview.proofreading import Look, here, of_campaign, of_labels
from campaign.pages.preview.stage import Stage
from campaign.pages.walls import NOTHING, Walls, at_hand, wanted
from campaign.settings import Settings

Seen = tuple[Campaign, date, Mapping[str, frozenset[str]]]  # with the names of all campaigns' persons


class Workbench:
    """What editors have before them. `rebuild` and `look_through` may run while browsers are answered."""

    def __init__(self, settings: Settings, draw_sheets: Draw | None = None) -> None:
        self.settings = settings
        self.stage = Stage(settings)
        self.board = Board()
        self.sheets = Sheets(draw_sheets, settings.build_dir / "preview") if draw_sheets else None
        self.files = Files(settings.content_dir)
        self.faults: tuple[ContentError, ...] = ()
        self._reader = Reader(settings.content_dir)
        self._rebuilding = threading.Lock()
        self._walls: tuple[Mapping[str, int], Walls] = ({}, NOTHING)
        self._seen: dict[str, tuple[Seen, tuple[ContentError, ...], float]] = {}
        self._words: tuple[object, tuple[ContentError, ...]] = ((), ())
        self._findings: tuple[ContentError, ...] = ()
        self._shown: object = ()

    def rebuild(self) -> None:
        """Read what changed, show it, and tell the browsers; what has a fault stays as it was."""
        with self._rebuilding:
            found: tuple[ContentError, ...] = ()
            try:
                latest = self._reader.read()
                found = latest.faults
                found = (*found, *self.stage.show(latest.campaigns, self._find_walls(latest.campaigns)))
            except (CandleError, OSError, LookupError) as error:  # labels, or a file half renamed
                here = ContentError(self.settings.content_dir, 0, str(error), "save it again")
                found = (*found, error if isinstance(error, ContentError) else here)
            self._tell(ContentErrors(found).faults)

    def _tell(self, faults: tuple[ContentError, ...]) -> None:
        """Tell what is new; a page that a fault leaves as it was is not loaded again."""
        self.faults = faults
        marked = mark(faults, self.settings.content_dir)
        days = [(id(one), opening_days.today(one.time_zone)) for one in self.stage.campaigns.values()]
        shown = (days, fingerprint(ROOT / "site"))
        if shown != self._shown:
            self._shown = shown
            self.board.pages(marked)
        elif marked != self.board.news.faults:
            self.board.faults(marked)

    def look_through(self, look: Look = here, today: date | None = None) -> None:
        """Find what should be looked at before it is published, and tell the browsers; this takes a while."""
        day = today or datetime.now(UTC).date()
        broken = {fault.path for fault in self.faults}
        every = list(self.stage.campaigns.values())
        spoilt = [one for one in every if any(path.is_relative_to(one.folder) for path in broken)]
        campaigns = [one for one in every if not any(one is other for other in spoilt)]
        found = [fault for one in campaigns for fault in self._looked_through(one, day, look)]
        found += [one for one in self._said_before(spoilt) if one.path not in broken]
        codes = {code for one in campaigns for code in one.languages}
        self._findings = ContentErrors((*found, *self._untranslated(codes, look))).faults
        self.board.warnings(mark(self._findings, self.settings.content_dir))

    def fix(self, identifier: str) -> ContentError | None:
        """Mend one of the faults or warnings that are told; None when it is not there any more."""
        for one in self._told(identifier):
            if one.fix:
                touched = [one.path] if one.fix.line else [one.path, one.path.with_name(one.fix.new)]
                with self.files.changing(_file_name(touched[-1], self.settings.content_dir), touched):
                    mended = fixing.fix([one])
                if mended:
                    return one
        return None

    def clear(self, identifier: str) -> str | None:
        """Take a file away that nothing uses; return the name it is brought back by, None if it is gone."""
        for one in self._told(identifier):
            if one.fault == UNUSED and not _is_named(one.path):
                file = _file_name(one.path, self.settings.content_dir)
                with self.files.changing(file, [one.path]):
                    one.path.unlink()
                return file
        return None

    def _told(self, identifier: str) -> list[ContentError]:
        told = (*self.faults, *self._findings)
        return [one for one in told if name(one) == identifier and one.path.is_file()]

    def _looked_through(self, campaign: Campaign, day: date, look: Look) -> tuple[ContentError, ...]:
        names = {slug: one.own_names for slug, one in self.stage.campaigns.items()}
        seen = (campaign, day, names)
        kept = self._seen.get(campaign.slug)
        if kept is None or kept[0][0] is not campaign or kept[0][1:] != seen[1:]:
            begun = time.time()
            if (found := look(of_campaign, campaign.folder, day)) is None:
                return kept[1] if kept else ()  # until the next look: a save may have come between
            kept = self._seen[campaign.slug] = (seen, found, begun)
        return kept[1]

    def _said_before(self, campaigns: Iterable[Campaign]) -> Iterator[ContentError]:
        """Yield what was said of campaigns before they had a fault, where the file is as it was then."""
        for campaign in campaigns:
            _, said, looked = self._seen.get(campaign.slug, (None, (), 0.0))
            yield from (one for one in said if one.path.exists() and one.path.stat().st_mtime < looked)

    def _untranslated(self, codes: set[str], look: Look) -> tuple[ContentError, ...]:
        state = (codes, fingerprint(po_files.FOLDER))
        if self._words[0] != state:
            if (found := look(of_labels, codes, po_files.FOLDER)) is None:
                return ()
            self._words = (state, found)
        return self._words[1]

    def _find_walls(self, campaigns: Mapping[str, Campaign]) -> Walls:
        limits = wanted(campaigns)
        if limits != self._walls[0]:
            self._walls = (limits, at_hand(campaigns, self.settings))
        return self._walls[1]


def _file_name(path: Path, content_dir: Path) -> str:
    return path.relative_to(content_dir).as_posix() if path.is_relative_to(content_dir) else str(path)


def _is_named(path: Path) -> bool:
    """Tell whether a text beside a file names it by now: a save may be newer than the last look."""
    texts = (text.read_text("utf-8", errors="replace") for text in path.parent.glob("*.md") if text != path)
    return any(path.name in text for text in texts)
