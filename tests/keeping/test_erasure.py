"""Erasure: bytes go, from the file and its log; rows and counts stay; a card on paper is named."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from campaign.content.campaign import Campaign
from campaign.keeping import erasure, rendered_files, retention
from campaign.keeping.erasure import ReceiptUnknown
from campaign.keeping.retention import Purged
from campaign.keys import sealing
from campaign.ledger import transitions
from campaign.ledger.batches import ChangedMeanwhile
from campaign.ledger.claims import Place, Places, claim
from campaign.messages import message_counts, presence, queries, review
from campaign.messages.message import Message, MessageError
from campaign.messages.message_counts import Totals
from campaign.messages.submission import TokenConflict
from campaign.press import manifest
from campaign.storage.database import Database, checkpoint
from campaign.storage.tables import details, erasures, messages, slots
from campaign.text.flag import Flag
from campaign.text.likeness import likeness
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit
from tests.support.disk import everything
from tests.support.ledger import put_in_batch
from tests.support.postgresql import wait_until_somebody_waits
from tests.support.review import get

WORDS = "Zażółć gęślą jaźń, Mikita"
NAME = "Wanda-Jadwiga"


@pytest.fixture
def put_on_card(any_database: Database):  # type: ignore[no-untyped-def]
    """Put a message on card 3 of batch 7, in the state given."""

    def put(identifier: str, state: str) -> None:
        any_database.write(lambda c: review.approve(c, identifier, "olga", [APPROVAL_KEY], TODAY))
        put_in_batch(any_database, [identifier], 7, state=state, first=3)

    return put


def withdraw(database: Database, code: str) -> erasure.Erased:
    return database.write(lambda connection: erasure.withdraw(connection, code, TODAY))


def test_a_receipt_takes_message_and_details_back(any_database: Database, submit: Submit) -> None:
    receipt = submit(any_database, WORDS, sealed=b"sealed", wall=True, updates=True)
    any_database.write(lambda c: presence.take(c, [receipt.message], "olga", NOW))
    gone = withdraw(any_database, receipt.code.upper().replace("-", " "))
    assert (gone.message, gone.recall, gone.posted) == (receipt.message, None, False)
    message = get(any_database, receipt.message)
    assert (message.state, message.text, message.first_name) == ("withdrawn", "", "")
    with any_database.read() as connection:
        assert connection.execute(select(details)).all() == []
        assert presence.looks(connection, NOW) == {}
        assert connection.execute(select(messages.c.wall, messages.c.updates)).all() == [(False, False)]
        assert queries.list_messages(connection, "mikita") == []
        logged = connection.execute(select(erasures.c.what, erasures.c.why)).all()
    assert sorted(logged) == [("details", "withdrawn"), ("message", "withdrawn")]


def test_the_same_post_does_not_bring_a_withdrawn_message_back(
    any_database: Database, submit: Submit
) -> None:
    receipt = submit(any_database, WORDS, token="t1")
    withdraw(any_database, receipt.code)
    with pytest.raises(TokenConflict):
        submit(any_database, WORDS, token="t1")


@pytest.mark.parametrize(
    ("state", "card", "posted", "left"),
    [
        ("planned", None, False, "withdrawn"),
        ("rendered", 3, False, "withdrawn"),
        ("printed", 3, False, "withdrawn"),
        ("posted", None, True, "approved"),
        ("void", None, False, "withdrawn"),
    ],
)
def test_what_can_be_taken_back_follows_from_the_batch(  # type: ignore[no-untyped-def]
    any_database: Database, submit: Submit, put_on_card, state: str, card: int | None, posted: bool, left: str
) -> None:
    receipt = submit(any_database, WORDS)
    put_on_card(receipt.message, state)
    gone = withdraw(any_database, receipt.code)
    assert (gone.recall.card if gone.recall else None) == card
    assert gone.posted is posted
    assert gone.sheets == (() if state == "planned" else (7,))
    message = get(any_database, receipt.message)
    assert (message.state, message.text, message.approval) == (left, "", None)
    with any_database.read() as connection:
        assert connection.scalars(select(slots.c.text_sha256)).all() == [""]


def test_a_posted_message_still_counts_when_its_words_are_gone(  # type: ignore[no-untyped-def]
    any_database: Database, submit: Submit, put_on_card
) -> None:
    receipt = submit(any_database, WORDS)
    put_on_card(receipt.message, "posted")
    withdraw(any_database, receipt.code)
    with any_database.read() as connection:
        assert message_counts.count_totals(connection, "mikita") == Totals(messages=1, posted=1)


def test_whose_card_was_taken_back_before_the_others_went_is_on_no_way(
    any_database: Database, submit: Submit
) -> None:
    receipts = [submit(any_database, text) for text in (WORDS, "Another message")]
    ids = [receipt.message for receipt in receipts]
    any_database.write(lambda c: [review.approve(c, one, "olga", [APPROVAL_KEY], TODAY) for one in ids])
    put_in_batch(any_database, ids, state="printed")
    any_database.write(lambda c: transitions.void(c, "mikita", 1, "spoiled", range(1, 2)))
    any_database.write(lambda c: transitions.mark_posted(c, "mikita", 1, TODAY, TODAY))
    assert not withdraw(any_database, receipts[0].code).posted


def test_erasing_twice_is_refused(database: Database, waiting_message: Message) -> None:
    database.write(lambda c: erasure.erase(c, waiting_message.id, "asked by letter", TODAY))
    with pytest.raises(MessageError, match="was erased on 2026-11-22"):
        database.write(lambda c: erasure.erase(c, waiting_message.id, "again", TODAY))


@pytest.mark.parametrize("second", ["taken back", "erased", "purged", "claimed"])
def test_what_is_erased_at_this_moment_is_waited_for(
    postgresql_database: Database, submit: Submit, campaign: Campaign, tmp_path: Path, second: str
) -> None:
    receipt, database = submit(postgresql_database, WORDS), postgresql_database
    approved = database.write(lambda c: review.approve(c, receipt.message, "olga", [APPROVAL_KEY], TODAY))
    place = Place(1, 1, approved.order, bytes(32))
    late = datetime.combine(TODAY + timedelta(days=campaign.privacy.waiting_days), time(12), UTC)
    steps: dict[str, Callable[[], object]] = {
        "taken back": lambda: withdraw(database, receipt.code),
        "erased": lambda: database.write(lambda c: erasure.erase(c, receipt.message, "by letter", TODAY)),
        "purged": lambda: retention.purge(database, campaign, late, tmp_path),
        "claimed": lambda: database.write(lambda c: claim(c, "mikita", Places([place]), {}, NOW)),
    }
    with ThreadPoolExecutor(1) as pool, database.engine.begin() as first:
        erasure.erase(first, receipt.message, "withdrawn", TODAY)
        waiting = pool.submit(steps[second])
        wait_until_somebody_waits(database)
        first.commit()
        told = waiting.exception() or waiting.result()
    expected = {"taken back": ReceiptUnknown, "erased": MessageError, "purged": Purged}
    assert isinstance(told, expected.get(second, ChangedMeanwhile)), told
    with database.read() as connection:
        assert connection.scalars(select(erasures.c.why)).all() == ["withdrawn"]


def test_no_byte_is_left_in_the_file_or_its_log(
    database: Database, submit: Submit, age_keys: tuple[str, str]
) -> None:
    sealed = sealing.seal({"email": "wanda@example.org"}, [age_keys[0]])
    flag = Flag("risky-word", "message", 0, 6)
    receipt = submit(database, WORDS, first_name=NAME, sealed=sealed, flags=(flag,), language="pl-x-marked")
    for other in range(50):
        submit(database, f"Another message, number {other}")
    cut = Flag("removed", "message", WORDS.index(","), len(WORDS))
    by = ("a-marked-cutter", [APPROVAL_KEY], TODAY)
    database.write(lambda c: review.redact(c, receipt.message, [cut], *by, why="its marked reason"))
    words = ("Translated, and marked", "a-marked-translator")
    database.write(lambda c: review.translate(c, receipt.message, *words))
    database.write(lambda c: review.approve(c, receipt.message, "olga", [APPROVAL_KEY], TODAY))
    marks = [WORDS.encode(), NAME.encode(), sealed[-64:], b"risky-word"]
    marks += [likeness(WORDS[: cut.start]).encode()]
    marks += [b"Translated, and marked", b"a-marked-translator", b"a-marked-cutter", b"its marked reason"]
    assert all(mark in everything(database) for mark in marks)
    withdraw(database, receipt.code)
    checkpoint(database)
    assert [mark for mark in marks if mark in everything(database)] == []


def test_files_that_hold_the_words_or_prove_them_are_named(tmp_path: Path) -> None:
    cards = tmp_path / "cards" / "mikita"
    names = ("sheets-01.pdf", "reprint-sheets-2-3.pdf", "manifest.csv", "manifest.json", "cover.pdf")
    for folder in ("batch-0007", "batch-0007-void", "batch-0070"):
        (cards / folder).mkdir(parents=True)
        for name in names:
            (cards / folder / name).write_text("not as it was written\nat all\n")
    found = rendered_files.files_holding(tmp_path, "mikita", 7, {"m1"})
    assert [str(path.relative_to(cards)) for path in found] == [
        f"{folder}/{name}"
        for folder in ("batch-0007", "batch-0007-void")
        for name in ("manifest.csv", "reprint-sheets-2-3.pdf", "sheets-01.pdf")
    ]


def test_what_others_put_into_a_batch_s_folder_is_looked_through_and_links_are_named(
    tmp_path: Path,
) -> None:
    cards, elsewhere = tmp_path / "cards" / "mikita", tmp_path / "letters"
    (elsewhere / "old").mkdir(parents=True)
    (elsewhere / "old" / "letter.txt").touch()
    (cards / "batch-0007" / "@eaDir" / "small").mkdir(parents=True)
    (cards / "batch-0007" / "@eaDir" / "small" / "sheets.png").touch()
    (cards / "batch-0007" / "link").symlink_to(elsewhere)
    (cards / "batch-0007-void").symlink_to(elsewhere / "old")
    (cards / "batch-0007" / "broken").symlink_to(tmp_path / "nothing")
    found = rendered_files.files_holding(tmp_path, "mikita", 7, {"m1"})
    assert [str(path.relative_to(cards)) for path in found] == [
        "batch-0007/@eaDir/small/sheets.png",
        "batch-0007/broken",
        "batch-0007/link",
        "batch-0007-void",
    ]
    gone, left = rendered_files.delete(found)
    assert gone == tuple(found[:2])
    assert [line.partition(":")[0] for line in left] == [str(path) for path in found[2:]]
    assert f"is a link to {elsewhere / 'old'}, which may hold erased words; delete that" in left[1]
    assert (elsewhere / "old" / "letter.txt").exists()


def test_a_link_to_what_may_not_be_looked_at_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, file = tmp_path / "batch-0007", tmp_path / "sheets.pdf"
    link.symlink_to("/home/somebody")
    file.touch()
    stat = Path.stat

    def refused(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if follow_symlinks and path == link:  # as a unit with ProtectHome= meets it
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", refused)
    gone, left = rendered_files.delete([link, file])
    assert gone == (file,)
    assert left[0].startswith(f"{link}: is a link to /home/somebody")


def test_only_files_whose_own_list_names_the_message_hold_it(tmp_path: Path) -> None:
    folder = tmp_path / "cards" / "mikita" / "batch-0007"
    folder.mkdir(parents=True)
    for sheets, message in {"sheets.pdf": "m1", "reprint-sheets-1-1.pdf": "m2"}.items():
        (folder / sheets).touch()
        manifest.start(manifest.beside(folder / sheets))
        manifest.add(manifest.beside(folder / sheets), [manifest.Entry(1, 1, 1, message, "0" * 64)])
    held = {
        message: {path.name for path in rendered_files.files_holding(tmp_path, "mikita", 7, {message})}
        for message in ("m1", "m2", "m3")
    }
    assert held == {
        "m1": {"sheets.pdf", "manifest.csv"},
        "m2": {"reprint-sheets-1-1.pdf", "reprint-sheets-1-1.csv"},
        "m3": set(),
    }


def test_the_day_of_receipt_is_told_so_that_backups_can_be_named(
    database: Database, waiting_message: Message
) -> None:
    gone = database.write(lambda c: erasure.erase(c, waiting_message.id, "asked by letter", date(2027, 1, 1)))
    assert gone.received_on == TODAY
