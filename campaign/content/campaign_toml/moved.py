"""Addresses at which a campaign stood before: `[moved]` of campaign.toml, old ones with the new."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from campaign.content.campaign_toml.toml_values import Wrong
from campaign.content.editors_file import PAGES
from campaign.language import locales

PLACE = re.compile(r"/([A-Za-z0-9-]+/)+")
TAKEN = frozenset({"assets", "static"})


def place(value: Any) -> str:
    """Take an address of the page's own, from the first slash to the last."""
    if not isinstance(value, str) or not PLACE.fullmatch(value):
        raise Wrong(f"{value!r} is no address of this page", 'write it with a / at both ends, as "/name/en/"')
    return value


@dataclass(frozen=True)
class Moved:
    """Where everything below an old address is now."""

    to: Annotated[str, place]


def faults(
    moved: Mapping[str, Moved], folder: Path, languages: Collection[str], *, wall: bool
) -> Iterator[tuple[str, str, str]]:
    """Yield old address, fault and remedy of each that leads astray, or hides a page, also one to come."""
    homes = (f"/{folder.name}/", *(f"/{folder.name}/{code}/" for code in languages))
    pages = _below(homes, {*PAGES, "won", "wall", "news"})
    made = _below(homes, _written(folder, languages) | ({"wall"} if wall else set()))
    for old, new in moved.items():
        if not PLACE.fullmatch(old):
            yield (
                old,
                "is no address of this page",
                f'write it with a / at both ends, as "/{folder.name}/old/"',
            )
        elif _stands(old, folder, pages):
            yield old, "a page stands there now, and would be hidden", "take the line out, or the page away"
        elif new.to not in made:
            yield old, f"{new.to} is no page of this campaign", f'write one, as "{homes[0]}" or "{homes[1]}"'


def _below(homes: Collection[str], names: Collection[str]) -> set[str]:
    return {*homes, *(f"{home}{name}/" for home in homes for name in names)}


def _written(folder: Path, languages: Collection[str]) -> set[str]:
    texts = {"won": "won.md", "news": "news/*.md"}
    found = {name for name, text in texts.items() if any(any((folder / c).glob(text)) for c in languages)}
    return {*PAGES, *found}


def _stands(old: str, folder: Path, pages: Collection[str]) -> bool:
    first = old.split("/")[1]
    if first != folder.name:
        return first in TAKEN or locales.known(first) or (folder.parent / first).is_dir()
    return any(page.startswith(old) for page in pages)
