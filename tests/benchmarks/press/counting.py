"""What printing takes in instructions: that of the start and that of a message, told apart by two sizes.

    python -m tests.benchmarks.press.counting

No other program changes them, so they are judged on a busy machine too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import peers, table
from tests.benchmarks.instructions import MILLION, NotInstalled, instructions
from tests.benchmarks.press import corpus, ours
from tests.benchmarks.press.runs import PEERS, REQUIREMENTS, Workshop
from tests.benchmarks.table import Row, at_least, at_most, only

FEW, MANY = 500, 1500
# Latin, Greek and Cyrillic with their punctuation, which the others print as they should.
LAST_WESTERN, LAST_PUNCTUATION = "\u052f", "\u20ff"
FIXED = 1000  # millions
Command = Callable[[Path], Sequence[str | Path]]


@dataclass(frozen=True)
class Cost:
    """The instructions of the start, and of each message."""

    fixed: float
    each: float

    @classmethod
    def between(cls, few: int, many: int) -> Cost:
        """Tell them apart by what `FEW` and `MANY` messages take."""
        each = (many - few) / (MANY - FEW)
        return cls(few - each * FEW, each)


@dataclass(frozen=True)
class Sample:
    """The same messages in two lengths."""

    few: Path
    many: Path

    @classmethod
    def written(cls, folder: Path, *, western: bool) -> Sample:
        """Write messages of all languages, or of those alone that every other press knows."""
        found = (one for one in corpus.messages(10 * MANY) if not western or _is_western(one.text))
        lines = [json.dumps(astuple(one), ensure_ascii=False) + "\n" for one in islice(found, MANY)]
        files = [folder / f"{count}-{western}.jsonl" for count in (FEW, MANY)]
        for file, count in zip(files, (FEW, MANY), strict=True):
            file.write_text("".join(lines[:count]), encoding="utf-8")
        return cls(*files)

    def cost(self, command: Command) -> Cost:
        """Count what a command takes for it."""
        return Cost.between(instructions(command(self.few)), instructions(command(self.many)))


def main() -> None:
    """Count, and print the table."""
    with TemporaryDirectory() as name:
        try:
            table.show("The press in instructions", rows(Path(name)))
        except NotInstalled as missing:
            print(missing, file=sys.stderr)  # noqa: T201


def rows(folder: Path) -> Iterator[Row]:
    """Count our own press, the limit and the others."""
    Workshop(folder, 1).pictures()
    every, western = (Sample.written(folder, western=western) for western in (False, True))
    limit, one, packed = (every.cost(command) for command in _own(folder))
    started = [f"{count / MILLION:,.0f}" for count in _starts(folder)]
    yield only(
        "our start with no message, and where the picture is met first", ", ".join(started) + " million"
    )
    yield at_most("our fixed cost, with the words that come first", FIXED, one.fixed / MILLION, " million")
    yield only("our cost of a message, one a card, packed", f"{one.each:,.0f}, {packed.each:,.0f}")
    yield at_most("ours over the limit, one a card", 2, one.each / limit.each)
    yield at_most("ours over the limit, packed", 2.5, packed.each / limit.each)
    own = western.cost(_own(folder)[1])
    for name, goal in (("reportlab", 6), ("typst", 8)):
        other = western.cost(_peer(name, folder))
        yield at_least(f"{name} over ours, Latin, Greek and Cyrillic", goal, other.each / own.each)


def _starts(folder: Path) -> Iterator[int]:
    """Count what it takes to begin, with the picture prepared and without."""
    nothing = folder / "nothing.jsonl"
    nothing.touch()
    start = _own(folder)[1](nothing)
    yield instructions(start)
    ours.kept(folder).unlink()
    yield instructions(start)


def _is_western(text: str) -> bool:
    letters = max(filter(str.isalpha, text), default="")
    return letters <= LAST_WESTERN and max(text) <= LAST_PUNCTUATION


def _own(folder: Path) -> tuple[Command, Command, Command]:
    """Give the commands of the limit, and of our press, one message a card and packed."""
    python, out = [sys.executable, "-m"], folder / "out.pdf"
    return (
        lambda messages: [*python, "tests.benchmarks.press.limit", messages, out],
        lambda messages: [*python, "tests.benchmarks.press.ours", messages, out, "one"],
        lambda messages: [*python, "tests.benchmarks.press.ours", messages, out, "packed"],
    )


def _peer(name: str, folder: Path) -> Command:
    module, kind, told = PEERS[name]
    python, out = peers.python("press", REQUIREMENTS), folder / "out.pdf"
    what = ["-m", f"tests.benchmarks.press.others.{module}"]
    return lambda messages: [python, *what, messages, out, folder / f"picture.{kind}", *told]


if __name__ == "__main__":
    main()
