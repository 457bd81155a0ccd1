"""Photographs whose files say where they were taken: no page tells it, the folder of the content does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.content.campaign import Campaign
from campaign.errors import ContentError, Fix

DRAWN = frozenset((".svg", ".pdf"))
FAULT = "this photo says where it was taken, to everybody who gets content/"
REMEDY = "check --fix, or Mend it in the preview, writes the same picture without place and camera"


def telling(campaign: Campaign) -> Iterator[ContentError]:
    """Warn of each."""
    photographs = sorted(_photographs(campaign))
    if not photographs:  # many campaigns have drawings alone, and need nothing that opens others
        return
    from campaign.cards.illustration import photo_metadata

    for path in photographs:
        if photo_metadata.tells_place(path.read_bytes()):
            fix = Fix(0, path.name, path.name, bare=True)
            yield ContentError(path, 0, FAULT, REMEDY, level="warning", fix=fix)


def _photographs(campaign: Campaign) -> set[Path]:
    own = (campaign.illustration, campaign.card_picture, campaign.icon)
    found = {path for path in own if path}
    for edition in campaign.editions.values():
        found |= {*edition.pictures.values(), *edition.news.pictures.values()}
    return {path for path in found if path.suffix.lower() not in DRAWN}
