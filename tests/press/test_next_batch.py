"""The press from claim to sheet: what it prints, what it leaves out, and runs at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from campaign.cards import card_picture
from campaign.cards.proof import comparing, proof
from campaign.errors import SettingsError
from campaign.ledger import transitions
from campaign.ledger.batches import BatchError
from campaign.messages import approval, queries
from campaign.press import manifest, planning, rendering, sheet_files, ticket
from campaign.press.next_batch import Press, Run, dry_run, next_batch
from campaign.press.planning import NONE_WAITING
from campaign.storage.database import connect
from campaign.storage.lease import lease
from campaign.storage.tables import messages
from tests.conftest import APPROVAL_KEY, NOW, TODAY
from tests.press.runs import (
    TEXTS,
    Stopped,
    fail,
    live_messages,
    on_both,
    printed_messages,
    states,
    withdraw,
)
from tests.support import pdf
from tests.support.press import approve

pytestmark = pytest.mark.slow  # whole runs of the press, seconds rather than milliseconds


def test_progress_is_told_within_a_file(run, database, campaign, monkeypatch):
    monkeypatch.setattr(rendering, "CARDS_PER_REPORT", 5)
    approve(database, [f"Message {n}" for n in range(1, 20)])
    told: list[tuple[str, int, int]] = []
    one_a_card = replace(campaign, card=replace(campaign.card, messages_per_card=1))
    run(campaign=one_a_card, final=True, progress=lambda *step: told.append(step))
    for what in ("setting cards", "proofing cards"):
        assert [step[1:] for step in told if step[0] == what] == [(8, 19), (16, 19), (19, 19)]


def test_a_file_holds_at_most_five_hundred_sheets(campaign):
    parts = sheet_files.file_cards(ticket.Setup.from_facts(campaign.card).imposition, 2_001)
    assert parts == {"sheets-01.pdf": range(1, 2_001), "sheets-02.pdf": range(2_001, 2_002)}
    assert list(sheet_files.file_cards(ticket.Setup.from_facts(campaign.card).imposition, 2_000)) == [
        "sheets.pdf"
    ]


def test_a_batch_holds_its_sheets_its_cover_and_its_manifest(run, database, folder):
    ids = approve(database, TEXTS)
    (rendered,) = run(final=True).rendered
    assert rendered.folder == folder / "batch-0001"
    assert sorted(path.name for path in rendered.folder.iterdir()) == [
        "cover.pdf",
        "manifest.csv",
        "manifest.json",
        "sheets.pdf",
    ]
    assert (rendered.messages, rendered.sheets, rendered.batch.state) == (3, 1, "rendered")
    assert printed_messages(folder) == ids
    text = pdf.text_of(rendered.folder / "sheets.pdf")
    for words, name in TEXTS:
        assert "".join(words.split()) in text
        assert name in text


def test_without_a_key_nothing_can_be_shown_to_be_approved(database, campaign, settings):
    with pytest.raises(SettingsError, match="CANDLE_APPROVAL_KEY"):
        next_batch(database, campaign, replace(settings, approval_key=""), NOW)


def test_nothing_ready_is_said_and_leaves_nothing_behind(run, database, folder):
    approve(database, TEXTS)
    found = run()
    assert str(found).startswith("Nothing ready: 3 approved messages wait for company: they fill 0 cards")
    assert found.rendered == ()
    assert not folder.exists()
    assert states(database) == []


def test_a_dry_run_says_what_the_next_run_makes_and_makes_nothing(run, database, campaign, settings, folder):
    press = Press.from_settings(database, campaign, settings, NOW)
    approve(database, TEXTS)
    assert str(dry_run(press)).startswith("Nothing ready: 3 approved messages wait for company")
    said = str(dry_run(press, final=True))
    assert (folder.exists(), states(database)) == (False, [])
    (made,) = run(final=True).rendered
    assert said == "It would print 3 messages on 1 card, 1 sheet."
    assert (made.messages, made.batch.cards, made.sheets) == (3, 1, 1)
    assert str(dry_run(press, final=True)) == f"Nothing ready: {NONE_WAITING}"


def test_a_dry_run_names_what_it_would_not_print(database, campaign, settings):
    (message,) = approve(database, ["Changed meanwhile"])
    change = update(messages).where(messages.c.id == message).values(text="Other words")
    database.write(lambda c: c.execute(change))
    found = dry_run(Press.from_settings(database, campaign, settings, NOW), final=True)
    assert found.complaints == [
        f"message {message} is not printed: its approval is not for these words; review it again"
    ]


def test_a_limit_takes_the_oldest_messages(run, database, folder):
    ids = approve(database, [f"Message {n}" for n in range(6)])
    run(final=True, limit=4)
    assert printed_messages(folder) == ids[:4]
    run(final=True)
    assert printed_messages(folder) == ids


def test_the_same_messages_give_the_same_bytes(run, database, campaign, settings, tmp_path):
    approve(database, TEXTS)
    (first,) = run(final=True).rendered
    other = connect(f"sqlite:///{tmp_path}/other/candle.sqlite")
    from campaign.storage.database import migrate

    migrate(other)
    approve(other, TEXTS)
    elsewhere = replace(settings, build_dir=tmp_path / "elsewhere")
    (second,) = next_batch(other, campaign, elsewhere, NOW + timedelta(days=1), final=True).rendered
    other.close()
    assert second.batch.files == first.batch.files


def test_many_sheets_are_split_into_files(run, database, folder, monkeypatch, campaign):
    monkeypatch.setattr(sheet_files, "SHEETS_PER_FILE", 1)
    object.__setattr__(campaign, "card", replace(campaign.card, messages_per_card=1))
    approve(database, [f"Message {n}" for n in range(1, 7)])
    (rendered,) = run(final=True).rendered
    assert [file.name for file in rendered.batch.files] == ["sheets-01.pdf", "sheets-02.pdf"]
    assert "Message6" in pdf.text_of(folder / "batch-0001" / "sheets-02.pdf")
    assert [entry.sheet for entry in manifest.read(folder / "batch-0001" / "manifest.csv")] == [
        1,
        1,
        1,
        1,
        2,
        2,
    ]


# Messages that may not be printed.


@pytest.fixture
def misread(monkeypatch):
    """A word that comes back otherwise from every card, as what is odd in a font might."""

    same = comparing.same_words

    def same_words(wanted, seen):
        return same([text.replace("odd", "even") for text in wanted], seen)

    for module in (proof, card_picture):
        monkeypatch.setattr(module, "same_words", same_words)


def test_a_message_that_does_not_come_out_waits_again_and_the_batch_goes_on(run, database, folder, misread):
    ids = approve(database, [*TEXTS, "Something odd", *TEXTS])
    odd = ids[len(TEXTS)]
    found = run(final=True)
    assert printed_messages(folder) == [identifier for identifier in ids if identifier != odd]
    (complaint,) = found.complaints
    assert complaint.startswith(f"message {odd} is not printed: its words cannot be read off the card")
    with database.read() as connection:
        message = queries.get(connection, odd)
    assert (message.state, message.approval, message.reviewed_by) == ("waiting", None, None)
    assert [flag.kind for flag in message.flags] == ["cannot-be-printed"]
    assert run(final=True).rendered == ()


def test_a_batch_of_nothing_that_comes_out_is_void_and_all_of_it_waits_again(run, database, misread):
    ids = approve(database, ["Very odd", "Most odd"])
    (rendered,) = run(final=True).rendered
    assert rendered.batch.state == "void"
    with database.read() as connection:
        assert {queries.get(connection, identifier).state for identifier in ids} == {"waiting"}


def test_what_one_of_two_people_approved_is_not_printed_and_what_both_did_is(run, database, folder):
    ids = approve(database, ["Approved by both", "Approved by one", "By one, twice"])
    parts = {"Approved by both": "olga petr", "Approved by one": "olga", "By one, twice": "olga olga"}
    with database.read() as connection:
        rows = connection.execute(select(messages)).all()
    for row in rows:
        words = (row.id, row.campaign, row.text, row.first_name)
        signed = " ".join(approval.sign_as(by, [APPROVAL_KEY], *words) for by in parts[row.text].split())
        change = update(messages).where(messages.c.id == row.id).values(approval=signed)
        database.write(lambda connection, change=change: connection.execute(change) and None)
    assert len(run(final=True).complaints) == 2
    assert printed_messages(folder) == ids[:1]


def test_a_text_changed_since_its_approval_is_not_printed(run, database, folder, figure):
    ids = approve(database, ["Good", "Approved"])
    change = update(messages).where(messages.c.id == ids[1]).values(text="Not what was approved")
    database.write(lambda connection: connection.execute(change) and None)
    found = run(final=True)
    printed = printed_messages(folder)
    figure("a message changed after its approval", "printed" if ids[1] in printed else "not printed")
    assert printed == ids[:1]
    assert found.complaints == [
        f"message {ids[1]} is not printed: its approval is not for these words; review it again"
    ]


def test_a_message_withdrawn_between_plan_and_print_is_left_out(run, planned, database, folder):
    withdraw(database, planned[1])
    (rendered,) = run().rendered
    assert rendered.messages == 2
    assert printed_messages(folder) == [planned[0], planned[2]]


@pytest.mark.parametrize("signed", [False, True], ids=["as it was signed", "signed too, as an older row is"])
def test_a_text_changed_between_plan_and_print_is_left_out_and_named(run, planned, database, folder, signed):
    by = {"approval": approval.sign([APPROVAL_KEY], planned[1], "mikita", "Other", "Anna")} if signed else {}
    change = update(messages).where(messages.c.id == planned[1]).values(text="Other", first_name="Anna", **by)
    database.write(lambda connection: connection.execute(change) and None)
    (rendered,) = run().rendered
    assert [one.message for one in rendered.left_out] == [planned[1]]
    assert printed_messages(folder) == [planned[0], planned[2]]


def test_a_message_withdrawn_while_it_is_drawn_is_not_in_the_batch(run, database, folder, monkeypatch):
    ids = approve(database, TEXTS)
    proof = rendering._proof

    def withdrawn_meanwhile(*arguments):
        monkeypatch.setattr(rendering, "_proof", proof)
        change = update(messages).where(messages.c.id == ids[0]).values(state="withdrawn")
        database.write(lambda connection: connection.execute(change) and None)
        return proof(*arguments)

    monkeypatch.setattr(rendering, "_proof", withdrawn_meanwhile)
    (rendered,) = run(final=True).rendered
    assert rendered.batch.state == "rendered"
    assert printed_messages(folder) == ids[1:]
    assert "Трымайся" not in pdf.text_of(folder / "batch-0001" / "sheets.pdf")


def test_a_card_that_is_left_blank_is_not_counted(run, database, campaign, monkeypatch):
    one_a_card = replace(campaign, card=replace(campaign.card, messages_per_card=1))
    ids = approve(database, TEXTS)
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "write_file", fail)
        with pytest.raises(Stopped):
            run(campaign=one_a_card, final=True)
    withdraw(database, ids[1])
    assert "2 messages on 2 cards, 1 sheet" in str(run(campaign=one_a_card))


def test_a_batch_whose_messages_were_all_withdrawn_is_void(run, planned, database, folder):
    for message in planned:
        withdraw(database, message)
    (folder / "batch-0001").mkdir()  # of a run that was killed before it was marked
    told = str(run())
    assert states(database) == ["void"]
    assert not (folder / "batch-0001").exists()
    assert "batch 1 of mikita: void, nothing of it is printed: all its messages were withdrawn" in told
    assert "proofed" not in told


def test_a_batch_voided_while_it_is_drawn_leaves_no_sheets(run, database, folder, monkeypatch):
    approve(database, TEXTS)
    proof = rendering._proof

    def voided_meanwhile(*arguments):
        database.write(lambda connection: transitions.void(connection, "mikita", 1, "changed our mind"))
        return proof(*arguments)

    monkeypatch.setattr(rendering, "_proof", voided_meanwhile)
    with pytest.raises(BatchError, match="it is void"):
        run(final=True)
    assert list(folder.glob("*")) == []


def test_files_are_on_the_disk_before_they_are_renamed_and_renamed_before_they_are_marked(
    run, database, folder, monkeypatch
):
    approve(database, TEXTS)
    done: list[str] = []
    sync, rename, mark = rendering.sync, Path.rename, transitions.mark_rendered
    monkeypatch.setattr(rendering, "sync", lambda path: done.append(f"sync {path.name}") or sync(path))
    monkeypatch.setattr(
        Path, "rename", lambda path, to: done.append(f"rename to {to.name}") or rename(path, to)
    )
    monkeypatch.setattr(transitions, "mark_rendered", lambda *known: done.append("mark") or mark(*known))
    run(final=True)
    parents = [f"sync {path.name}" for path in (folder.parent.parent.parent, *folder.parents[1::-1])]
    assert sorted(done[:3]) == sorted(parents)  # of the folders that are new
    files = ["sync cover.pdf", "sync manifest.csv", "sync manifest.json", "sync sheets.pdf"]
    assert sorted(done[3:7]) == files
    assert done[7:] == ["sync .batch-0001.part", "rename to batch-0001", "sync mikita", "mark"]


def test_the_cover_tells_the_day_of_the_plan_also_when_it_is_rendered_later(
    planned, database, campaign, settings
):
    withdraw(database, planned[0])
    later = NOW + timedelta(days=3)
    (rendered,) = next_batch(database, campaign, settings, later).rendered
    rows = pdf.rows_of(rendered.folder / "cover.pdf")
    assert "2 1 1 planned on 22 November 2026" in rows
    assert "messages card sheet sheets.pdf" in rows


def test_the_cover_of_a_batch_bears_the_address_while_it_is_vouched_for(run, database, campaign):
    approve(database, TEXTS)
    known = replace(campaign.recipient, address="Colony 2\nBobruisk", address_verified_on=TODAY)
    alone = replace(campaign.card, messages_per_card=1)
    (rendered,) = run(campaign=replace(campaign, recipient=known, card=alone), final=True).rendered
    assert "3 3 1 planned on 22 November 2026" in pdf.rows_of(rendered.folder / "cover.pdf")
    text = pdf.text_of(rendered.folder / "cover.pdf")
    assert "Colony2" in text
    assert "Bobruisk" in text
    old = replace(known, address_verified_on=TODAY - timedelta(days=known.address_valid_days + 1))
    approve(database, TEXTS)
    (rendered,) = run(campaign=replace(campaign, recipient=old), final=True).rendered
    assert "Bobruisk" not in pdf.text_of(rendered.folder / "cover.pdf")


def test_more_messages_than_a_batch_holds_go_run_by_run_and_each_once(run, database, folder, monkeypatch):
    monkeypatch.setattr(planning, "MOST_MESSAGES", 40)
    ids = approve(database, [f"Message {n} is with you." for n in range(100)])
    said = []
    while (found := run(final=True)).rendered:
        said.append("run it again for the next batch" in str(found))
    assert said == [True, True, False]
    assert sorted(printed_messages(folder)) == sorted(ids)


# Several runs at once.


@on_both
def test_runs_at_once_print_every_message_once(database, campaign, settings, folder, tmp_path):
    ids = approve(database, [f"Message {n}, and a few words more" for n in range(60)])

    def run(number: int) -> Run:
        own = connect(database.engine.url.render_as_string(hide_password=False))
        # Each writes elsewhere, as on machines of their own: two folders of one batch would both be printed.
        where = replace(settings, build_dir=tmp_path / f"machine-{number}")
        try:
            return next_batch(own, campaign, where, NOW, final=True, limit=20)
        finally:
            own.close()

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(run, range(4)))
    while states(database).count("rendered") < 3:
        runs.append(run(9))
    assert live_messages(database) == sorted(ids)
    printed = [
        message
        for n in (0, 1, 2, 3, 9)
        for message in printed_messages(tmp_path / f"machine-{n}" / "cards" / "mikita")
    ]
    assert sorted(printed) == sorted(ids)
    numbers = [rendered.batch.number for found in runs for rendered in found.rendered]
    assert sorted(numbers) == [1, 2, 3]


def test_a_batch_that_another_run_renders_is_left_to_it(run, planned, database):
    with lease(database, "mikita/1"):
        found = run()
    assert str(found) == "batch 1 of mikita: another run is rendering it"
    assert states(database) == ["planned"]
