"""Batches at the desk: what is ready, runs of the press as processes of their own, each step's rules."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from campaign.accounts import staff
from campaign.keeping import erasure
from campaign.ledger import batch_folders, claims
from campaign.ledger import batches as ledger
from campaign.messages import review
from campaign.press.next_batch import next_batch
from campaign.storage.tables import batches
from receiver.staff.press_runs import Asked, PressRuns, RunError
from tests.conftest import APPROVAL_KEY, SECRET_KEY
from tests.receiver.conftest import OWN, log_in
from tests.receiver.desk import Desk
from tests.support import pdf
from tests.support.table import table

pytestmark = pytest.mark.slow  # each logs in, and most make cards

TODAY = datetime.now(UTC).date()
BATCHES = "/staff/mikita/batches"


@pytest.fixture
def environ(monkeypatch, settings):
    """The environment of a receiver whose settings are the test's."""
    for name in ("database_url", "build_dir"):
        monkeypatch.setenv(f"CANDLE_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("CANDLE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("CANDLE_APPROVAL_KEY", APPROVAL_KEY)


@pytest.fixture
def runs(settings):
    return PressRuns(settings.build_dir / "desk")


@pytest.fixture
def approved(database, submit):
    """Three approved messages, by their receipts."""
    receipts = [submit(database, f"We are with you, and message {n} says so.") for n in range(3)]
    database.write(
        lambda c: [review.approve(c, one.message, "olga", [APPROVAL_KEY], TODAY) for one in receipts]
    )
    return receipts


def ended(desk, runs, page: str = BATCHES):
    """Wait until the run has ended, and look at a page."""
    deadline = time.monotonic() + 60
    while runs.latest().going_on:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return desk.get(page)


def confirmed(desk, page, step: str, **fields: str):
    """Take a step, and confirm what is asked."""
    return desk.follow(desk.press(desk.follow(desk.press(page, step, **fields)), step))


@pytest.fixture
def made(desk, runs, environ, approved):
    """Batch 1, made from the desk."""
    desk.follow(desk.press(desk.get(BATCHES), "batches/run", what="cards", final="y"))
    return ended(desk, runs)


@pytest.fixture
def drawn(database, settings, campaign, approved):
    """The same, made beside the desk, for what is asked of a batch that is there."""
    assert next_batch(database, campaign, settings, datetime.now(UTC), final=True).rendered


def test_what_is_ready_is_said_before_anything_is_made(desk, runs, environ, approved, database):
    page = desk.get(BATCHES)
    assert "3 approved messages are on no card yet" in page.text
    assert "and is erased on" in page.text
    desk.press(page, "batches/run", what="dry-run", final="y")
    page = ended(desk, runs)
    assert "It would print 3 messages on 1 card, 1 sheet." in page.text
    assert 'name="final" value="y" checked' in page.text  # the same is made with the next button
    with database.read() as connection:
        assert ledger.list_batches(connection, "mikita") == []


def test_what_is_ready_is_counted_once_until_something_changes(desk, approved, database, submit, monkeypatch):
    counted = []
    count = claims.ready
    monkeypatch.setattr(claims, "ready", lambda *asked: counted.append(asked) or count(*asked))
    for _ in range(2):
        assert "3 approved messages are on no card yet" in desk.get(BATCHES).text
    assert len(counted) == 1
    another = submit(database, "A river and a field.").message
    database.write(lambda c: review.approve(c, another, "olga", [APPROVAL_KEY], TODAY))
    assert "4 approved messages are on no card yet" in desk.get(BATCHES).text


def test_a_folder_that_cannot_be_looked_into_stops_no_page(desk, drawn, monkeypatch):
    monkeypatch.setattr(batch_folders, "name", lambda _number: "x" * 300)  # longer than a name can be
    assert "Its files were put aside" in desk.get(f"{BATCHES}/1").text


def test_cards_are_made_and_taken_home_in_one_archive(desk, made, settings, approved):
    assert (
        f'<a href="{BATCHES}/1">Batch 1</a>: 3 messages on 1 card, 1 sheet, drawn and proofed. Open it'
        in made.text
    )
    assert str(settings.build_dir) not in made.text
    folder = settings.build_dir / "cards" / "mikita" / "batch-0001"
    os.utime(folder / "cover.pdf", (0, 0))  # as from a backup that kept no times
    answer = desk.get(f"{BATCHES}/1/files.zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mikita-batch-0001.zip"'
    assert "no-store" in answer.headers["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    names = ("cover.pdf", "manifest.csv", "manifest.json", "sheets.pdf")
    assert archive.namelist() == [f"mikita-batch-0001/{name}" for name in names]
    (folder / "key.csv").symlink_to(__file__)
    assert "key.csv" not in desk.get(f"{BATCHES}/1/files.zip").data.decode("latin-1")
    assert "key.csv: a link" in (page := desk.get(f"{BATCHES}/1").text)
    assert "Download sheets, cover and list" in page
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")
    assert desk.get(f"{BATCHES}/1/files.zip").status_code == 404
    assert "batch-0001: a link, and nothing is taken" in (page := desk.get(f"{BATCHES}/1").text)
    assert "put aside" not in page
    for name in names:
        assert archive.read(f"mikita-batch-0001/{name}") == (folder / name).read_bytes()
    assert not list(settings.build_dir.rglob("*.zip"))


def test_the_whole_way_to_the_letter_box(desk, made, database, approved, runs, tmp_path):
    page = desk.get(f"{BATCHES}/1")
    assert "Posted" not in page.text  # first it is printed
    asked = desk.follow(desk.press(page, "1/printed"))
    assert "All of batch 1, 1 card on 1 sheet, is on paper" in asked.text
    with database.read() as connection:
        assert ledger.get(connection, "mikita", 1).state == "rendered"
    desk.follow(desk.press(asked, "1/printed"))
    database.write(lambda c: erasure.withdraw(c, approved[0].code, TODAY))
    page = desk.get(f"{BATCHES}/1")
    assert "A message on card 1 (sheet 1) was withdrawn or erased" in page.text
    assert "First take back the cards" in page.text
    asked = desk.follow(desk.press(page, "1/void"))
    assert "Take back card 1 (withdrawn)?" in asked.text
    page = desk.follow(desk.press(asked, "1/void"))
    assert "Messages that wait for a new card: 2." in page.text
    desk.press(desk.get(BATCHES), "batches/run", what="cards", final="y")
    assert "Batch 2</a>: 2 messages" in ended(desk, runs).text
    page = confirmed(desk, desk.get(f"{BATCHES}/2"), "2/printed")
    asked = desk.follow(desk.press(page, "2/posted", on=str(TODAY)))
    assert "This cannot be undone" in asked.text
    assert "Posted on" in desk.follow(desk.press(asked, "2/posted")).text
    desk.press(desk.get(BATCHES), "batches/run", what="keepsake")
    assert ended(desk, runs).status_code == 200
    keepsake = desk.get("/staff/mikita/keepsake.pdf")
    (tmp_path / "keepsake.pdf").write_bytes(keepsake.data)
    assert "message1saysso" in pdf.text_of(tmp_path / "keepsake.pdf")


def test_nothing_is_posted_before_it_is_confirmed(desk, drawn, database):
    page = confirmed(desk, desk.get(f"{BATCHES}/1"), "1/printed")
    desk.follow(desk.press(page, "1/posted", on=str(TODAY)))
    with database.read() as connection:
        assert ledger.get(connection, "mikita", 1).state == "printed"


def test_a_day_that_cannot_be_right_is_told_before_anything_is_asked(desk, drawn, database):
    page = confirmed(desk, desk.get(f"{BATCHES}/1"), "1/printed")
    for on, told in (("tomorrow", "a day like"), (str(TODAY + timedelta(days=3)), "lies in the future")):
        page = desk.follow(desk.follow(desk.press(page, "1/posted", on=on)))
        assert told in page.text
        assert "cannot be undone" not in page.text
    with database.read() as connection:
        assert ledger.get(connection, "mikita", 1).state == "printed"


def test_sheets_are_made_again(desk, drawn, environ, runs):
    begun = desk.press(desk.get(f"{BATCHES}/1"), "batches/run", sheets="1")
    assert begun.location == f"{BATCHES}/1"
    assert "reprint-sheets-1-1.pdf" in ended(desk, runs, begun.location).text
    assert "reprint-sheets-1-1.pdf" in ended(desk, runs).text
    names = zipfile.ZipFile(io.BytesIO(desk.get(f"{BATCHES}/1/files.zip").data)).namelist()
    assert "mikita-batch-0001/reprint-sheets-1-1.pdf" in names
    wrong = desk.follow(desk.press(desk.get(f"{BATCHES}/1"), "batches/run", sheets="one"))
    assert "write one number, or from–to, such as 3-5" in wrong.text


def test_cards_are_taken_back_with_a_reason_only(desk, drawn):
    def refused(**fields: str) -> str:
        asked = desk.press(desk.get(f"{BATCHES}/1"), "1/void", **fields)
        page = desk.follow(desk.follow(asked)).text
        assert "cannot be undone" not in page, "told before anything is asked"
        return page

    assert "say why" in refused(cards="1", why=" ")
    assert "write one number" in refused(cards="5-4", why="a jam")
    for fields in ({"cards": ""}, {"cards": "1", "whole": "y"}):
        assert "Please name the cards, or tick the whole batch." in refused(why="a jam", **fields)
    asked = desk.follow(desk.press(desk.get(f"{BATCHES}/1"), "1/void", cards="", whole="y", why="a jam"))
    assert "Take back the whole batch (a jam)?" in asked.text
    assert 'name="whole" value="y"' in asked.text
    assert "Batch 1: it has 1 card, and you asked for card 7" in refused(cards="7", why="a jam")


def test_back_to_a_question_that_was_answered_says_how_it_stands(desk, drawn):
    """The question has an address: no browser asks whether to send a form again."""
    asked = desk.press(desk.get(f"{BATCHES}/1"), "1/printed")
    desk.press(desk.follow(asked), "1/printed")
    page = desk.follow(desk.get(asked.location))
    assert "it was marked as printed before" in page.text
    assert "`" not in page.text


def test_cards_that_were_taken_back_are_counted_no_more(desk, runs, environ, database, submit, settings):
    ids = [
        submit(database, f"We are with you, {n}. " + "A river and a field. " * 15).message for n in range(9)
    ]
    database.write(lambda c: [review.approve(c, one, "olga", [APPROVAL_KEY], TODAY) for one in ids])
    desk.press(desk.get(BATCHES), "batches/run", what="cards", final="y")
    ended(desk, runs)
    page = confirmed(desk, desk.get(f"{BATCHES}/1"), "1/void", cards="1", why="a jam")
    with database.read() as connection:
        batch = ledger.get(connection, "mikita", 1)
        messages = ledger.live_messages(connection, batch)
    assert batch.cards > 1
    left = f"{batch.cards - 1} card{'s' if batch.cards > 2 else ''} of {batch.cards}"
    assert left in page.text
    assert f"<td>{batch.cards - 1} of {batch.cards}</td>" in desk.get(BATCHES).text
    assert "<li>Taken back: card 1: a jam</li>" in page.text
    desk.press(page, "batches/run", sheets="")
    ended(desk, runs)
    cover = settings.build_dir / "cards" / "mikita" / "batch-0001" / "cover.pdf"
    assert f"{messages}{batch.cards - 1}messages" in pdf.text_of(cover)
    page = confirmed(desk, desk.get(f"{BATCHES}/1"), "1/void", whole="y", why="tea; a lot of it")
    assert "<li>Taken back: card 1: a jam; all other cards: tea; a lot of it</li>" in page.text


def test_a_batch_is_told_in_no_word_of_the_workshop(desk, drawn):
    for shown in (desk.get(f"{BATCHES}/1"), desk.get(BATCHES)):
        assert "ready to print" in shown.text
        for word in (">rendered", "is rendered", "ledger", " void", "[0, 0]", "3 or 3-5"):
            assert word not in shown.text


def test_a_missing_address_is_told_before_anybody_prints(desk, drawn, database, submit):
    one = submit(database, "Ready for the next batch.").message
    database.write(lambda c: review.approve(c, one, "olga", [APPROVAL_KEY], TODAY))
    for path in (BATCHES, f"{BATCHES}/1"):
        assert "No address is known for this campaign." in desk.get(path).text


@table(
    "fields",
    [
        *({"what": "staff"}, {"what": "cards", "limit": "-1"}, {"what": "cards", "printer": "--final"}, {}),
        *({"what": "reprint", "number": number} for number in ("0", "-1", "x", "9" * 12)),
    ],
)
def test_nothing_else_is_run_than_what_a_form_of_ours_asks_for(desk, runs, environ, fields):
    page = desk.get(BATCHES)
    assert desk.press(page, "batches/run", **fields).status_code == 400
    assert runs.latest() is None


def test_none_is_no_number_of_messages_to_print(desk, environ):
    page = desk.follow(desk.press(desk.get(BATCHES), "batches/run", what="cards", limit="0"))
    assert "Nothing was started. 0 is no number of them" in page.text


def test_what_the_ledger_does_not_know_as_drawn_is_not_taken_home(desk, drawn, database):
    assert desk.get(f"{BATCHES}/1/files.zip").status_code == 200
    database.write(lambda c: c.execute(update(batches).values(state="planned")) and None)
    assert desk.get(f"{BATCHES}/1/files.zip").status_code == 404


@table("path", [f"{BATCHES}/7", f"{BATCHES}/7/files.zip", "/staff/mikita/keepsake.pdf"])
def test_what_is_not_there_is_said_to_be_missing(desk, path):
    assert desk.get(path).status_code == 404


def test_a_complaint_of_the_press_is_shown(desk, runs, environ, database, submit):
    receipt = submit(database, "It is approved by nobody's key.")
    other = ["another approval key, long enough for anybody"]
    database.write(lambda c: review.approve(c, receipt.message, "olga", other, TODAY))
    desk.press(desk.get(BATCHES), "batches/run", what="cards", final="y")
    page = ended(desk, runs)
    link = f'<a href="/staff/mikita/?message={receipt.message}">{receipt.message}</a>'
    assert f"Message {link} is not printed: its approval is not for these words" in page.text


def test_a_run_that_failed_says_so_in_words_too(desk, runs, environ, drawn):
    arguments = ("batches", "mikita", "reprint", "1", "--sheets=9-9")
    runs.start(Asked("mikita", "reprint", arguments, "olga", "2026-11-22T12:00Z"))
    page = ended(desk, runs).text
    assert "<h2>Did not work: Making sheets again" in page
    assert "Batch 1</a>: it has 1 sheet, and you asked for sheet 9" in page


# Runs.


def asked(*arguments: str) -> Asked:
    return Asked("mikita", "cards", arguments, "olga", "2026-11-22T12:00Z")


def slow(monkeypatch, seconds: float = 60):
    """Let a run do nothing but wait, in the place of `build.py`."""
    code = f"import time, sys; print('waits', flush=True); time.sleep({seconds})"
    monkeypatch.setattr("receiver.staff.press_runs.COMMAND", (sys.executable, "-c", code))


def wait_for(true) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_run_at_a_time_whoever_asks(desk, runs, monkeypatch, settings):
    slow(monkeypatch)
    runs.start(asked())
    with pytest.raises(RunError, match="Another run goes on"):
        PressRuns(settings.build_dir / "desk").start(asked())
    page = desk.get(BATCHES)
    assert '<meta http-equiv="refresh" content="2">' in page.text
    assert "started by olga on 22 November 2026, 12:00" in page.text
    desk.press(page, "batches/stop")
    wait_for(lambda: not runs.latest().going_on)
    late = desk.follow(desk.press(page, "batches/stop"))
    assert '<p class="told fault" role="alert">It has ended already.</p>' in late.text
    assert runs.latest().status not in (None, 0)
    assert "refresh" not in desk.get(BATCHES).text


def test_nothing_is_typed_into_a_page_that_looks_again_by_itself(desk, drawn, runs, monkeypatch):
    slow(monkeypatch, 1)
    runs.start(asked("batches", "mikita", "reprint", "1"))
    assert 'name="why"' not in desk.get(f"{BATCHES}/1").text
    assert 'name="why"' in ended(desk, runs, f"{BATCHES}/1").text


def test_how_far_it_is_can_be_seen(desk, runs, monkeypatch, settings):
    slow(monkeypatch)
    runs.start(asked())
    (settings.build_dir / "desk" / "progress").write_text(json.dumps(["proofing cards", 40, 120]))
    assert "Proofing cards: 40 of 120" in desk.get(BATCHES).text
    runs.stop()


def noted(**changed: object) -> str:
    return json.dumps(vars(asked("cards")) | changed)


@table(
    ("name", "written"),
    [
        *(("run.json", one) for one in ("[]", "5", "{", "[" * 100_000, '{"arguments": 5}', noted(more=1))),
        *(("run.json", noted(at=one)) for one in ("yesterday", None, "9999-12-31T23:59Z", "0001-01-01")),
        *(("run.json", noted(arguments=one)) for one in ("cards", [1], ["\0"], ["\ud800"])),
        *(("run.json", noted(campaign=one)) for one in (None, {}, "../x")),
        *(("run.json", noted(what=one)) for one in ("another", [])),
        ("run.json", noted(by=None)),
        ("run.json", noted(process="x")),
        *(("progress", one) for one in ("5", "[1]", '["x", null, {}]', '["x", 1e999, 3]', "[" * 100_000)),
        *(("ended", one) for one in ("9" * 5000, "-", "²")),
    ],
)
def test_a_run_that_is_noted_as_nobody_here_does_stops_no_page_and_no_start(
    desk, runs, settings, monkeypatch, name, written
):
    monkeypatch.setattr("receiver.staff.press_runs.COMMAND", ("/bin/true",))
    folder = settings.build_dir / "desk"
    runs.start(asked())
    wait_for(lambda: not runs.latest().going_on)
    (folder / "ended").unlink()
    (folder / name).write_text(written)
    assert desk.get(BATCHES).status_code == 200
    runs.continue_interrupted()


def test_a_run_outlives_the_one_who_started_it_and_says_how_it_ended(runs, monkeypatch, settings):
    slow(monkeypatch, 0.5)
    runs.start(asked())
    other = PressRuns(settings.build_dir / "desk")  # as after a restart
    other.continue_interrupted()
    assert other.latest().asked == runs.latest().asked
    wait_for(lambda: not other.latest().going_on)
    assert (other.latest().status, other.latest().said) == (0, "waits\n")
    (settings.build_dir / "desk" / "said").write_bytes(b"a name\xff\n")  # of a file, say
    assert other.latest().said == "a name\ufffd\n"
    other.continue_interrupted()
    assert not other.latest().going_on


def test_a_run_that_was_killed_with_the_receiver_goes_on_once(runs, monkeypatch):
    slow(monkeypatch)
    for continued in (False, True):
        if not continued:
            runs.start(asked())
        wait_for(lambda: runs.latest().said)
        assert runs.latest().asked.continued is continued
        os.killpg(runs.latest().asked.process, signal.SIGKILL)
        wait_for(lambda: not runs.latest().going_on)
        assert runs.latest().status is None
        runs.continue_interrupted()
    assert not runs.latest().going_on


def test_only_its_owner_may_read_what_a_run_says(runs, monkeypatch, settings):
    slow(monkeypatch, 0)
    runs.start(asked())
    wait_for(lambda: not runs.latest().going_on)
    folder = settings.build_dir / "desk"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}


def test_the_public_half_has_none_of_it(make_app, unlimited):
    client = make_app(unlimited, "public").test_client()
    assert client.get(BATCHES, base_url=OWN).status_code == 404


def test_what_was_taken_back_is_not_downloaded_again(desk, runs, environ, database, submit, tmp_path):
    sent = [submit(database, f"We are with you, and message{n}says so.") for n in range(40)]
    database.write(lambda c: [review.approve(c, one.message, "olga", [APPROVAL_KEY], TODAY) for one in sent])
    desk.press(desk.get(BATCHES), "batches/run", what="cards", final="y")
    ended(desk, runs)
    database.write(lambda c: erasure.withdraw(c, sent[0].code, TODAY))
    page = desk.get(f"{BATCHES}/1")
    assert "Then make all of them again, below" in page.text
    assert desk.get(f"{BATCHES}/1/files.zip").status_code == 404
    desk.press(page, "batches/run", sheets="")
    page = ended(desk, runs, f"{BATCHES}/1")
    assert "was withdrawn or erased" not in page.text
    assert "What was printed before holds what is left out now: destroy it." in page.text
    archive = zipfile.ZipFile(io.BytesIO(desk.get(f"{BATCHES}/1/files.zip").data))
    archive.extractall(tmp_path)
    printed = pdf.text_of(tmp_path / "mikita-batch-0001" / "sheets.pdf")
    assert "message0says" not in printed
    assert "message39says" in printed
    story = desk.get(f"/staff/mikita/?message={sent[0].message}").text
    assert re.search(r"batch 1</a> on [^;]+; taken back", story)
    page = confirmed(desk, page, "1/void", cards="1", why="a jam")
    assert "Its files were put aside" in page.text
    assert desk.get(f"{BATCHES}/1/files.zip").status_code == 404


def test_a_batch_whose_ticket_was_changed_says_so_where_faults_are_said(desk, drawn, database):
    database.write(lambda c: c.execute(update(batches).values(press={})) and None)
    page = desk.get(f"{BATCHES}/1").text
    assert re.search(r'<p class="told fault" role="alert">The ticket of this batch is not as it was', page)


@table(
    ("action", "typed", "told"),
    [
        ("batches/run", {"sheets": "1 and 2"}, "Nothing was started. ‘1 and 2’"),
        ("batches/run", {"sheets": "9"}, "it has 1 sheet, and you asked for sheet 9"),
        ("1/void", {"cards": "2,3", "why": "cut through the words"}, "Nothing was changed. ‘2,3’"),
        ("1/void", {"cards": "7", "why": "cut through the words"}, "you asked for card 7"),
    ],
)
def test_a_slip_leaves_what_was_typed_in_its_fields(desk, drawn, action, typed, told):
    page = desk.follow(desk.press(desk.get(f"{BATCHES}/1"), action, **typed))
    page = page if page.status_code == 200 else desk.follow(page)
    assert told.replace("‘", "&#39;").replace("’", "&#39;") in page.text
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in page.text
    assert page.text.count("<details open>") == 1


def test_a_slip_leaves_the_printer_that_was_chosen(content_dir, make_app, unlimited, database, drawn):
    facts = content_dir / "mikita" / "campaign.toml"
    facts.write_text(f"{facts.read_text()}\n[printers]\nhome = [0, 0]\noffice = [0.5, -1]\n")
    client = make_app(replace(unlimited, content_dir=content_dir)).test_client()
    log_in(client, "vera", database.write(lambda c: staff.add(c, "vera", [APPROVAL_KEY], TODAY)))
    desk = Desk(client)
    wrong = desk.press(desk.get(f"{BATCHES}/1"), "batches/run", sheets="one", printer="office")
    assert "<option selected>office</option>" in desk.follow(wrong).text


def test_before_anything_is_approved_nobody_is_told_that_all_of_it_is_on_cards(desk, message):
    assert "No message is approved yet." in desk.get(BATCHES).text
