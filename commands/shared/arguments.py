"""What is given to commands: files, numbers, ranges, days, and an option that may stand anywhere."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from campaign.ledger import ranges, typed_days

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program to read.")


class _NamedPath(click.Path):
    """A path that is written: an empty one, as a variable that is not set gives, would mean this folder."""

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """Refuse an empty one."""
        if value == "":
            self.fail("nothing is named; write a path", param, context)
        return super().convert(value, param, context)


class _ReplacedFile(_NamedPath):
    """A file that another takes the place of: a device, such as /dev/null, would be gone for all programs.

    So would /dev/stdout, a link into /proc, wherever that leads.
    """

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """Refuse what is there and no file."""
        path = Path(os.fsdecode(super().convert(value, param, context)))
        of_process = path.is_symlink() and path.readlink().is_relative_to("/proc")
        if of_process or (path.exists() and not path.is_file()):
            self.fail(f"{path}: is there and no file; name a file", param, context)
        return path


FILE = _NamedPath(dir_okay=False, path_type=Path)
REPLACED_FILE = _ReplacedFile(dir_okay=False, path_type=Path)
FOLDER = _NamedPath(file_okay=False, path_type=Path)
EXISTING_FILE = _NamedPath(exists=True, dir_okay=False, path_type=Path)

PRINTER = click.option(
    "--printer", metavar="NAME", help="One of the campaign's [printers]; its backs differ."
)


class ParsedArgument(click.ParamType):
    """What is written in a form of its own; `read` raises a ValueError that says how."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name, self._read = name, read

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """Read it, or say how it is written."""
        if not isinstance(value, str):
            return value
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(str(error), param, context)


def _whole_number(text: str) -> int:
    """Read one of nine digits at most: longer ones are no number of a database."""
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text, re.ASCII):
        raise ValueError(f"{text!r}: write a whole number, 1 to 999999999")
    return int(text)


WHOLE_NUMBER = ParsedArgument("N", _whole_number)
RANGE = ParsedArgument("N or N-M", ranges.read)  # of cards or sheets
DAY = ParsedArgument("DATE", typed_days.read)


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
