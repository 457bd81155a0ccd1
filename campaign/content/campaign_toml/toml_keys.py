"""A TOML file read into dataclasses: unknown keys, wrong values and missing ones named with their lines."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar, cast, get_args, get_type_hints

from campaign.content.campaign_toml.toml_values import Check, Wrong
from campaign.content.editors_file import Source, did_you_mean, nearest
from campaign.errors import Fix

Kind = TypeVar("Kind")
Key = tuple[str, ...]
# Where a statement may end, and where not: strings, of which the long ones may end in five quotes; comments;
# brackets. A string that does not end goes on to the end of its line, or of all where it has three quotes:
# else the search would begin anew from each quote in it.
TOKEN = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*(?:"""(?:""?)?|\Z)|"(?:[^"\\\n]|\\.)*"?'''
    r"""|'''(?:[^']|'(?!''))*(?:'''(?:''?)?|\Z)|'[^'\n]*+'|\#[^\n]*+|[\[\]{}\n]""",
    re.DOTALL,
)
OPENING, CLOSING = frozenset("[{"), frozenset("]}")
# Ten names in each other: tomllib goes through them all for each key below, and for each part of such a key.
# And hexadecimal numbers that Python reads, but does not write.
TOO_MUCH = re.compile(r"(?:\.[^.,\n={}]*+){9}|0[xob]\w{99}")


@dataclass(frozen=True)
class TomlFile:
    """A TOML file's values, and the line of each key."""

    source: Source
    values: Mapping[str, Any]
    lines: Mapping[Key, int]

    def fault(self, key: Key, fault: str, remedy: str, fix: Fix | None = None) -> None:
        """Note a fault at a key's own line."""
        self.source.fault(self.lines.get(key, 0), f"{called(key)}: {fault}", remedy, fix)

    def _line(self, key: Key) -> tuple[int, str]:
        number = self.lines.get(key, 0)
        return number, self.source.text.split("\n")[number - 1] if number else ""

    def _renaming(self, key: Key, known: Collection[str], there: Collection[str]) -> Fix | None:
        """Rename a key that is misspelt, where none of that name is `there`."""
        number, line = self._line(key)
        right = nearest(key[-1], known)
        return Fix(number, key[-1], right) if right and right not in there and key[-1] in line else None

    def _meaning(self, key: Key, check: Check, wrong: Wrong) -> Fix | None:
        """Find how the line of a value was meant that is no right one."""
        number, line = self._line(key)
        if wrong.right and f'"{wrong.written}"' in line:
            return Fix(number, f'"{wrong.written}"', f'"{wrong.right}"')
        from campaign.content.campaign_toml.toml_mending import meant  # late: most values are right

        for _, other in meant(line):
            try:
                check(value := tomllib.loads(other)[key[-1]])
            except (tomllib.TOMLDecodeError, KeyError, Wrong):
                continue
            return None if value == "[]" else Fix(number, line, other)
        return None

    def into(self, kind: type[Kind]) -> Kind | None:
        """Read the file into a dataclass whose fields are `Annotated[type, check]`, such dataclasses, or
        `Mapping[str, …]` of these by names that the file gives them.
        """
        return self._table(kind, self.values, (), _homes(kind))

    def _table(
        self, kind: type[Kind], table: Mapping[str, Any], place: Key, homes: Mapping[str, Key]
    ) -> Kind | None:
        before = len(self.source.faults)
        hints = _hints(cast(type, kind))
        unknown = table.keys() - hints.keys()
        for name in unknown:
            near = None if name in homes else self._renaming((*place, name), hints, table)
            self.fault((*place, name), "no such key here", _remedy(name, hints, homes), near)
        values = {}
        for field in fields(cast(Any, kind)):
            key = (*place, field.name)
            if field.name in table:
                values[field.name] = self._value(hints[field.name], table[field.name], key, homes)
            elif field.default is MISSING and field.default_factory is MISSING:
                values[field.name] = None  # its fault may be one too many to be kept
                if not _near(field.name, unknown):
                    self.fault(key, "missing", f"add a line that begins with {field.name} =")
        return kind(**values) if len(self.source.faults) == before else None

    def _value(self, hint: Any, value: Any, key: Key, homes: Mapping[str, Key]) -> Any:
        if hasattr(hint, "__metadata__"):
            return self._checked(hint.__metadata__[0], value, key)
        if not isinstance(value, dict):
            self.fault(key, "is no table", f"write [{'.'.join(key)}] on a line of its own, its keys below")
            return None
        if is_dataclass(hint):
            return self._table(cast(type, hint), value, key, homes)
        _, inner = get_args(hint)
        return {name: self._named(inner, one, (*key, name), homes) for name, one in value.items()}

    def _named(self, kind: type[Kind], value: Any, key: Key, homes: Mapping[str, Key]) -> Kind | None:
        """Read one of several; a value that is no table is short for one with the first key alone."""
        if isinstance(value, dict):
            return self._table(kind, value, key, homes)
        first = _hints(cast(type, kind))[fields(cast(Any, kind))[0].name]
        return cast(Kind, cast(Any, kind)(self._checked(first.__metadata__[0], value, key)))

    def _checked(self, check: Check, value: Any, key: Key) -> Any:
        try:
            return check(value)
        except Wrong as wrong:
            from campaign.content.campaign_toml.toml_mending import without_comment  # late, as above

            fix = self._meaning(key, check, wrong)
            remedy = f"write {without_comment(fix.new)}" if fix and not wrong.right else wrong.args[1]
            self.fault(key, wrong.args[0], remedy, fix)
            return None


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    """Return the fields of a dataclass with their checks; to read that takes longer than to read a file."""
    return get_type_hints(kind, include_extras=True)


