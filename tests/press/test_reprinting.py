"""After rendering: reprints of the same bytes, void batches, files proofed again."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, update

from campaign.cards import dimensions
from campaign.cards.type.typesetter import CannotSet, Typesetter
from campaign.content.campaign import Campaign
from campaign.ledger import batches, recalls, transitions
from campaign.ledger.batches import BatchError
from campaign.press import made_with, manifest, proofing, reprinting, sample_sheets
from campaign.press.manifest import ManifestError
from campaign.press.next_batch import next_batch
from campaign.press.reprinting import Reprint
from campaign.press.stacks import RenderingError
from campaign.press.ticket import Setup
from campaign.settings import Settings
from campaign.storage.database import Database
from campaign.storage.lease import lease
from campaign.storage.tables import batches as ledger
from campaign.storage.tables import messages
from tests.conftest import NOW, TODAY
from tests.press.runs import on_both
from tests.support import pdf
from tests.support.press import PICTURE, approve, picture

pytestmark = pytest.mark.slow  # whole runs of the press, seconds rather than milliseconds

Reprints = Callable[..., Reprint]


@pytest.fixture
def campaign(campaign: Campaign, tmp_path: Path) -> Campaign:
    """Mikita's campaign with a plain picture, one message a card."""
    one_a_card = replace(campaign.card, messages_per_card=1)
    return replace(campaign, card=one_a_card, card_picture=picture(tmp_path))


@pytest.fixture
def ids(database: Database) -> list[str]:
    return approve(database, [f"Message {n}" for n in range(1, 10)])


@pytest.fixture
def rendered(database: Database, campaign: Campaign, settings: Settings, ids: list[str]) -> Path:
    """The folder of a batch of nine cards on three sheets."""
    return next_batch(database, campaign, settings, NOW, final=True).rendered[0].folder


@pytest.fixture
def reprint(database: Database, campaign: Campaign, settings: Settings, rendered: Path) -> Reprints:
    """Print batch 1 again."""
    return lambda sheets=None, **changes: reprinting.reprint(
        database, changes.get("campaign", campaign), settings, NOW, 1, sheets
    )


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def withdraw(database: Database, message: str) -> None:
    change = update(messages).where(messages.c.id == message).values(state="withdrawn")
    database.write(lambda connection: connection.execute(change) and None)


@on_both
def test_a_reprint_is_the_same_file(reprint, rendered):
    first = sha(rendered / "sheets.pdf")
    (rendered / "sheets.pdf").unlink()
    found = reprint()
    assert found.files == (rendered / "sheets.pdf",)
    assert sha(rendered / "sheets.pdf") == first
    assert (found.same, found.differences, found.left_out) == (True, (), ())
    assert "The same bytes as the first time." in str(found)


def test_a_reprint_makes_a_lost_folder_whole_again(reprint, rendered):
    names = sorted(path.name for path in rendered.iterdir())
    for path in rendered.iterdir():
        path.unlink()
    rendered.rmdir()
    reprint()
    assert sorted(path.name for path in rendered.iterdir()) == names


def test_some_sheets_count_as_a_reprint(reprint):
    reprint()
    assert reprint(range(2, 3)).batch.reprints == 2


def test_some_sheets_are_not_called_the_same_when_the_program_sets_otherwise(reprint, monkeypatch):
    monkeypatch.setattr(made_with, "program_digest", lambda: "another")
    found = reprint(range(2, 3))
    assert not found.same
    (why,) = found.differences
    assert why.startswith("another version of this program set it: candle was ")
    assert f"Perhaps not the same as the first time: {why}" in str(found)
    assert "The same bytes" not in str(found)
    assert reprint().same  # the whole batch is compared byte by byte


def test_a_batch_that_did_not_note_its_program_is_not_called_the_same(reprint, database):
    with database.read() as connection:
        kept = dict(batches.get(connection, "mikita", 1).ticket)
    kept["versions"] = {name: known for name, known in kept["versions"].items() if name != "candle"}
    database.write(lambda connection: connection.execute(update(ledger).values(press=kept)) and None)
    assert reprint(range(2, 3)).differences == ("it was not noted then which version of candle set it",)


def test_a_change_of_what_sets_the_cards_is_another_version(tmp_path):
    for part in made_with.PROGRAM:
        place = tmp_path / part / "type" / "lines.py" if not part.endswith(".py") else tmp_path / part
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("GAP = 1\n")
    found = {made_with.program_digest.__wrapped__(tmp_path)}
    for part in made_with.PROGRAM:
        place = tmp_path / part / "type" / "lines.py" if not part.endswith(".py") else tmp_path / part
        place.write_text("GAP = 2\n")
        found.add(made_with.program_digest.__wrapped__(tmp_path))
    assert len(found) == 1 + len(made_with.PROGRAM)


