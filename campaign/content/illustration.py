"""The campaign's pictures: found beside campaign.toml, the illustration and what stands in its place."""

from __future__ import annotations

from pathlib import Path

from campaign.errors import ContentError, Fix

NAME = "illustration"
CARD = "card"  # the front of the card, where it is another picture than the page's
ICON = "icon"  # in the browser's tab, where it is not the candle
NAMES = (NAME, CARD, ICON)
SUFFIXES = frozenset((".svg", ".pdf", ".png", ".jpg", ".jpeg", ".webp"))
REMEDY = "save the picture as illustration.svg, .pdf, .png or .jpg"


def find(folder: Path, faults: list[ContentError], *, opened: bool = True) -> Path | None:
    """Return the one illustration of a campaign's folder; what is wrong with it goes to `faults`.

    Only when it is `opened` is it known to be a picture. Its ending is written in any letters, and says
    nothing of what it is; copies that programs leave beside it, such as illustration.svg~, are none.
    """
    found = find_other(folder, NAME, faults, opened=opened)
    if found is None and not _named(folder, NAME):
        faults.append(_missing(folder))
    return found


def find_other(folder: Path, name: str, faults: list[ContentError], *, opened: bool = True) -> Path | None:
    """Return the picture of that name, if there is one; what is wrong with it goes to `faults`."""
    pictures = _named(folder, name)
    if not pictures:
        return None
    for extra in pictures[1:]:
        fault = f"a second {name} beside {pictures[0].name}"
        faults.append(ContentError(extra, 0, fault, "keep the one that belongs there"))
    before = len(faults)
    if opened:
        from campaign.content import picture_check  # late: the receiver opens none

        picture_check.check(pictures[0], faults)
    return pictures[0] if len(faults) == before else None


def on_cards(folder: Path) -> Path | None:
    """Return the picture on a campaign's cards, without a look at what it is."""
    return next((path for name in (CARD, NAME) for path in _named(folder, name)), None)


def _named(folder: Path, name: str) -> list[Path]:
    files = (path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in files if path.stem.lower() == name)


def _missing(folder: Path) -> ContentError:
    """Say that there is none, or that what is there has another ending than a picture for a card."""
    from campaign.cards.illustration.file_kinds import HEIC_ENDINGS, HEIC_REMEDY  # late, for the receiver

    for path in sorted(folder.glob(f"{NAME}.*")):
        if path.suffix.lower() in SUFFIXES:  # illustration.svg.svg, of which Windows shows half
            right = f"{NAME}{path.suffix.lower()}"
            fix = Fix(0, path.name, right)
            return ContentError(path, 0, f"is not {right}", f"name it {right}", fix=fix)
        if path.suffix != ".md":
            remedy = HEIC_REMEDY if path.suffix.lower() in HEIC_ENDINGS else REMEDY
            return ContentError(path, 0, f'"{path.suffix}" is no ending of a picture for cards', remedy)
    return ContentError(folder / f"{NAME}.svg", 0, "missing", REMEDY)
