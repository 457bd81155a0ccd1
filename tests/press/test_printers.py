"""Several printers: each moves the backs by its own offset, and a batch remembers which it was."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from click.testing import CliRunner

from build import cli
from campaign import press
from campaign.content import Campaign, UnknownPrinter, load
from campaign.content.schema import Printer
from campaign.database import Database
from campaign.messages.review import approve
from campaign.press import reprinting, sampling
from campaign.settings import ROOT, Settings
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit

PRINTERS = {"office": Printer((0.5, -1.0), "long-edge"), "home": Printer((-2.0, 3.0), "long-edge")}
POINTS = 72 / 25.4


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    return replace(campaign, printers=PRINTERS)


def first_word(sheets: Path) -> tuple[float, float]:
    """Where the first word of the first back stands, in mm to the right and up."""
    with pymupdf.open(sheets) as document:
        x, y, *_ = document[1].get_text("words")[0]
        return x / POINTS, (document[1].rect.height - y) / POINTS


@pytest.mark.parametrize("printer", PRINTERS)
def test_the_backs_move_as_the_printer_asks(campaign: Campaign, tmp_path: Path, printer: str) -> None:
    sampling.sample(campaign, tmp_path / "still.pdf")
    sampling.sample(campaign.on_printer(printer), tmp_path / "moved.pdf")
    still, moved = first_word(tmp_path / "still.pdf"), first_word(tmp_path / "moved.pdf")
    offset = (moved[0] - still[0], moved[1] - still[1])
    assert offset == pytest.approx(PRINTERS[printer].back_offset, abs=0.01)


def test_each_turns_the_sheet_as_its_own_lines_say_or_else_as_the_card_does(tmp_path: Path) -> None:
    folder = tmp_path / "mikita"
    shutil.copytree(ROOT / "content" / "mikita", folder)
    facts = (folder / "campaign.toml").read_text(encoding="utf-8")
    facts = facts.replace("[card]\n", '[card]\nprinter = "home"\n')
    facts += '\n[printers]\noffice = [0.5, -1]\n[printers.home]\nduplex = "short-edge"\n'
    (folder / "campaign.toml").write_text(facts, encoding="utf-8")
    home = load(folder)
    office = home.on_printer("office")
    assert [(one.card.duplex, one.card.back_offset) for one in (home, office, office.on_printer("home"))] == [
        ("short-edge", (0.0, 0.0)),
        ("long-edge", (0.5, -1.0)),
        ("short-edge", (0.0, 0.0)),
    ]
    for campaign, told in ((home, "DuplexFlipShortEdge"), (office, "DuplexFlipLongEdge")):
        sampling.sample(campaign, tmp_path / "sample.pdf")
        with pymupdf.open(tmp_path / "sample.pdf") as document:
            assert told in document.xref_get_key(document.pdf_catalog(), "ViewerPreferences")[1]


def test_one_that_is_not_there_is_refused_by_name(campaign: Campaign) -> None:
    place = "content/mikita/campaign.toml: names no printer"
    with pytest.raises(UnknownPrinter, match=rf"^{place} 'ofice'; did you mean office"):
        campaign.on_printer("ofice")
    with pytest.raises(UnknownPrinter, match=rf"^{place} 'office'; there is no \[printers\] yet"):
        replace(campaign, printers={}).on_printer("office")


def test_the_commands_take_it_by_its_name_and_refuse_another(tmp_path: Path) -> None:
    output = tmp_path / "sample.pdf"
    done = CliRunner().invoke(cli, ["sample", "mikita", "--printer", "attic", "--output", str(output)])
    assert done.exit_code == 1
    assert done.output.startswith("content/mikita/campaign.toml: names no printer 'attic'; ")
    assert not output.exists()


@pytest.mark.slow
def test_a_reprint_is_the_same_whatever_printer_is_the_usual_one_now(
    campaign: Campaign, database: Database, settings: Settings, submit: Submit
) -> None:
    identifier = submit(database).message
    database.write(lambda c: approve(c, identifier, "olga", [APPROVAL_KEY], TODAY))
    run = press.next_batch(database, campaign.on_printer("home"), settings, NOW, final=True)
    assert run.rendered[0].batch.press["back_offset"] == [-2.0, 3.0]
    assert reprinting.reprint(database, campaign.on_printer("office"), settings, NOW, 1).same
