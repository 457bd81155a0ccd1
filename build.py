"""The command of editors, staff and operators; each has its module in commands/."""

from __future__ import annotations

import ast
import importlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

try:
    import click
    from click.exceptions import NoSuchCommand

    from commands.shared import stopping
    from commands.shared.acting_as import working_as
    from commands.shared.arguments import taken_out
    from commands.shared.output import make_plain
    from commands.shared.refusals import RefusingGroup, summary, told_if_unwritten
except ModuleNotFoundError:  # Python is that of the system: each new terminal begins so
    sys.exit(
        "build.py: this terminal's Python lacks the parts that Candle needs; in the project's folder run: "
        + (". .venv/bin/activate" if (Path(__file__).parent / ".venv").is_dir() else "make install")
    )

# Each is the function of its name in the module of its name, loaded when it is called: so each starts fast.
COMMANDS = {
    "To try it": ("run", "sample"),
    "For editors": ("check", "preview", "site", "verify", "new", "illustration", "translate"),
    "For staff": ("messages", "wall", "cards", "batches", "proof", "calibrate", "keepsake"),
    "For operators": (
        *("staff", "keys", "details", "doctor", "status", "digest"),
        *("purge", "backup", "restore", "erase-again", "log"),
    ),
}
NAMES = [name for names in COMMANDS.values() for name in names]
Resolved = tuple[str | None, click.Command | None, list[str]]


class Candle(RefusingGroup):
    """The root of all commands, loaded by need and listed by who uses them."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Take `--as NAME` wherever it stands: it says who works, to whichever command."""
        args, name = taken_out(args, "--as")
        if name is not None:
            context.with_resource(working_as(name))
        return super().parse_args(context, args)

    def resolve_command(self, context: click.Context, args: list[str]) -> Resolved:
        """Find a command; a misspelt one is told the nearest, which click looks for among loaded ones."""
        try:
            return super().resolve_command(context, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=NAMES, ctx=context) from error

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002 # click's signature
        """Name every command."""
        return list(NAMES)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 # the same
        """Load one command."""
        if name not in NAMES:
            return None
        word = name.replace("-", "_")
        command: click.Command = getattr(importlib.import_module(f"commands.{word}"), word)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands in a section for each kind of user."""
        written = dict(_written())
        for title, names in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name, written[name]) for name in names])


def _written() -> Iterator[tuple[str, str]]:
    """Read what each command says of itself from its source: to load them all takes most of a second."""
    for name in NAMES:
        word = name.replace("-", "_")
        source = Path(__file__).with_name("commands") / f"{word}.py"
        for one in ast.parse(source.read_bytes()).body:
            if isinstance(one, ast.FunctionDef) and one.name == word:
                yield name, summary(ast.get_docstring(one))


def _tell_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    """Say which version this is, and of which revision: what whoever reports a fault is asked for."""
    if not asked:
        return
    import tomllib  # late, as the commands

    from campaign.pages.git_revision import checkout

    project = tomllib.loads(Path(__file__).with_name("pyproject.toml").read_text(encoding="utf-8"))["project"]
    here = checkout()
    revision = f", revision {here.revision}{', changed' if here.changed else ''}" if here.revision else ""
    click.echo(f"Candle {project['version']}{revision}")
    context.exit()


@click.group(cls=Candle, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version, help="Which it is."
)
def cli() -> None:
    """Candle: from Markdown to a page, from a supporter's words to a printed card.

    With --as NAME a command is written into the log of staff as that person's; else CANDLE_STAFF says who.
    """


if __name__ == "__main__":
    stopping.as_ctrl_c()
    # Of a query that Ctrl-C cuts short SQLAlchemy would log a traceback, to a person at a terminal.
    logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())
    make_plain()
    with told_if_unwritten():
        cli()
