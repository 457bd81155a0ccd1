"""What is known of the mutants, as Markdown."""

from __future__ import annotations

from collections import Counter

import click

from tests.mutations import chosen, running, slices
from tests.mutations.chosen import Entry


def tell(*, tables: bool) -> None:
    """Print how many were caught, and each that was not, with its line and the reason that the list holds."""
    entries, results = chosen.read(), slices.read()
    known = chosen.all_places(running.ROOT)
    places = chosen.located((entry.mutant for entry in entries), known)
    ended = {entry: _ended(entry, results) for entry in entries}
    count = Counter(ended.values())
    tried = count["caught"] + count["survived"]
    click.echo(f"\n{len(entries)} mutants, {tried} tried: {count['caught']} caught ", nl=False)
    click.echo(f"({count['caught'] / max(tried, 1):.0%}), {count['survived']} survived; ", nl=False)
    click.echo(f"{count['equivalent']} equivalent, {count['not tried']} not tried yet, ", nl=False)
    click.echo(f"{len(entries) - len(places)} no longer in the program.")
    for what in ("survived", "equivalent") if tables else ():
        click.echo(f"\n| line | {what} | reason |\n|---|---|---|")
        for entry in (entry for entry in entries if ended[entry] == what):
            place = places.get(entry.mutant)
            line = f"{place.mutant.module}:{place.lines.start}" if place else f"{entry.mutant.module}, gone"
            change = f"`{entry.mutant.before}` → `{entry.mutant.after}`".replace("|", r"\|")
            click.echo(f"| `{line}` | {change} | {entry.equivalent or entry.lives} |")


def _ended(entry: Entry, results: dict[str, dict[str, str]]) -> str:
    if entry.equivalent:
        return "equivalent"
    return results.get(chosen.key(entry.mutant), {"ended": "not tried"})["ended"]