def _homes(kind: type, place: Key = ()) -> dict[str, Key]:
    """Say in which table each key belongs."""
    homes = dict.fromkeys(_hints(kind), place)
    for name, hint in _hints(kind).items():
        if is_dataclass(hint):
            homes = _homes(cast(type, hint), (*place, name)) | homes
    return homes


def _near(name: str, unknown: Collection[str]) -> bool:
    """Tell whether a key that is missing is there under a misspelt name, which is told."""
    return bool(difflib.get_close_matches(name, [one.lower() for one in unknown], n=1, cutoff=0.8))


def _remedy(name: str, known: Collection[str], homes: Mapping[str, Key]) -> str:
    # A key written below a later [table] belongs to that table: the slip that TOML invites most.
    if homes.get(name):
        return f"move it below the line [{'.'.join(homes[name])}]"
    if name in homes:
        return "move it to the top, above the first line in [brackets]"
    return did_you_mean(name, known)


def too_much(text: str) -> int:
    """Return the line that would take minutes to read; 0 where there is none."""
    found = TOO_MUCH.search(TOKEN.sub(_outside_strings, text))
    return found.string.count("\n", 0, found.start()) + 1 if found else 0


def check_of(kind: type, key: Key) -> Check | None:
    """Find the check of a key's value, None where there is no such key."""
    hints = _hints(kind)
    hint = hints.get(key[0])
    if hint is None:
        return None
    if hasattr(hint, "__metadata__"):
        return cast(Check, hint.__metadata__[0]) if len(key) == 1 else None
    if len(key) == 1:
        return None
    if is_dataclass(hint):
        return check_of(cast(type, hint), key[1:])
    _, inner = get_args(hint)
    return check_of(inner, key[2:] or (fields(inner)[0].name,))


def called(key: Key) -> str:
    """Name a key as people see it: [table] key."""
    *table, name = key
    return f"[{'.'.join(table)}] {name}" if table else name


def _outside_strings(token: re.Match[str]) -> str:
    """Leave only the lines of a string or a comment."""
    return "\n" * token[0].count("\n") if len(token[0]) > 1 else token[0]


def line_of(error: tomllib.TOMLDecodeError) -> int:
    """Return the line on which a fault was noticed; 0 where it is not said."""
    told = re.search(r"\(at line (\d+)", str(error))
    return int(told[1]) if told else 0


def reads_beyond(text: str, number: int) -> bool:
    """Tell whether what cannot be read in a text, if anything, begins and is noticed below a line."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return line_of(error) > number and unfinished(text) > number
    return True


def unfinished(text: str) -> int:
    """Return the line on which the first statement begins that cannot be read, wherever that is noticed."""
    return next((start for start, _, defined in _statements(text) if defined is None), 1)


@lru_cache(maxsize=64)  # a campaign's file is asked about when it is read, proofread, and printed
def key_lines(text: str) -> Mapping[Key, int]:
    """Return each key and table of a valid TOML text with the line on which it begins."""
    return dict(_key_lines(text))


def _key_lines(text: str) -> Iterator[tuple[Key, int]]:
    table: Key = ()
    for start, statement, defined in _statements(text):
        if defined and statement.lstrip().startswith("["):
            table = next(_paths(defined, leaves=True))
            yield from ((table[:depth], start) for depth in range(1, len(table) + 1))
        elif defined:
            yield from (((*table, *path), start) for path in _paths(defined))


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Yield each statement's first line, text and values; None for the values of one that does not end.

    A statement of TOML begins on a line of its own, and ends with the first line at whose end no string and
    no bracket is open.
    """
    start, begin, depth, end = 1, 0, 0, 0
    for token in TOKEN.finditer(text):
        end = token.end()
        depth += (token[0] in OPENING) - (token[0] in CLOSING)
        if token[0] == "\n" and depth <= 0:
            statement = text[begin:end]
            yield start, statement, _defined(statement)
            start, begin, depth = start + statement.count("\n"), end, 0
    if text[begin:].strip():
        yield start, text[begin:], _defined(text[begin:])


def _defined(statement: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return None


def _paths(table: Mapping[str, Any], *, leaves: bool = False) -> Iterator[Key]:
    for name, value in table.items():
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        if not (leaves and isinstance(inner, dict) and inner):
            yield (name,)
        if isinstance(inner, dict):
            yield from ((name, *path) for path in _paths(inner, leaves=leaves))
