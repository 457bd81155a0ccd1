"""What is wrong with a campaign.toml that is no TOML, as a person would tell it, with the line as meant."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from campaign.content.campaign_toml import toml_keys, toml_multiline
from campaign.content.campaign_toml.toml_keys import Key
from campaign.content.campaign_toml.toml_mending import (
    NO_SEPARATOR,
    QUOTES,
    SEPARATOR,
    meant,
    without_comment,
)
from campaign.content.campaign_toml.toml_values import Wrong

LONGEST = 16 * 1024  # characters of a file that is mended so: ours have a tenth of that
TABLE = re.compile(r"\s*\[+\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]+")
TWICE = re.compile("Cannot overwrite|Cannot declare|Cannot mutate|twice|Duplicate")
BROKEN = ("not valid TOML: {}", "correct that line: a quote, a bracket or the = may be missing")


@dataclass(frozen=True)
class Slip:
    """What is wrong with some lines; `meant` is what belongs there, None where nobody can know."""

    line: int
    fault: str
    remedy: str
    meant: str | None = None
    lines: int = 1

    def mended(self, text: str) -> str:
        """Put what was meant into a text; where lines went, empty ones keep the others' numbers."""
        lines = text.split("\n")
        gone = self.lines - 1 - (self.meant or "").count("\n")
        lines[self.line - 1 : self.line - 1 + self.lines] = [self.meant or "", *[""] * gone]
        return "\n".join(lines)


def find(text: str, error: tomllib.TOMLDecodeError, kind: type) -> Slip:
    """Find what is wrong where a file that `kind` describes cannot be read any further."""
    if mark := toml_multiline.conflict(text):
        return Slip(*mark)
    begun = toml_keys.unfinished(text)
    told = toml_keys.line_of(error)
    places = list(dict.fromkeys([told or begun, begun]))
    short = re.sub(r" \(at [^)]*\)$", "", str(error))
    if told and TWICE.search(short):
        return _twice(text, places[0])
    if len(text) <= LONGEST:
        for place in reversed(places):
            slip = _over_lines(text, place) or _mendable(text, place, kind) or _refused(text, place, kind)
            if slip:
                return slip
    if text.split("\n")[begun - 1].count('"""') == 1:
        remedy = 'write """ on a line of its own below its last line'
        return Slip(begun, 'a text between """ that does not end', remedy)
    return Slip(places[0], BROKEN[0].format(short), BROKEN[1])


def _over_lines(text: str, number: int) -> Slip | None:
    run = toml_multiline.meant(text, number)
    if not run:
        return None
    shown = run.meant if run.meant.count("\n") == 0 else f"{run.meant.split(chr(10))[0]} and so on"
    return Slip(run.first, run.fault, f"write {shown.strip()}", run.meant, len(run.lines))


def _mendable(text: str, number: int, kind: type) -> Slip | None:
    """Find how a line was meant: as the file can be read further with, and its key's value is right."""
    table, line = _table_above(text, number), text.split("\n")[number - 1]
    likely: dict[str, list[str]] = {}
    for fault, other in meant(line):
        if _is_right(other, table, kind) and toml_keys.reads_beyond(
            Slip(number, "", "", other).mended(text), number
        ):
            likely.setdefault(fault, []).append(other)
    if not likely:
        return None
    fault, lines = next(iter(likely.items()))
    if len(lines) > 1:
        either = " or ".join(map(without_comment, lines))
        return Slip(number, f"{fault}, and can be read in two ways", f"write {either}")
    return Slip(number, fault, f"write {without_comment(lines[0])}", lines[0])


def _is_right(line: str, table: Key, kind: type) -> bool:
    try:
        values = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    if found := TABLE.match(line):
        name = _parts(found[1])  # unless it is a key, whose value is missing
        return len(name) > 1 or not (
            toml_keys.check_of(kind, name) or toml_keys.check_of(kind, (*table, *name))
        )
    return all(
        (check := toml_keys.check_of(kind, (*table, name))) and _passes(check, value)
        for name, value in values.items()
    )


def _passes(check: toml_keys.Check, value: object) -> bool:
    try:
        check(value)
    except Wrong:
        return False
    return True


def _refused(text: str, number: int, kind: type) -> Slip | None:
    """Say of a value that nobody can guess what its key wants."""
    line = without_comment(text.split("\n")[number - 1])
    if found := SEPARATOR.match(line) or NO_SEPARATOR.match(line):
        key = (*_table_above(text, number), found[2])
        check = toml_keys.check_of(kind, key)
        written = found.groups()[-1]
        value = QUOTES.sub('"', written).strip("\"'")
        also = "quotes as word processors write them, and " if QUOTES.search(written) else ""
        if written.startswith("{"):
            remedy = f"write [{found[2]}] on a line of its own at the end, and its keys below it"
            return Slip(number, f"{found[2]}: a table in one line that cannot be read", remedy)
        try:
            _ = check(value) if check else None
        except Wrong as wrong:
            fault = f"{toml_keys.called(key)}: {also}{wrong.args[0]}" if value else "no value"
            return Slip(number, fault, wrong.args[1])
    return None


def _twice(text: str, number: int) -> Slip:
    """Name the line on which a key or a table stands before."""
    lines = text.split("\n")
    line, above = lines[number - 1], "\n".join(lines[: number - 1])
    table = TABLE.match(line)
    key = _parts(table[1]) if table else (*_table_above(text, number), *_key_of(line))
    first = toml_keys.key_lines(above).get(key)
    where = f" on line {first}" if first else " above"
    name = f"[{'.'.join(key)}]" if table else toml_keys.called(key)
    remedy = "put its keys there, and take this one out" if table else "keep the one that is right"
    return Slip(number, f"{name} stands{where} already", remedy)


def _key_of(line: str) -> Key:
    found = SEPARATOR.match(line)
    return (found[2],) if found else _parts(line.partition("=")[0].strip())  # a.b = 1


def _table_above(text: str, number: int) -> Key:
    found = [
        table for line in text.split("\n")[: number - 1] if (table := TABLE.fullmatch(line.partition("#")[0]))
    ]
    return _parts(found[-1][1]) if found else ()


def _parts(name: str) -> Key:
    return tuple(part.strip() for part in name.split("."))