@on_both
def test_some_sheets_go_to_a_file_of_their_own(reprint, rendered):
    before = sha(rendered / "sheets.pdf")
    found = reprint(range(2, 4))
    (path,) = found.files
    assert path == rendered / "reprint-sheets-2-3.pdf"
    assert found.same
    assert sha(rendered / "sheets.pdf") == before
    for page in (2, 4):
        assert pdf.text_of(path, page) == pdf.text_of(rendered / "sheets.pdf", page + 2)


@pytest.mark.parametrize("sheets", [range(0, 2), range(3, 5), range(2, 2)])
def test_sheets_that_are_not_there_are_refused(reprint, sheets):
    with pytest.raises(BatchError, match="it has 3 sheets, and you asked for sheet"):
        reprint(sheets)


def test_another_library_that_gives_the_same_bytes_is_the_same(reprint, monkeypatch):
    monkeypatch.setattr(made_with, "version", lambda _name: "99.0")
    assert reprint().same


def test_a_reprint_that_cannot_be_the_same_says_what_changed(reprint, campaign, tmp_path, monkeypatch):
    monkeypatch.setattr(made_with, "version", lambda _name: "99.0")
    other = tmp_path / "other.svg"
    other.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 13"><rect width="9" height="9"/></svg>'
    )
    found = reprint(campaign=replace(campaign, card_picture=other))
    assert not found.same
    assert "the illustration is another" in found.differences
    assert any(why.startswith("uharfbuzz was ") and why.endswith(" and is 99.0") for why in found.differences)


def test_a_picture_that_was_saved_while_a_batch_was_drawn_is_another(database, campaign, settings, ids):
    def save(*_: object) -> None:
        campaign.card_picture.write_text(PICTURE.replace("#fb4", "#4bf"))

    next_batch(database, campaign, settings, NOW, final=True, progress=save)
    found = reprinting.reprint(database, campaign, settings, NOW, 1, range(2, 3))
    assert found.differences == ("the illustration is another",)


def test_a_batch_is_set_again_as_it_was_planned_whatever_the_campaign_says_now(reprint, campaign):
    moved = replace(campaign.card, sheet="A3", back_offset=(1.0, 1.0), number=False)
    assert reprint(campaign=replace(campaign, card=moved)).same


@on_both
def test_what_a_card_lacks_is_said_once_and_not_for_each_message(database, campaign, settings):
    together = replace(campaign, card=replace(campaign.card, messages_per_card="fill"))
    together_ids = approve(database, [f"Message {n} of one card." for n in range(5)])
    next_batch(database, together, settings, NOW, final=True)
    for identifier in together_ids[:4]:
        withdraw(database, identifier)
    found = reprinting.reprint(database, together, settings, NOW, 1)
    assert found.left_out == ("card 1, 4 messages: it is withdrawn",)


def test_a_message_withdrawn_since_is_left_out_and_its_card_named(reprint, database, ids, rendered):
    withdraw(database, ids[4])
    reprint(range(1, 2))
    with database.read() as connection:  # the other sheets are printed from the file that holds it
        assert [recall.card for recall in recalls.all_open_recalls(connection, "mikita")] == [5]
    found = reprint()
    with database.read() as connection:
        assert recalls.all_open_recalls(connection, "mikita") == []
    assert found.left_out == (f"card 5, message {ids[4]}: it is withdrawn",)
    assert not found.same
    text = pdf.text_of(rendered / "sheets.pdf")
    assert "Message5" not in text
    assert "Message6" in text


@pytest.mark.parametrize(("number", "on_paper"), [(9, False), (1, True)])
def test_cards_are_asked_for_that_are_on_paper_or_all_of_a_batch(reprint, database, ids, number, on_paper):
    if on_paper:
        database.write(lambda c: transitions.mark_printed(c, "mikita", 1, NOW))
    for one in ids[:number]:
        withdraw(database, one)
    reprint()
    with database.read() as connection:
        asked = recalls.all_open_recalls(connection, "mikita")
    assert [recall.message for recall in asked] == ids[:number]


@on_both
def test_a_voided_card_is_not_printed_again(reprint, database, campaign, settings, ids, rendered):
    reprinting.void(database, campaign, settings, 1, "jam", range(2, 3))
    assert not rendered.exists(), "nobody prints that card with them"
    assert (rendered.with_name("batch-0001-void") / "sheets.pdf").exists()
    found = reprint(range(1, 2))
    assert found.left_out == (f"card 2, message {ids[1]}: it was voided",)
    assert "Message2" not in pdf.text_of(found.files[0])


