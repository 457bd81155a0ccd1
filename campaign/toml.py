"""A TOML file read into dataclasses: unknown keys, wrong values and missing ones named with their lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any, TypeVar, cast, get_type_hints

from campaign.checks import Wrong
from campaign.source import Source, did_you_mean

Kind = TypeVar("Kind")
Key = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A TOML file's values, and the line of each key."""

    source: Source
    values: Mapping[str, Any]
    lines: Mapping[Key, int]

    def fault(self, key: Key, fault: str, remedy: str) -> None:
        """Note a fault at a key's own line."""
        *table, name = key
        place = f"[{'.'.join(table)}] {name}" if table else name
        self.source.fault(self.lines.get(key, 0), f"{place}: {fault}", remedy)

    def into(self, kind: type[Kind]) -> Kind | None:
        """Read the file into a dataclass whose fields are `Annotated[type, check]` or dataclasses."""
        return self._table(kind, self.values, ())

    def _table(self, kind: type[Kind], table: Mapping[str, Any], place: Key) -> Kind | None:
        known = {f.name: f for f in fields(cast(Any, kind))}
        for name in table:
            if name not in known:
                self.fault((*place, name), "no such key", did_you_mean(name, known))
        hints = get_type_hints(kind, include_extras=True)
        before = len(self.source.faults)
        values = {
            name: self._value(hints[name], table[name], (*place, name)) for name in known if name in table
        }
        for name, key in known.items():
            if name not in table and _required(key):
                self.fault((*place, name), "missing", f"add a line that begins with {name} =")
        return kind(**values) if len(self.source.faults) == before else None

    def _value(self, hint: Any, value: Any, key: Key) -> Any:
        if is_dataclass(hint):
            if isinstance(value, dict):
                return self._table(cast(type, hint), value, key)
            self.fault(key, "is no table", f"write [{key[-1]}] on a line of its own")
            return None
        try:
            return hint.__metadata__[0](value)
        except Wrong as wrong:
            self.fault(key, *wrong.args)
            return None


def _required(key: Field[Any]) -> bool:
    return key.default is MISSING and key.default_factory is MISSING


def read(source: Source) -> Document | None:
    """Parse a TOML file; when it is none, the fault goes to the source's list."""
    try:
        values = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else source.text.rstrip().count("\n") + 1
        fault = re.sub(r" \(at [^)]*\)$", "", str(error))
        source.fault(line, f"not valid TOML: {fault}", "correct that line, or the one above it")
        return None
    return Document(source, values, dict(key_lines(source.text)))


def key_lines(text: str) -> Iterator[tuple[Key, int]]:
    """Yield each key and table of a valid TOML text with the line on which it begins.

    A statement of TOML begins on a line of its own and is not valid before its last line; so lines
    are added until they parse, and what they define stands on the first of them.
    """
    table: Key = ()
    start, statement = 1, ""
    for number, line in enumerate(text.split("\n"), start=1):
        statement += line + "\n"
        try:
            defined = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        if statement.lstrip().startswith("["):
            table = next(_paths(defined, leaves=True))
            yield from ((table[:depth], start) for depth in range(1, len(table) + 1))
        else:
            yield from (((*table, *path), start) for path in _paths(defined))
        start, statement = number + 1, ""


def _paths(table: Mapping[str, Any], *, leaves: bool = False) -> Iterator[Key]:
    for name, value in table.items():
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        if not (leaves and isinstance(inner, dict) and inner):
            yield (name,)
        if isinstance(inner, dict):
            yield from ((name, *path) for path in _paths(inner, leaves=leaves))
