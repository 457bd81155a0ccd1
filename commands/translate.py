"""`build.py translate`: the file of labels of a language, and what the texts in it were made from."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings


@click.command()
@click.argument("words", nargs=-1, metavar="[LANGUAGE]... [CAMPAIGN]...")
@click.option(
    "--still-right", is_flag=True, help="What lags is right as it is: it was read beside its original."
)
def translate(words: tuple[str, ...], *, still_right: bool) -> None:
    """Bring the file of buttons and labels in LANGUAGE, such as pl, up to date; without one, all files.

    With a CAMPAIGN: write down what its texts in LANGUAGE were made from; `check` tells once they lag.
    """
    from campaign.language.catalogue import translated, update

    content_dir = settings.load().content_dir
    slugs = [word for word in words if (content_dir / word / "campaign.toml").is_file()]
    languages = [word for word in words if word not in slugs]
    if slugs and not languages:
        raise click.UsageError(f"name the language, too: build.py translate be {slugs[0]}")
    for slug in slugs:
        for language in languages:
            _keep(content_dir / slug, language, still_right=still_right)
    for language in () if slugs else languages or translated():
        click.echo(f"{update(language)}: now translate what is empty, then: build.py check")


def _keep(folder: Path, language: str, *, still_right: bool) -> None:
    from campaign.content import translated_from

    file, lagging = translated_from.keep(folder, language, still_right=still_right)
    for one in lagging:
        click.echo(str(one))
    click.echo(f"{file}: written" + (f"; {len(lagging)} to bring up to date" if lagging else ""))
