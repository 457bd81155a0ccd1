"""For editors: how a picture will look on page and card, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.cards.dimensions import CARD_SIZES, SAFE_ZONE, CardSize, lying
from campaign.cards.illustration import orientation
from campaign.cards.illustration.card_front import load_illustration
from campaign.content import illustration as campaign_pictures
from campaign.content import picture_check
from campaign.content.campaign_toml.facts import TOML, load_facts
from campaign.errors import CandleError, ContentError, ContentErrors
from commands.shared.arguments import FILE


@click.command()
@click.argument("picture", metavar="PICTURE_OR_CAMPAIGN")
@click.option(
    "--card", metavar="SIZE", type=click.Choice(list(CARD_SIZES)), help="Default A6, lying where FILE does."
)
@click.option("--output", type=FILE, help="Where to; default _build/illustration/FILE.png.")
def illustration(picture: str, card: str | None, output: Path | None) -> None:
    """Show how a picture will look on page, link and card and in grey, and what is wrong.

    A campaign stands for its illustration, whatever its ending.
    """
    from campaign.pages import illustration_sheet  # late: whoever asks for help waits for no drawing

    file = _meant(picture)
    faults: list[ContentError] = []
    picture_check.check(file, faults)
    if faults:
        raise ContentErrors(faults)
    size = CARD_SIZES[card or (lying("A6") if orientation.lies(file) else "A6")]
    printed = load_illustration(file, size)
    drawn = illustration_sheet.draw(file, size, _person(file.parent))
    written = output or settings.load().build_dir / "illustration" / f"{file.stem}.png"
    written.parent.mkdir(parents=True, exist_ok=True)
    if written.resolve() == file.resolve():
        raise CandleError(f"{file}: is the picture itself; name another file with --output")
    drawn.save(written, "PNG")
    for line in (printed.note, _white(printed.width, printed.height, size)):
        if line:
            click.echo(f"note: {line}")
    click.echo(written)


def _meant(words: str) -> Path:
    """Find the picture: a file, or the illustration of a campaign named by its word or its folder."""
    content_dir = settings.load().content_dir
    if (file := Path(words)).is_file():
        return file
    for folder in (file, content_dir / words):
        faults: list[ContentError] = []
        if (folder / TOML).is_file() and (found := campaign_pictures.find(folder, faults, opened=False)):
            return found
        if faults:
            raise ContentErrors(faults)
    slugs = [path.parent.name for path in sorted(content_dir.glob(f"*/{TOML}"))]
    remedy = f"a campaign's illustration is shown by its word: {' or '.join(slugs) or 'none yet'}"
    raise click.BadParameter(f"there is no {words}; {remedy}", param_hint="PICTURE_OR_CAMPAIGN")


def _person(folder: Path) -> str:
    """Name the person whose campaign a picture belongs to, where it lies in one."""
    if not (folder / TOML).is_file():
        return ""
    try:
        return load_facts(folder.resolve()).person("en")["person"]
    except CandleError:  # told by `check`; here the picture is looked at
        return ""


def _white(width: float, height: float, card: CardSize) -> str:
    """Say that a landscape picture leaves much of a portrait card white, or the other way round."""
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
