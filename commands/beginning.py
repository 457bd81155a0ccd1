"""For editors: begin a campaign, by questions at a terminal, or by options."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import click

from campaign import settings
from campaign.content import scaffold, toml_values
from campaign.content.facts import slug_faults
from campaign.content.palettes import PALETTES
from campaign.content.scaffold import Beginnings

EXAMPLE = 'python build.py new anna --name "Anna" --languages en,be --reads be,ru'


class TypedAnswer(click.ParamType):
    """What somebody types, checked as campaign.toml is."""

    name = "words"

    def __init__(self, check: Callable[[Any], Any], *, several: bool = False) -> None:
        self.check = check
        self.several = several

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """Take the answer, or say what it should look like."""
        if self.several and isinstance(value, str):
            value = re.findall(r"[^\s,;]+", value)
        try:
            return self.check(list(value) if self.several else value)
        except toml_values.Wrong as wrong:
            fault, remedy = wrong.args
            self.fail(f"{fault}; {remedy}", param, context)


def _slug(value: str) -> str:
    folder = settings.load().content_dir / value
    for fault in slug_faults(folder, value):
        raise toml_values.Wrong(fault.fault, fault.remedy)
    if folder.exists():
        raise toml_values.Wrong("there is such a campaign", "choose another word, or edit what is there")
    return value


PERSON = TypedAnswer(toml_values.text)
ADDRESS = TypedAnswer(_slug)
LANGUAGES = TypedAnswer(toml_values.page_languages, several=True)
PALETTE = TypedAnswer(toml_values.one_of(*PALETTES))
READS = TypedAnswer(toml_values.languages, several=True)


@click.command()
@click.argument("slug", required=False)
@click.option("--name", metavar="NAME", type=PERSON, help="How the page calls the person.")
@click.option("--languages", metavar="en,be", type=LANGUAGES, help="Those of the page, the main one first.")
@click.option("--reads", metavar="be,ru", type=READS, help="What the person reads; nothing for any language.")
@click.option("--palette", metavar="NAME", type=PALETTE, help=f"The page's colours: {', '.join(PALETTES)}.")
def new(slug: str | None, **given: Any) -> None:
    """Begin a campaign: content/SLUG with every file to fill in.

    At a terminal it asks for what is not given.
    """
    if sys.stdin.isatty() and sys.stdout.isatty():
        slug, given = _asked(slug, given)
    if not slug:
        raise click.UsageError(f"Say which campaign: its word in the address. Such as: {EXAMPLE}")
    known = Beginnings(**{question: answer for question, answer in given.items() if answer is not None})
    folder = scaffold.new(settings.load().content_dir, slug, known)
    click.echo(f"{folder}: a draft. Now write each file: preview shows it, check names what is to be written")


def _asked(slug: str | None, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Ask for each answer that is not given; Enter takes what stands in brackets."""
    usual = Beginnings()
    name = given["name"] or _ask("What does the page call the person?", PERSON, slug and slug.title())
    slug = slug or _ask("The campaign's word in the page's address:", ADDRESS, _likely_slug(name))
    languages = given["languages"] or _ask(
        "Languages of the page, the main one first, by their codes:", LANGUAGES, ",".join(usual.languages)
    )
    reads = given["reads"]
    if reads is None:
        reads = _ask("Languages that the person reads; - for any:", READS_OR_ANY, ",".join(usual.reads))
    colours = f"The page's colours: {', '.join(PALETTES)}:"
    palette = given["palette"] or _ask(colours, PALETTE, usual.palette)
    return slug, {"name": name, "languages": languages, "reads": reads, "palette": palette}


READS_OR_ANY = TypedAnswer(lambda codes: toml_values.languages([] if codes == ["-"] else codes), several=True)


def _ask(question: str, answer: TypedAnswer, usual: str | None) -> Any:
    return click.prompt(question, type=answer, default=usual or None, prompt_suffix=" ")


def _likely_slug(name: str) -> str:
    """Suggest a word for the address: the name in plain Latin letters, where it has such."""
    letters = unicodedata.normalize("NFKD", name).lower().encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", letters))
