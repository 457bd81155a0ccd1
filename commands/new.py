"""For editors: begin a campaign, by questions at a terminal, or by options."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import click

from campaign import settings
from campaign.content import scaffold
from campaign.content.campaign_folder import latin, slug_faults
from campaign.content.campaign_toml import toml_values
from campaign.content.campaign_toml.palettes import PALETTES
from campaign.content.scaffold import Beginnings
from campaign.language import locales

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
        likely = _likely_slug(value)
        such = f", such as {likely}" if likely and not slug_faults(folder, likely) else ""
        raise toml_values.Wrong(fault.fault, fault.remedy + such)
    if folder.exists():
        raise toml_values.Wrong("there is such a campaign", "choose another word, or edit what is there")
    return value


def _codes(values: list[str]) -> list[str]:
    """Accept names of languages in place of their codes."""
    return [value if locales.known(value) else locales.code_named(value) or value for value in values]


PERSON = TypedAnswer(toml_values.text)
ADDRESS = TypedAnswer(_slug)
LANGUAGES = TypedAnswer(lambda values: toml_values.page_languages(_codes(values)), several=True)
PALETTE = TypedAnswer(toml_values.one_of(*PALETTES))
READS = TypedAnswer(lambda values: toml_values.languages(_codes(values)), several=True)


@click.command()
@click.argument("words", nargs=-1, metavar="[SLUG]")
@click.option("--name", metavar="NAME", type=PERSON, help="How the page calls the person.")
@click.option("--languages", metavar="en,be", type=LANGUAGES, help="Those of the page, the main one first.")
@click.option("--reads", metavar="be,ru", type=READS, help="What the person reads; nothing for any language.")
@click.option("--palette", metavar="NAME", type=PALETTE, help=f"The page's colours: {', '.join(PALETTES)}.")
def new(words: tuple[str, ...], **given: Any) -> None:
    """Begin a campaign: content/SLUG with every file to fill in.

    SLUG is one word in small letters, for the page's address. At a terminal it asks for what is not given.
    """
    slug = _one_word(words)
    if sys.stdin.isatty() and sys.stdout.isatty():
        slug, given = _asked(slug, given)
    if not slug:
        raise click.UsageError(f"Say which campaign: its word in the address. Such as: {EXAMPLE}")
    known = Beginnings(**{question: answer for question, answer in given.items() if answer is not None})
    folder = scaffold.new(settings.load().content_dir, slug, known)
    click.echo(f"{folder}: a draft. Now write each file, and see it with: python build.py preview")
    click.echo("What is still to be written names: python build.py check")


def _one_word(words: tuple[str, ...]) -> str | None:
    """Take the word for the address; a name of several words is told how both are given."""
    if len(words) > 1:
        such = f'python build.py new {_likely_slug(words[0]) or "anna"} --name "{" ".join(words)}"'
        raise click.UsageError(f"The campaign is named by one word in small letters; write: {such}")
    return words[0] if words else None


def _asked(slug: str | None, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Ask for each answer that is not given; Enter takes what stands in brackets."""
    usual = Beginnings()
    slug = slug and ADDRESS.convert(slug, None, None)  # before a question is asked in vain
    name = given["name"] or _ask("What does the page call the person?", PERSON, slug and slug.title())
    slug = slug or _ask("The campaign's word in the page's address:", ADDRESS, _likely_slug(name))
    languages = given["languages"] or _ask(
        "Languages of the page, the main one first, such as English, German or en, de:",
        LANGUAGES,
        ",".join(usual.languages),
    )
    reads = given["reads"]
    if reads is None:
        reads = _ask("Languages that the person reads; - for any:", READS_OR_ANY, ",".join(usual.reads))
    colours = f"The page's colours: {', '.join(PALETTES)}:"
    palette = given["palette"] or _ask(colours, PALETTE, usual.palette)
    return slug, {"name": name, "languages": languages, "reads": reads, "palette": palette}


READS_OR_ANY = TypedAnswer(
    lambda values: toml_values.languages([] if values == ["-"] else _codes(values)), several=True
)


def _ask(question: str, answer: TypedAnswer, usual: str | None) -> Any:
    return click.prompt(question, type=answer, default=usual or None, prompt_suffix=" ")


def _likely_slug(name: str) -> str:
    """Suggest a word for the address: the name in plain Latin letters, where it has such."""
    return "-".join(re.findall(r"[a-z0-9]+", latin(name).encode("ascii", "ignore").decode()))
