"""The table of `make audit`.

    python -m tests.audit [--language be ...] [--first] [weight] [lighthouse] [markup] [everybody] [mutations]

Without a name all of them. A fault is named below its row, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click
from playwright.sync_api import Browser, sync_playwright

from tests.audit import checks, mutations, node, weight
from tests.audit.rows import Row, at_most
from tests.audit.stage import AS_IT_IS, Stage, listening, staged
from tests.browser.conftest import ARGUMENTS, executable

ENOUGH = 25  # of 26 mutations
RUNS = 5


@dataclass(frozen=True)
class Chosen:
    """What is asked for on the command line."""

    stage: Stage
    browser: Browser
    languages: tuple[str, ...]
    first: bool
    pictures: Path | None


def everybody(chosen: Chosen) -> Iterator[Row]:
    """Hold axe and the checks of our own against every page, language, scheme and state."""
    for language in chosen.languages:
        # Closed while its browser is there: one that is left in the middle would wait for it without end.
        with closing(checks.found(chosen.stage, chosen.browser, [language])) as found:
            faults = [next(found, None)] if chosen.first else list(found)
        listed = tuple(fault for fault in faults if fault)
        yield Row(f"axe and looks, {language}", f"{len(listed)} faults", "0", not listed, listed)


def seeded(chosen: Chosen) -> Iterator[Row]:
    """Put each seeded defect in and see whether it is noticed."""
    told = []
    for verdict in mutations.verdicts(chosen.pictures):
        told.append(verdict)
        # At once, above the row: half an hour may be cut off.
        click.echo(f"  {verdict.mutation.defect}: {verdict.noticed or 'NOT NOTICED'}")
    noticed = sum(bool(verdict.noticed) for verdict in told)
    yield Row("seeded defects noticed", f"{noticed} of {len(told)}", f"{ENOUGH} of 26", noticed >= ENOUGH)


def weighed(chosen: Chosen) -> Iterator[Row]:
    """Weigh a first view in each language, and time the heaviest on a slow line."""
    with listening(chosen.stage):
        committed = chosen.stage.campaigns[AS_IT_IS].editions
        url = f"{chosen.stage.url}/{AS_IT_IS}"
        yield from weight.rows(chosen.browser, {c: f"{url}/{c}/" for c in chosen.languages if c in committed})


def lighthouse(chosen: Chosen) -> Iterator[Row]:
    """Run Lighthouse, as on a phone."""
    with listening(chosen.stage):
        report = node.lighthouse(f"{chosen.stage.url}/mikita/{chosen.languages[0]}/", RUNS)
    for name, score in report.scores.items():
        yield Row(f"Lighthouse, {name} (median of {RUNS})", f"{score:.0f}", "100", score >= 100)
    yield at_most("largest paint, Lighthouse's phone", report.largest_paint, 1_500, "ms")
    yield Row("layout shift", f"{report.shift:.3f}", "0", report.shift < 0.0005)


def markup(chosen: Chosen) -> Iterator[Row]:
    """Hold every page's source to two validators."""
    with tempfile.TemporaryDirectory(prefix="audit-html-") as folder:
        pages = list(_sources(chosen, Path(folder)))
        for name, validate in {"html-validate": node.html_validate, "vnu": node.vnu}.items():
            checked = validate(pages)
            accepted = [f"accepted, {count} times: {why}" for why, count in checked.accepted.items()]
            measured = f"{len(checked.faults)} on {len(pages)} pages"
            yield Row(name, measured, "0", not checked.faults, (*checked.faults, *accepted))


def _sources(chosen: Chosen, folder: Path) -> Iterator[Path]:
    """Write the source of every page, frozen or answered, under a name that tells which it is."""
    frozen = chosen.stage.folder
    sources = {str(p.relative_to(frozen)): p.read_bytes() for p in frozen.rglob("*.html")}
    for code in chosen.languages:
        sources |= {f"receiver {code} {n}.html": a.data for n, a in chosen.stage.answers(code).items()}
    for name, source in sources.items():
        file = folder / name.replace("/", "-").replace(" ", "-")
        file.write_bytes(source)
        yield file


PARTS: dict[str, Callable[[Chosen], Iterator[Row]]] = {
    "weight": weighed,
    "lighthouse": lighthouse,
    "markup": markup,
    "everybody": everybody,
    "mutations": seeded,
}


def _rows(part: str, chosen: Chosen) -> Iterator[Row]:
    """Give a part's rows; a tool that is missing is a row that is not reached, and says what to install."""
    try:
        yield from PARTS[part](chosen)
    except node.NotHereError as missing:
        yield Row(part, "not run", str(missing), reached=False)


def main() -> int:
    """Print the rows of the parts that are named; 1 when one is not reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.audit")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help=f"of {', '.join(PARTS)}")
    parser.add_argument("--language", nargs="*", help="only these, for the looks")
    parser.add_argument("--first", action="store_true", help="stop at the first fault")
    parser.add_argument("--pictures", type=Path, help="a folder that keeps what is drawn for the next run")
    asked = parser.parse_args()
    missed, alone = 0, asked.first or asked.parts == ["mutations"]  # each of those has a stage of its own
    with (
        tempfile.TemporaryDirectory(prefix="audit-") as folder,
        sync_playwright() as playwright,
        staged(Path(folder), asked.pictures, sparing=() if alone else None) as stage,
    ):
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        chosen = Chosen(stage, browser, tuple(asked.language or stage.languages), asked.first, asked.pictures)
        for part in asked.parts or PARTS:
            for row in _rows(part, chosen):
                click.echo(row)
                missed += not row.reached
        browser.close()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
