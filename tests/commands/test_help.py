"""The help of every command: whole sentences in one voice, and no word that only a program says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

import build
from tests.support.table import table

PROGRAMMERS = re.compile(r"\b(TEXT|INTEGER|RANGE|FLOAT)\b|%Y|\bx[<>]=")
REPEATED = re.compile(r"(\]|\bID|\bSOURCE)\.\.\.")


def commands(group: click.Group = build.cli, path: tuple[str, ...] = ()) -> Iterator[click.Context]:
    """Every command as a terminal of 80 columns shows it."""
    yield click.Context(group, info_name=" ".join(("build.py", *path)), terminal_width=80)
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield click.Context(command, info_name=" ".join(("build.py", *path, name)), terminal_width=80)


EVERY = table("context", list(commands()), ids=lambda context: context.info_name)


@EVERY
def test_a_command_says_what_it_does_in_a_sentence(context):
    first = context.command.help.partition("\n\n")[0]
    assert re.fullmatch(r"[A-Z][^.]*(\.[a-z][^.]*)*\.", first, re.DOTALL), first


@EVERY
def test_each_option_says_what_it_is_for(context):
    for option in context.command.params:
        if isinstance(option, click.Option):
            assert re.fullmatch(r"[A-Z].*\.", option.help or ""), option.name


@EVERY
def test_nothing_is_cut_short_or_said_as_a_program_would(context):
    shown = context.get_help()
    assert "..." not in REPEATED.sub("", shown)
    assert not PROGRAMMERS.search(shown), shown
