"""What a command prints: for a program JSON; on a terminal words alone, whoever wrote them."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any, TextIO

import click

# What moves the cursor, sets a title, fills the clipboard, or turns around the words behind it. Lines and
# tabs are words' own.
_TURNS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN_AS = dict.fromkeys((*range(32), *range(127, 160), *_TURNS), "�")
_SHOWN_AS |= {ord(sign): sign for sign in "\t\n"}


class PlainTerminal:
    """A stream whose terminal obeys nothing that is written to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write words, and a sign in the place of each command."""
        return self._stream.write(text.translate(_SHOWN_AS))

    def __getattr__(self, name: str) -> Any:
        """Behave in all else as the stream does."""
        return getattr(self._stream, name)


def make_plain() -> None:
    """Let terminals show words alone; what goes into a file or a pipe stays as it is.

    What cannot be written, as a file's name of any bytes, is written as \\udcff: it ends no command midway.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        with suppress(AttributeError, OSError, ValueError):  # there is none, or it stays as it is
            stream.reconfigure(errors="backslashreplace")
        with suppress(AttributeError, ValueError):  # there is none, or it is closed
            if stream.isatty():
                setattr(sys, name, PlainTerminal(stream))


def print_json(value: Any) -> None:
    """Print a value as JSON, for a program to read."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
