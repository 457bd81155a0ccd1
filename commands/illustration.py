"""For editors: how a picture will look on page and card, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.cards.illustration import shape
from campaign.cards.illustration.loading import load_illustration
from campaign.cards.sheet import CARD_SIZES, SAFE_ZONE, CardSize, lying
from campaign.content import opening
from campaign.errors import CandleError, ContentError, ContentErrors
from commands.shared import EXISTING_FILE, FILE


@click.command()
@click.argument("file", type=EXISTING_FILE)
@click.option(
    "--card", metavar="SIZE", type=click.Choice(list(CARD_SIZES)), help="Default A6, lying where FILE does."
)
@click.option("--output", type=FILE, help="Where to; default _build/illustration/FILE.png.")
def illustration(file: Path, card: str | None, output: Path | None) -> None:
    """Show how a picture will look on page, link and card and in grey, and what is wrong."""
    from campaign.pages import picture_sheet  # late: whoever asks for help waits for no drawing

    faults: list[ContentError] = []
    opening.check(file, faults)
    if faults:
        raise ContentErrors(faults)
    size = CARD_SIZES[card or (lying("A6") if shape.lies(file) else "A6")]
    picture = load_illustration(file, size)
    drawn = picture_sheet.draw(file, size)
    written = output or settings.load().build_dir / "illustration" / f"{file.stem}.png"
    written.parent.mkdir(parents=True, exist_ok=True)
    if written.resolve() == file.resolve():
        raise CandleError(f"{file}: is the picture itself; name another file with --output")
    drawn.save(written, "PNG")
    for line in (picture.note, _white(picture.width, picture.height, size)):
        if line:
            click.echo(f"note: {line}")
    click.echo(written)


def _white(width: float, height: float, card: CardSize) -> str:
    """Say that a picture lies on a standing card, or stands on a lying one, and leaves much of it white."""
    if (width > height) == (card.width > card.height) or width == height:
        return ""
    across, up = (length - 2 * SAFE_ZONE for length in (card.width, card.height))
    scale = min(across / width, up / height)
    white = max(across - width * scale, up - height * scale)
    how = "lies, and the card stands" if width > height else "stands, and the card lies"
    other = next(
        name for name, size in CARD_SIZES.items() if (size.width, size.height) == (card.height, card.width)
    )
    return (
        f'the picture {how}: {white:.0f} mm stay white; write size = "{other}" below [card] to turn the card'
    )
