"""What is given to commands: files, numbers, ranges, days, and an option that may stand anywhere."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from campaign.ledger import ranges, typed_days

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

PRINTER = click.option(
    "--printer", metavar="NAME", help="One of the campaign's [printers]; its backs differ."
)


class WholeNumber(click.ParamType):
    """A whole number, 1 or more, of nine digits at most: longer ones are no number of a database."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> int:
        """Read the number, or say how one is written."""
        if not re.fullmatch(r"0*[1-9]\d{0,8}", str(value), re.ASCII):
            self.fail(f"{str(value)!r}: write a whole number, 1 to 999999999", param, context)
        return int(value)


class Range(click.ParamType):
    """`7` or `3-5`, as the numbers of cards or sheets, both ends included."""

    name = "N or N-M"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> range:
        """Read the range, or say how one is written."""
        if isinstance(value, range):
            return value
        try:
            return ranges.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, context)


class Day(click.ParamType):
    """`2026-11-28` or `28.11.2026`."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> date:
        """Read the day, or say how one is written."""
        if isinstance(value, date):
            return value
        try:
            return typed_days.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, context)


def taken_out(arguments: list[str], option: str) -> tuple[list[str], str | None]:
    """Take an option and its value out of the arguments, wherever they stand before `--`.

    Raises:
        click.UsageError: the option has no value.
    """
    left, value, of = list[str](), None, iter(arguments)
    for argument in of:
        if argument == "--":
            return [*left, argument, *of], value
        if argument == option:
            value = next(of, None)
            if value is None:
                raise click.UsageError(f"Option '{option}' requires an argument.")
        elif argument.startswith(f"{option}="):
            value = argument.partition("=")[2]
        else:
            left.append(argument)
    return left, value