def test_a_posted_batch_may_be_printed_for_the_files_with_a_warning(reprint, database):
    database.write(lambda c: transitions.mark_printed(c, "mikita", 1, NOW))
    database.write(lambda c: transitions.mark_posted(c, "mikita", 1, TODAY, TODAY))
    assert "do not post these cards a second time" in str(reprint())


def test_a_void_batch_is_not_printed_again(reprint, database, campaign, settings):
    reprinting.void(database, campaign, settings, 1, "wrong paper")
    with pytest.raises(BatchError, match="it is void; only what was rendered"):
        reprint()


def test_a_batch_that_another_run_holds_is_refused(reprint, database):
    with lease(database, "mikita/1"), pytest.raises(BatchError, match="another run is printing it"):
        reprint()


def test_cards_of_a_batch_that_a_run_holds_are_not_taken_back(database, campaign, settings, rendered):
    with lease(database, "mikita/1"), pytest.raises(BatchError, match="another run is printing it"):
        reprinting.void(database, campaign, settings, 1, "jam")
    assert rendered.exists()


def test_where_nothing_is_taken_back_the_sheets_stay(database, campaign, settings, rendered):
    with pytest.raises(BatchError, match="it has 9 cards, and you asked for card 99"):
        reprinting.void(database, campaign, settings, 1, "jam", range(99, 100))
    assert (rendered / "sheets.pdf").exists()
    assert not rendered.with_name("batch-0001-void").exists()


@pytest.mark.parametrize(("where", "what"), [(Path, "rename"), (reprinting, "sync")])
def test_nothing_is_taken_back_whose_sheets_cannot_be_put_away(
    database, campaign, settings, rendered, where, what
):
    denied = patch.object(where, what, side_effect=PermissionError(1, "Not permitted"))
    with denied, pytest.raises(BatchError, match="nothing is taken back: its sheets"):
        reprinting.void(database, campaign, settings, 1, "spoiled")
    with database.read() as connection:
        assert batches.get(connection, "mikita", 1).state == "rendered"
    assert (rendered / "sheets.pdf").exists()


def test_sheets_stay_away_whose_cards_are_taken_back_after_ctrl_c(database, campaign, settings, rendered):
    """It ended a wait for a busy database: the write was finished, and the sheets lay there to be printed."""
    write = database.write

    def interrupted(work: Callable[[Connection], object]) -> None:
        write(work)
        raise KeyboardInterrupt

    with patch.object(database, "write", interrupted), pytest.raises(KeyboardInterrupt):
        reprinting.void(database, campaign, settings, 1, "spoiled")
    assert not rendered.exists()


@on_both
def test_the_sheets_of_a_void_batch_are_put_aside_and_its_messages_printed_anew(
    database, campaign, settings, rendered, ids
):
    rendered.with_name("batch-0001-void").symlink_to(rendered.parent.parent)
    voided = reprinting.void(database, campaign, settings, 1, "wrong paper")
    assert voided.freed == 9
    assert not rendered.exists()
    assert (rendered.with_name("batch-0001-void") / "sheets.pdf").exists()
    (again,) = next_batch(database, campaign, settings, NOW, final=True).rendered
    assert again.batch.number == 2
    assert [entry.message for entry in manifest.read(again.folder / "manifest.csv")] == ids


@pytest.mark.parametrize("sheets", [None, range(1, 2)])
def test_no_sheets_are_written_where_a_link_leads(tmp_path, rendered, reprint, sheets):
    elsewhere = rendered.rename(tmp_path / "elsewhere")
    rendered.symlink_to(elsewhere)
    before = sorted(path.name for path in elsewhere.iterdir())
    with pytest.raises(RenderingError, match="batch-0001: is a link; put the folder itself there, or delete"):
        reprint(sheets)
    assert rendered.is_symlink()
    assert sorted(path.name for path in elsewhere.iterdir()) == before


@pytest.fixture
def refused(monkeypatch, ids, rendered):
    """Messages that a newer program prints on no card, the third and the seventh."""

    def refuse(setter: Typesetter, text: str, *others: str) -> object:
        if text in ("Message 3", "Message 7"):
            raise CannotSet("its marks reach into other lines")
        return set_text(setter, text, *others)

    set_text = Typesetter.set
    monkeypatch.setattr(Typesetter, "set", refuse)
    return ids[2], ids[6]


