"""How a command refuses: status 1 and plain words, never a traceback; and how groups list their commands."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from campaign.errors import in_plain_words

# A full disk, a used up quota, a file grown too large, a device that fails, a reader that went away.
NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE})


class RefusingGroup(click.Group):
    """A group whose commands end with status 1 and plain words on stderr when Candle refuses.

    Its help lists them in the order in which they are written, each with its whole first sentence.
    """

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002 # click's signature
        """Name every command."""
        return list(self.commands)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(summaries(self, context, self.list_commands(context)))

    def invoke(self, context: click.Context) -> Any:
        """Run the command; a refusal is printed, never as a traceback."""
        try:
            return super().invoke(context)
        except Exception as error:
            if (told := in_plain_words(error)) is None:
                raise
            click.echo(told, err=True)
            context.exit(1)


@contextmanager
def told_if_unwritten() -> Iterator[None]:
    """Say in a line that what a command prints could not be written; it ends with status 1."""
    try:
        yield
    except OSError as error:
        if error.errno not in NOT_WRITTEN:
            raise
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)  # what is left of it would be tried once more at the end, with a traceback
        with suppress(OSError):
            os.write(2, f"not everything could be written: {error.strerror}; make room for it\n".encode())
        os.dup2(nowhere, 2)
        sys.exit(1)


def summaries(group: click.Group, context: click.Context, names: Iterable[str]) -> list[tuple[str, str]]:
    """Give commands with the first paragraph of their help, never cut short."""
    named = ((name, group.get_command(context, name)) for name in names)
    return [(name, summary(command.help)) for name, command in named if command]


def summary(words: str | None) -> str:
    """Give the first paragraph of a command's help."""
    return (words or "").partition("\n\n")[0]
