"""Several printers: each moves the backs by its own offset, and a batch remembers which it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from build import cli
from campaign import ROOT
from campaign.content.campaign import Campaign, UnknownPrinter, load
from campaign.content.campaign_toml.card import Printer
from campaign.ledger import batches as ledger
from campaign.press import proofing, reprinting, sample_sheets
from campaign.press.next_batch import Rendered, next_batch
from campaign.press.reprinting import Reprint
from campaign.press.ticket import Setup
from campaign.settings import Settings
from campaign.storage.database import Database
from campaign.storage.tables import batches
from tests.conftest import NOW
from tests.support import pdf
from tests.support.press import approve, picture

PRINTERS = {
    "office": Printer((0.5, -1.0), "long-edge"),
    "home": Printer((-2.0, 3.0), "long-edge"),
    "attic": Printer((0.0, 0.0), "short-edge"),
}
POINTS = 72 / 25.4


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    return replace(campaign, printers=PRINTERS)


def first_word(sheets: Path) -> tuple[float, float]:
    """Where the first word of the first back stands, in mm to the right and up."""
    with pymupdf.open(sheets) as document:
        x, y, *_ = document[1].get_text("words")[0]
        return x / POINTS, (document[1].rect.height - y) / POINTS


@pytest.mark.parametrize("printer", ["office", "home"])
def test_the_backs_move_as_the_printer_asks(campaign: Campaign, tmp_path: Path, printer: str) -> None:
    sample_sheets.sample(campaign, tmp_path / "still.pdf")
    sample_sheets.sample(campaign.on_printer(printer), tmp_path / "moved.pdf")
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
        sample_sheets.sample(campaign, tmp_path / "sample.pdf")
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


@pytest.fixture
def rendered(
    campaign: Campaign, database: Database, settings: Settings, tmp_path: Path
) -> tuple[Campaign, Rendered]:
    """A batch of nine cards on three sheets, drawn for the printer at home."""
    one_a_card = replace(campaign.card, messages_per_card=1)
    campaign = replace(campaign, card=one_a_card, card_picture=picture(tmp_path))
    approve(database, [f"Message {n}" for n in range(1, 10)])
    run = next_batch(database, campaign.on_printer("home"), settings, NOW, final=True)
    return campaign, run.rendered[0]


@pytest.fixture
def reprint(
    rendered: tuple[Campaign, Rendered], database: Database, settings: Settings
) -> Callable[..., Reprint]:
    """Print it again, the printer in the office being the usual one now."""
    usual = rendered[0].on_printer("office")
    return lambda sheets=None, printer=None: reprinting.reprint(
        database, usual, settings, NOW, 1, sheets, printer=printer
    )


def build(database: Database, settings: Settings, *arguments: str) -> str:
    environ = {"CANDLE_DATABASE_URL": f"sqlite:///{database.engine.url.database}"}
    done = CliRunner(env=environ | {"CANDLE_BUILD_DIR": str(settings.build_dir)}).invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def is_right(file: Path, database: Database) -> bool:
    return proofing.proof_file(file, database).faults == ()


@pytest.mark.slow
def test_ledger_and_cover_name_the_printer(
    rendered: tuple[Campaign, Rendered], database: Database, settings: Settings
) -> None:
    _, batch = rendered
    assert "3 sheets for the printer home, proofed: " in str(batch)
    assert "Fortheprinterhome,andfornoother" in pdf.text_of(batch.folder / "cover.pdf")
    told = "backs moved 2 mm left and 3 mm up, flip on the long edge, for the printer home"
    assert told in build(database, settings, "batches", "mikita", "show", "1").splitlines()


@pytest.mark.slow
def test_a_reprint_is_the_same_whatever_printer_is_the_usual_one_now(reprint: Callable[..., Reprint]) -> None:
    assert reprint().same
    assert reprint(range(2, 3)).same


@pytest.mark.slow
def test_a_batch_that_noted_no_printer_is_printed_again_as_it_was(
    reprint: Callable[..., Reprint], rendered: tuple[Campaign, Rendered], database: Database
) -> None:
    noted = {name: value for name, value in rendered[1].batch.ticket.items() if name != "printer"}
    database.write(lambda connection: connection.execute(update(batches).values(press=noted)) and None)
    assert reprint().same


@pytest.mark.slow
def test_some_sheets_are_printed_again_on_another_printer_and_the_ledger_knows(
    reprint: Callable[..., Reprint],
    rendered: tuple[Campaign, Rendered],
    database: Database,
    settings: Settings,
) -> None:
    first = rendered[1].folder / "sheets.pdf"
    found = reprint(range(1, 2), "office")
    (again,) = found.files
    still, moved = first_word(first), first_word(again)
    assert (moved[0] - still[0], moved[1] - still[1]) == pytest.approx((2.5, -4.0), abs=0.01)
    then, now = (
        "backs moved 2 mm left and 3 mm up, flip on the long edge",
        "backs moved 0.5 mm right and 1 mm down",
    )
    assert f"Not the same as the first time: then {then}, for the printer home; now {now}" in str(found)
    assert is_right(again, database)
    assert is_right(first, database)
    shown = build(database, settings, "batches", "mikita", "show", "1")
    (line,) = [line for line in shown.splitlines() if line.startswith("reprint-sheets-1-1.pdf")]
    assert line.endswith(f"  reprint 1, {now}, flip on the long edge, for the printer office")
    assert reprint(range(1, 2)).same  # the next one is for the batch's own printer again
    assert is_right(again, database)


@pytest.mark.slow
def test_a_whole_batch_is_printed_again_on_a_printer_that_turns_the_sheet_otherwise(
    reprint: Callable[..., Reprint], rendered: tuple[Campaign, Rendered], database: Database
) -> None:
    folder = rendered[1].folder
    assert not reprint(printer="attic").same
    assert is_right(folder / "sheets.pdf", database)
    assert "flipontheshortedge" in pdf.text_of(folder / "cover.pdf")
    assert "Fortheprinterattic" in pdf.text_of(folder / "cover.pdf")
    assert reprint().same
    assert is_right(folder / "sheets.pdf", database)


@pytest.mark.slow
def test_a_reprint_on_a_printer_that_is_not_there_changes_nothing(
    reprint: Callable[..., Reprint], rendered: tuple[Campaign, Rendered], database: Database
) -> None:
    with pytest.raises(UnknownPrinter, match="'cellar'"):
        reprint(printer="cellar")
    with database.read() as connection:
        assert ledger.get(connection, "mikita", 1) == rendered[1].batch


def test_a_sample_is_proofed_for_its_printer(campaign: Campaign, tmp_path: Path) -> None:
    sample_sheets.sample(campaign.on_printer("attic"), tmp_path / "sample.pdf")
    fits = [
        proofing.proof_file(
            tmp_path / "sample.pdf", None, Setup.from_facts(campaign.on_printer(name).card).imposition
        ).passed
        for name in ("attic", "office")
    ]
    assert fits == [True, False]


def test_a_printer_without_a_campaign_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "sample.pdf").touch()
    done = CliRunner().invoke(cli, ["proof", str(tmp_path / "sample.pdf"), "--printer", "home"])
    assert done.exit_code == 2
    assert "needs --campaign" in done.output


@pytest.mark.parametrize(
    ("offset", "told"),
    [
        ((0, 0), "backs not moved, flip on the long edge, for the printer home"),
        ((0.5, -1.0), "backs moved 0.5 mm right and 1 mm down, flip on the long edge, for the printer home"),
        ((-0.25, 0), "backs moved 0.25 mm left, flip on the long edge, for the printer home"),
    ],
)
def test_how_far_backs_are_moved_is_said_in_words(offset: tuple[float, float], told: str) -> None:
    assert Setup("A6", "A4", "long-edge", "office", offset, number=True, printer="home").backs == told