def test_what_no_card_can_carry_any_more_is_named_with_the_remedy_and_the_others_are_printed(
    database, campaign, settings, rendered, reprint, refused
):
    before = (rendered / "sheets.pdf").read_bytes()
    with pytest.raises(BatchError) as told:
        reprint()
    assert f"card 3: message {refused[0]}: its marks reach" in str(told.value)
    assert f"card 7: message {refused[1]}: its marks reach" in str(told.value)
    assert "`build.py batches mikita void 1 --cards 3 --why WORDS` and `" in str(told.value)
    assert (rendered / "sheets.pdf").read_bytes() == before
    for card in (3, 7):
        reprinting.void(database, campaign, settings, 1, "odd", range(card, card + 1))
    assert not reprint().same
    kept = {entry.message for entry in manifest.read(rendered / "manifest.csv")}
    assert len(kept) == 7
    assert not kept & set(refused)


def test_of_a_posted_batch_it_is_left_out_and_named(database, reprint, refused):
    database.write(lambda c: transitions.mark_printed(c, "mikita", 1, NOW))
    database.write(lambda c: transitions.mark_posted(c, "mikita", 1, TODAY, TODAY))
    again = reprint(range(1, 2))
    assert again.left_out == (f"card 3, message {refused[0]}: its marks reach into other lines",)


def test_a_rendered_file_passes_its_proof_at_any_time(database, rendered):
    report = proofing.proof_file(rendered / "sheets.pdf", database)
    assert report.passed
    assert ("bytes", "as rendered first", "none") in list(proofing.table(report))


def test_how_far_a_proof_has_come_is_told_sheet_by_sheet(database, rendered):
    told = []
    proofing.proof_file(rendered / "sheets.pdf", database, progress=lambda *step: told.append(step))
    assert told == [("proofing sheets", sheet, 3) for sheet in (1, 2, 3)]


def test_a_file_that_was_touched_fails_its_proof(database, rendered):
    path = rendered / "sheets.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    report = proofing.proof_file(path, database)
    assert report.faults == ("sheets.pdf: is not the file that was rendered and proofed; reprint it",)


def test_a_proof_names_the_words_that_were_changed_since(database, rendered, ids):
    change = update(messages).where(messages.c.id == ids[6]).values(text="")
    database.write(lambda connection: connection.execute(change) and None)
    report = proofing.proof_file(rendered / "sheets.pdf", database)
    assert f"card 7: message {ids[6]} was erased or changed since" in report.faults


def test_a_reprint_that_left_a_message_out_passes_its_proof(reprint, database, ids, rendered):
    withdraw(database, ids[6])
    assert not reprint().same
    report = proofing.proof_file(rendered / "sheets.pdf", database)
    assert report.faults == ()
    assert ("bytes", "as in reprint 1", "none") in list(proofing.table(report))


def test_the_file_rendered_first_passes_its_proof_after_a_reprint_too(reprint, database, ids, rendered):
    first = (rendered / "sheets.pdf").read_bytes(), (rendered / "manifest.csv").read_bytes()
    withdraw(database, ids[6])
    reprint()
    (rendered / "sheets.pdf").write_bytes(first[0])
    (rendered / "manifest.csv").write_bytes(first[1])
    assert proofing.proof_file(rendered / "sheets.pdf", database).faults == ()


def test_of_reprints_the_ledger_keeps_the_last_and_never_loses_the_first(reprint, database, ids, rendered):
    for gone in ids[6:8]:
        withdraw(database, gone)
        reprint()
    with database.read() as connection:
        batch = batches.get(connection, "mikita", 1)
    assert [(file.name, file.reprint) for file in batch.reprinted] == [("sheets.pdf", 2)]
    assert [file.reprint for file in batch.files] == [0]


def test_some_sheets_are_proofed_as_their_batch_was_set(database, campaign, settings, tmp_path):
    other = replace(campaign, card=replace(campaign.card, size="DL", sheet="A3", number=False))
    approve(database, [f"Message {n}" for n in range(1, 19)])
    folder = next_batch(database, other, settings, NOW, final=True).rendered[0].folder
    (path,) = reprinting.reprint(database, other, settings, NOW, 1, range(2, 4)).files
    report = proofing.proof_file(path, database)
    assert report.faults == ()
    assert "words" in [check.kind for check in report.checks]
    path.write_bytes((folder / "sheets.pdf").read_bytes())
    assert not proofing.proof_file(path, database).passed


def test_a_message_withdrawn_after_some_sheets_were_reprinted_is_found(reprint, database, ids, rendered):
    (path,) = reprint(range(2, 3)).files
    withdraw(database, ids[6])
    assert "card 7: its words are not those approved" in proofing.proof_file(path, database).faults


