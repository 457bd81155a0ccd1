"""The processes that the press's table compares, each run as often as the others, in turns."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from statistics import median
from subprocess import CalledProcessError

from tests.benchmarks import peers
from tests.benchmarks.peers import ROOT
from tests.benchmarks.press import seeding
from tests.benchmarks.process import Run, run

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
# By name: the module, the picture in the form that it takes best, and what else it is told.
PEERS = {
    "htmlbox": ("htmlbox", "pdf", ()),
    "reportlab": ("canvas", "jpg", ("plain",)),
    "reportlab, accelerated": ("canvas", "jpg", ()),
    "typst": ("markup", "pdf", ()),
}
PER_SHEET = 4
WHOLE = {1: "whole", 2: "whole, two jobs"}


class WrongOutput(Exception):
    """A process that did not print all cards, and so proves nothing."""


@dataclass(frozen=True)
class Workshop:
    """A folder for what is measured, and what it took so far; `count` tells the corpora apart."""

    folder: Path
    rounds: int
    taken: dict[tuple[object, ...], list[Run]] = field(default_factory=lambda: defaultdict(list))

    def peer(self, name: str, messages: Path, cards: int) -> None:
        """Print cards with what others use."""
        module, kind, told = PEERS[name]
        out = self.folder / "out.pdf"
        command = [peers.python("press", REQUIREMENTS), "-m", f"tests.benchmarks.press.others.{module}"]
        done = run([*command, messages, out, self.folder / f"picture.{kind}", *told])
        self.check(out, cards)
        self.taken[name, messages].append(done)

    def ours(self, messages: Path, how: str) -> None:
        """Print cards with our own press."""
        out = self.folder / "out.pdf"
        done = run([sys.executable, "-m", "tests.benchmarks.press.ours", messages, out, how])
        self.check(out, json.loads(done.said)["cards"])
        self.taken["ours", messages, how].append(done)

    def limit(self, messages: Path) -> None:
        """Do what any press must do, and nothing else."""
        command = [sys.executable, "-m", "tests.benchmarks.press.limit", messages, self.folder / "out"]
        self.taken["limit", messages].append(run(command))

    def whole(self, messages: Path, how: str, jobs: int = 1) -> None:
        """Run `build.py cards` on approved messages; where it refuses them, nothing is noted."""
        place = self.folder / "whole"
        rmtree(place, ignore_errors=True)
        place.mkdir()
        run([sys.executable, "-m", "tests.benchmarks.press.seeding", messages, place, how])
        command = [sys.executable, "build.py", "cards", "mikita", "--final", "--jobs", str(jobs)]
        try:
            done = run(command, **seeding.settings(place))
        except CalledProcessError:
            return  # it said why
        if not list(place.glob("_build/cards/mikita/batch-0001/sheets*.pdf")):
            raise WrongOutput(done.said)
        self.taken[WHOLE[jobs], messages, how].append(done)

    def cpu(self, *what: object) -> float:
        """Give the median of the CPU time in seconds."""
        return median(done.cpu for done in self.taken[what])

    def wall(self, *what: object) -> float:
        """Give the median of the seconds until the end."""
        return median(done.wall for done in self.taken[what])

    def memory(self, messages: Path, how: str) -> float:
        """Give the median of the memory that our own press took after its imports, in MB."""
        runs = self.taken["ours", messages, how]
        said = [json.loads(done.said) for done in runs]
        return median(one["peak"] - one["imported"] for one in said) / 1e6

    def cards(self, messages: Path, how: str) -> int:
        """Give how many cards our own press made."""
        return int(json.loads(self.taken["ours", messages, how][0].said)["cards"])

    def weight(self, messages: Path, how: str) -> int:
        """Give the bytes of our own sheets, fonts and picture apart."""
        self.ours(messages, how)
        return int(weighed(self.folder / "out.pdf")["bytes"])

    def pictures(self) -> None:
        """Convert the picture once into what the others take, and what our own press keeps."""
        art = ROOT / "content/mikita/illustration.svg"
        code = (
            "import pymupdf, sys; folder = sys.argv[2]\n"
            "pdf = pymupdf.open('pdf', pymupdf.open(sys.argv[1]).convert_to_pdf())\n"
            "pdf.save(f'{folder}/picture.pdf'); pdf[0].get_pixmap(dpi=300).save(f'{folder}/picture.jpg')"
        )
        run([sys.executable, "-c", code, art, self.folder])
        ours = "import sys; from pathlib import Path; from tests.benchmarks.press import ours; "
        ours += "ours.picture(Path(sys.argv[1]))"
        run([sys.executable, "-c", ours, self.folder])

    def check(self, out: Path, cards: int) -> None:
        """Hold a file's pages against its cards."""
        pages, wanted = weighed(out, "pages")["pages"], -(-cards // PER_SHEET) * 2
        if pages != wanted:
            raise WrongOutput(f"{out}: {pages} pages, and {cards} cards take {wanted}")


def weighed(file: Path, *what: str) -> dict[str, int]:
    """Count a file's pages and bytes, in a process of its own, so that this one stays small."""
    said = run([sys.executable, "-m", "tests.benchmarks.press.weighing", file, *what]).said
    found: dict[str, int] = json.loads(said)
    return found
