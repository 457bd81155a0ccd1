"""Pictures whose words say nothing, and photographs whose files say where they were taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from campaign.content.campaign import Campaign
from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError, Fix

DRAWN = frozenset((".svg", ".pdf"))
FAULT = "this photo says where it was taken, to everybody who gets content/"
REMEDY = "check --fix, or Mend it in the preview, writes the same picture without place and camera"
SAYS_NOTHING = re.compile(
    r"(?i:(?:an? )?(?:image|picture|photo|img|bild|foto|zdjęcie|obraz|фото|картинка|рисунок|малюнак|малюнок"
    r"|abbildung|untitled(?: design)?|unbenannt|alt(?:[ -]text)?|alternativtext|caption)[\W_]*\d*\W*)"
    r"|(?i:(?:screenshot|bildschirmfoto|снимок экрана|скриншот|здымак экрана|знімок екрана|zrzut ekranu)\b.*)"
    r"|\S+\.(?i:jpe?g|png|webp|svg)"
    r"|(?i:(?:img|dsc[nf]?|pxl|screenshot|signal|whatsapp image)[-_ ]?\d[\w .-]*)|\d[\d_-]{5,}"
    r"|.*(?i:description automatically generated|automatisch generierte beschreibung)"
)


def silent(text: ProofText) -> Iterator[ContentError]:
    """Warn of those whose words are their file's name, or no more than that it is a picture."""
    for picture, line in text.elements("img"):
        words, stem = picture.get("alt", "").strip(), picture.get("src", "").rpartition(".")[0]
        if SAYS_NOTHING.fullmatch(words) or (words == stem and not words.isalpha()):
            fault = f'"{picture.get("alt")}" does not say what the picture shows'
            yield text.warning(line, fault, "say it for those who cannot see it")


def telling_places(campaign: Campaign) -> Iterator[ContentError]:
    """Warn of places that no page tells, but the folder of the content does."""
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
