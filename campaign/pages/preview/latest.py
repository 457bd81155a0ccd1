"""The campaigns as they are now, or were without a fault; read again only where a file changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from campaign.content import edition, folder_bounds, illustration, picture_check
from campaign.content.campaign import Campaign, folders, load
from campaign.content.campaign_toml.facts import Facts
from campaign.content.edition import Edition
from campaign.content.folder_bounds import Fingerprint, fingerprint
from campaign.content.markup.parse_cache import Kept, reading_once
from campaign.errors import ContentError, ContentErrors
from campaign.language import po_files


@dataclass(frozen=True)
class Latest:
    """What can be shown, by slug, and every fault that keeps something newer from being shown."""

    campaigns: Mapping[str, Campaign]
    faults: tuple[ContentError, ...]


@dataclass(frozen=True)
class _Read:
    """What was made of files in one state, and the faults that were found in them."""

    state: object
    made: object = None
    faults: tuple[ContentError, ...] = ()


@dataclass
class Reader:
    """Reads the editors' folder again and again, and remembers what did not change."""

    folder: Path
    _campaigns: dict[Path, _Read] = field(default_factory=dict)
    _editions: dict[Path, _Read] = field(default_factory=dict)
    _pictures: dict[Path, _Read] = field(default_factory=dict)
    _sound: dict[str, Campaign] = field(default_factory=dict)
    _texts: Kept = field(default_factory=dict)

    def read(self) -> Latest:
        """Read what changed since the last time."""
        try:
            folder_bounds.check(self.folder)
            inside = folders(self.folder)
        except ContentErrors as errors:
            return Latest(dict(self._sound), errors.faults)
        words = fingerprint(po_files.FOLDER)
        with reading_once(self._texts):
            read = {folder.name: self._campaign(folder, words) for folder in inside}
        self._sound = {
            slug: found
            for slug, one in read.items()
            if (found := one.made or self._sound.get(slug)) and isinstance(found, Campaign)
        }
        faults = (fault for one in read.values() for fault in one.faults)
        return Latest(dict(self._sound), ContentErrors(faults).faults)

    def _campaign(self, folder: Path, words: Fingerprint) -> _Read:
        state = (fingerprint(folder), words)
        kept = self._campaigns.get(folder)
        if kept is None or kept.state != state:
            kept = self._campaigns[folder] = self._loaded(folder, state)
        return kept

    def _loaded(self, folder: Path, state: tuple[Fingerprint, Fingerprint]) -> _Read:
        def read_edition(
            home: Path, code: str, facts: Facts | None, site_url: str, faults: list[ContentError]
        ) -> Edition | None:
            kept = self._edition(home, code, facts, site_url, state[1])
            faults.extend(kept.faults)
            return kept.made if isinstance(kept.made, Edition) else None

        broken = self._picture_faults(folder)
        try:
            campaign = load(folder, pictures=False, read_edition=read_edition)
        except ContentErrors as errors:
            return _Read(state, faults=(*errors.faults, *broken))
        return _Read(state, None if broken else campaign, broken)

    def _edition(
        self, folder: Path, code: str, facts: Facts | None, site_url: str, words: Fingerprint
    ) -> _Read:
        home = folder / code
        state = (fingerprint(home) or fingerprint(folder), words, facts)  # of a missing one: what lies beside
        kept = self._editions.get(home)
        if kept is None or kept.state != state:
            faults: list[ContentError] = []
            made = edition.read(folder, code, facts, site_url, faults)
            kept = self._editions[home] = _Read(state, made, tuple(faults))
        return kept

    def _picture_faults(self, folder: Path) -> tuple[ContentError, ...]:
        names = (illustration.NAME, illustration.CARD, illustration.ICON)
        found = (illustration.find_other(folder, name, [], opened=False) for name in names)
        return tuple(fault for path in found if path for fault in self._faults_of(path))

    def _faults_of(self, path: Path) -> tuple[ContentError, ...]:
        """Open a picture once for each of its states: a drawing of many shapes takes a while."""
        status = path.stat()
        state = (status.st_mtime_ns, status.st_size)
        kept = self._pictures.get(path)
        if kept is None or kept.state != state:
            faults: list[ContentError] = []
            picture_check.check(path, faults)
            kept = self._pictures[path] = _Read(state, faults=tuple(faults))
        return kept.faults
