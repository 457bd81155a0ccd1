"""The committed list of mutants: chosen by a seed, found again by their words when the program moves."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, astuple, dataclass, fields
from itertools import chain, islice, zip_longest
from pathlib import Path

from tests.mutations.operators import Mutant, Place, places

SEED = "candle"
LIST = Path(__file__).with_name("mutants.jsonl")
# How many of each room; what a room's mutants are is drawn equally from the operators.
SHARES = {"receiver": 80, "campaign/messages": 40, "campaign/press": 40, "campaign/text": 40}


@dataclass(frozen=True)
class Entry:
    """A mutant of the list, and what was found about it by reading: why it is equivalent, or lives on."""

    mutant: Mutant
    equivalent: str = ""
    lives: str = ""


def read() -> list[Entry]:
    """Return the list."""
    return [_entry(json.loads(line)) for line in LIST.read_text(encoding="utf-8").splitlines()]


def _entry(stored: dict[str, str]) -> Entry:
    notes = {name: stored.pop(name) for name in ("equivalent", "lives") if name in stored}
    return Entry(Mutant(**stored), **notes)  # type: ignore[arg-type]


def write(entries: Iterable[Entry]) -> None:
    """Write the list, one mutant a line."""
    defaults = {field.name: field.default for field in (*fields(Mutant), *fields(Entry))}
    with LIST.open("w", encoding="utf-8") as file:
        for entry in entries:
            stored = asdict(entry.mutant) | {"equivalent": entry.equivalent, "lives": entry.lives}
            told = {name: value for name, value in stored.items() if value != defaults[name]}
            file.write(json.dumps(told, ensure_ascii=False) + "\n")


def all_places(root: Path) -> list[Place]:
    """Return every change that the rooms allow now."""
    found = (
        places(str(path.relative_to(root)), path.read_bytes())
        for room in SHARES
        for path in sorted((root / room).rglob("*.py"))
    )
    return list(chain.from_iterable(found))


# The closest likeness first: as listed; moved to another module; its function renamed; more words around it.
_LIKENESSES: tuple[Callable[[Mutant], object], ...] = (
    astuple,
    lambda mutant: (mutant.function, mutant.operator, mutant.before, mutant.after),
    lambda mutant: (mutant.module, mutant.operator, mutant.before, mutant.after),
    lambda mutant: (mutant.module, mutant.function, mutant.operator, mutant.change),
)


def located(mutants: Iterable[Mutant], known: list[Place]) -> dict[Mutant, Place]:
    """Find where each is now; one that is gone, or could be several, is not among them."""
    listed, found = list(mutants), {}
    for likeness in _LIKENESSES:
        alike: dict[object, list[Place]] = defaultdict(list)
        for place in known:
            alike[likeness(place.mutant)].append(place)
        for mutant in listed:
            if mutant not in found and len(candidates := alike[likeness(mutant)]) == 1:
                found[mutant] = candidates[0]
    return found


def choose(root: Path) -> list[Entry]:
    """Keep what is still there, under the name that it has now, and fill up with the seed's next."""
    known = all_places(root)
    try:
        entries = read()
    except FileNotFoundError:
        entries = []
    now = located((entry.mutant for entry in entries), known)
    kept = [Entry(now[e.mutant].mutant, e.equivalent, e.lives) for e in entries if e.mutant in now]
    taken = {entry.mutant for entry in kept}
    chosen = []
    for room, share in SHARES.items():
        mine = [entry for entry in kept if entry.mutant.module.startswith(f"{room}/")]
        further = (m for m in _drawn(known, room) if m not in taken)
        chosen += [*mine, *(Entry(mutant) for mutant in islice(further, max(0, share - len(mine))))]
    return chosen


def _drawn(known: list[Place], room: str) -> Iterator[Mutant]:
    """Yield a room's mutants in an order that depends on the seed and on each one's own words alone."""
    by_operator: dict[str, list[Mutant]] = defaultdict(list)
    for place in known:
        if place.mutant.module.startswith(f"{room}/"):
            by_operator[place.mutant.operator].append(place.mutant)
    columns = [sorted(by_operator[name], key=key) for name in sorted(by_operator)]
    return (mutant for row in zip_longest(*columns) for mutant in row if mutant is not None)


def key(mutant: Mutant) -> str:
    """Name a mutant by the seed and its own words: this is also what draws it."""
    return hashlib.sha256(repr((SEED, *astuple(mutant))).encode()).hexdigest()