def test_the_sheets_of_a_void_batch_are_not_to_be_printed(database, campaign, settings, ids, rendered):
    reprinting.void(database, campaign, settings, 1, "coffee")
    report = proofing.proof_file(rendered.with_name("batch-0001-void") / "sheets.pdf", database)
    assert report.faults == ("batch 1 of mikita: it is void (coffee); destroy its sheets",)
    assert "words" in [check.kind for check in report.checks]


def test_a_manifest_of_another_batch_is_refused(database, rendered):
    listed = rendered / "manifest.csv"
    listed.write_bytes(listed.read_bytes().replace(b"\r\n3,1,1,", b"\r\n3,1,9,"))
    with pytest.raises(ManifestError, match=r"manifest\.csv:4: batch 1 of mikita has no such message"):
        proofing.proof_file(rendered / "sheets.pdf", database)


@pytest.mark.parametrize(
    "name", ["batch-99999999999999999999", "batch-²", "reprint-sheets-1-99999999999999999999.pdf"]
)
def test_numbers_without_end_in_a_name_are_those_of_no_batch(database, rendered, name):
    path = rendered / name if name.endswith(".pdf") else rendered.with_name(name) / "sheets.pdf"
    path.parent.mkdir(exist_ok=True)
    shutil.copy(rendered / "sheets.pdf", path)
    assert next(check.kind for check in proofing.proof_file(path, database).checks) != "bytes"


def test_a_sample_is_proofed_as_its_campaign_prints(database, campaign, tmp_path):
    card = replace(campaign.card, size="A5", sheet="SRA3", profile="print-shop")
    sample_sheets.sample(replace(campaign, card=card), tmp_path / "sample.pdf")
    assert (
        proofing.proof_file(tmp_path / "sample.pdf", database, Setup.from_facts(card).imposition).faults == ()
    )
    assert not proofing.proof_file(tmp_path / "sample.pdf", database).passed


def test_a_file_that_no_batch_knows_is_proofed_without_words(database, campaign, tmp_path):
    sample_sheets.sample(campaign, tmp_path / "sample.pdf")
    report = proofing.proof_file(tmp_path / "sample.pdf", database)
    assert report.passed
    assert "words" not in [check.kind for check in report.checks]


def test_a_suggestion_that_no_card_carries_is_named_by_its_line(campaign, tmp_path):
    (language, edition), *_ = campaign.editions.items()
    bad = replace(edition, suggestions=("Be well", "line\n" * 40))
    with pytest.raises(RenderingError, match=f"^{language}/suggestions.md, line 2 of the list: too long"):
        sample_sheets.sample(replace(campaign, editions={language: bad}), tmp_path / "sample.pdf")
    assert not (tmp_path / "sample.pdf").exists()


def test_a_sample_is_signed_in_the_letters_of_its_language(campaign, tmp_path):
    words = {"ar": "أنت لست وحدك", "zh-Hant": "我們與你同在", "pt-BR": "Estamos com você"}
    editions = {code: replace(campaign.edition, suggestions=(said,)) for code, said in words.items()}
    sample_sheets.sample(replace(campaign, editions=editions), tmp_path / "sample.pdf")
    text = pdf.text_of(tmp_path / "sample.pdf")
    assert all(name in text for name in ("سلمى", "小明", "Anna"))


@pytest.mark.parametrize(("per_card", "times"), [(1, 1), (2, 2), ("fill", 2)])
def test_a_sample_shows_every_suggestion_on_full_sheets_as_a_batch_is_packed(
    campaign, tmp_path, per_card, times
):
    card = replace(campaign.card, messages_per_card=per_card)
    sample_sheets.sample(replace(campaign, card=card), tmp_path / "sample.pdf")
    text = pdf.text_of(tmp_path / "sample.pdf")
    counts = [text.count("".join(suggestion.split())) for suggestion in campaign.edition.suggestions]
    assert min(counts) == counts[-1] == times
    assert [path.name for path in tmp_path.iterdir() if "sample" in path.name] == ["sample.pdf"]


def test_a_card_packed_in_smaller_type_keeps_it(database, campaign, settings, monkeypatch):
    """Set larger, its messages lay one over the other, and the proof read them all the same."""
    lying = replace(campaign.card, messages_per_card="fill", size="A5-landscape")
    campaign = replace(campaign, card=lying)
    approve(database, [f"Message {n} to you. " * (n % 7 + 1) for n in range(1, 120)])
    with monkeypatch.context() as patched:
        patched.setattr(dimensions, "WIDE", float("inf"))
        next_batch(database, campaign, settings, NOW)
    assert reprinting.reprint(database, campaign, settings, NOW, 1).same
