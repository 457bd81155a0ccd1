"""Retention: what is due goes, what is not due stays, and the family's keepsake comes first."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from build import cli
from campaign import petition
from campaign.content.campaign import Campaign
from campaign.keeping import erasure, made_keepsakes, retention
from campaign.keeping.backup import backup
from campaign.keeping.retention import Purged
from campaign.ledger import transitions
from campaign.messages import asides, message_counts, review
from campaign.press import rendering, reprinting
from campaign.press.next_batch import next_batch
from campaign.settings import Settings
from campaign.storage import postgresql
from campaign.storage.database import Database, NotStored, checkpoint, connect
from campaign.storage.tables import batches, details, erasures, messages, slots, used_tokens
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit
from tests.support import disk, pdf
from tests.support.ledger import put_in_batch
from tests.support.postgresql import ADMINISTRATOR, ROLE, administer, as_administrator
from tests.support.press import approve, picture
from tests.support.review import get

DETAILS_DAYS, MESSAGES_DAYS = 90, 365  # as content/mikita says
Purge = Callable[..., Purged]


@pytest.fixture
def purge(any_database: Database, campaign: Campaign, tmp_path: Path) -> Purge:
    """Purge so many days after TODAY."""
    assert (campaign.privacy.details_days, campaign.privacy.messages_days) == (DETAILS_DAYS, MESSAGES_DAYS)

    def purge(days: int) -> Purged:
        now = datetime.combine(TODAY + timedelta(days=days), time(12), UTC)
        return retention.purge(any_database, campaign, now, tmp_path)

    return purge


@pytest.fixture
def post(any_database: Database, submit: Submit) -> Callable[..., str]:
    """Approve a new message, with details, and post it on a card on TODAY."""

    def post(text: str = "With love", *, number: int = 1, state: str = "posted") -> str:
        identifier = submit(any_database, text, sealed=b"sealed").message
        any_database.write(lambda c: review.approve(c, identifier, "olga", [APPROVAL_KEY], TODAY))
        put_in_batch(any_database, [identifier], number, state=state)
        return identifier

    return post


def has_details(database: Database) -> bool:
    with database.read() as connection:
        return connection.execute(select(details)).first() is not None


def test_tables_that_somebody_holds_are_said_to_be_so(
    postgresql_database: Database, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT", 0.2)
    hasty = connect(postgresql_database.engine.url.render_as_string(hide_password=False))
    with postgresql_database.read() as connection:
        connection.execute(select(used_tokens)).all()
        with pytest.raises(NotStored, match="LockNotAvailable"):
            retention.scrub(hasty)
    hasty.close()


def keepsake(database: Database, days: int) -> None:
    """Make a keepsake, so many days after TODAY, of what is marked as posted by then."""

    def work(connection) -> None:  # type: ignore[no-untyped-def]
        chosen = select(slots.c.id).join(batches, slots.c.batch == batches.c.id)
        held = connection.scalars(chosen.where(batches.c.state == "posted")).all()
        made_keepsakes.record(connection, "mikita", held, TODAY + timedelta(days=days), "0" * 64)

    database.write(work)


def test_details_go_so_many_days_after_posting(
    any_database: Database, purge: Purge, post: Callable[..., str]
) -> None:
    identifier = post()
    assert purge(DETAILS_DAYS - 1).details == 0
    assert has_details(any_database)
    assert purge(DETAILS_DAYS) == Purged(details=1)
    assert not has_details(any_database)
    assert get(any_database, identifier).text == "With love"


def test_a_clock_that_was_far_ahead_keeps_nothing_for_longer(
    any_database: Database, purge: Purge, submit: Submit
) -> None:
    identifier = submit(any_database, sealed=b"sealed").message
    any_database.write(lambda c: review.approve(c, identifier, "olga", [APPROVAL_KEY], TODAY))
    put_in_batch(any_database, [identifier], on=TODAY + timedelta(days=9_000))
    keepsake(any_database, 9_000)
    assert purge(0) == Purged()
    assert (purge(DETAILS_DAYS).details, purge(MESSAGES_DAYS).messages) == (1, 1)


@pytest.mark.parametrize("state", ["planned", "rendered", "printed"])
def test_what_is_not_posted_yet_is_not_due(
    any_database: Database, purge: Purge, post: Callable[..., str], state: str
) -> None:
    post(state=state)
    keepsake(any_database, 0)
    purge(9_999)
    assert has_details(any_database)


def test_a_message_whose_card_was_taken_back_is_not_due_when_the_others_are(
    any_database: Database, purge: Purge, submit: Submit
) -> None:
    ids = [submit(any_database, text, sealed=b"s").message for text in ("Apricots", "Blackbird")]
    any_database.write(lambda c: [review.approve(c, i, "olga", [APPROVAL_KEY], TODAY) for i in ids])
    put_in_batch(any_database, ids, state="printed")
    any_database.write(lambda c: transitions.void(c, "mikita", 1, "spoiled", range(2, 3)))
    any_database.write(lambda c: transitions.mark_posted(c, "mikita", 1, TODAY, TODAY))
    assert purge(DETAILS_DAYS).details == 1


def test_a_message_is_kept_until_a_keepsake_holds_it(
    any_database: Database, purge: Purge, post: Callable[..., str]
) -> None:
    keepsake(any_database, 0)
    identifier = post()  # on the day of the keepsake, and marked so when it was made already
    assert purge(MESSAGES_DAYS).waiting == 1
    assert get(any_database, identifier).text == "With love"


def test_a_message_goes_so_many_days_after_the_first_keepsake(
    any_database: Database, purge: Purge, post: Callable[..., str]
) -> None:
    identifier = post()
    for days in (10, 10, 200):  # twice on one day
        keepsake(any_database, days)
    assert purge(10 + MESSAGES_DAYS - 1).messages == 0
    assert purge(10 + MESSAGES_DAYS).messages == 1
    message = get(any_database, identifier)
    assert (message.text, message.first_name, message.state) == ("", "", "approved")
    with any_database.read() as connection:
        assert message_counts.count_totals(connection, "mikita") == message_counts.Totals(1, 1)


def test_a_rejected_message_goes_after_the_same_days(
    any_database: Database, purge: Purge, submit: Submit
) -> None:
    identifier = submit(any_database, "Nonsense", sealed=b"sealed").message
    any_database.write(lambda c: review.reject(c, identifier, "olga", "Spam", TODAY))
    assert purge(DETAILS_DAYS).details == 1
    assert purge(MESSAGES_DAYS).messages == 1
    assert get(any_database, identifier).text == ""


def test_another_campaign_keeps_its_own_days(any_database: Database, purge: Purge, submit: Submit) -> None:
    identifier = submit(any_database, "Elsewhere", campaign="another", sealed=b"sealed").message
    any_database.write(lambda c: review.reject(c, identifier, "olga", "Spam", TODAY))
    purge(9_999)
    assert get(any_database, identifier).text == "Elsewhere"


def test_used_tokens_go_when_they_expire(any_database: Database, submit: Submit) -> None:
    submit(any_database)  # its token expires on the next day
    for days in (1, 2):
        later = NOW + timedelta(days=days)
        assert any_database.write(lambda c, now=later: retention.drop_tokens(c, now)) == days - 1
    with any_database.read() as connection:
        assert connection.execute(select(used_tokens)).all() == []


def test_webhooks_ids_go_after_thirty_days_and_the_count_stays(any_database: Database, purge: Purge) -> None:
    any_database.write(
        lambda c: petition.record(c, "mikita", "w", "petition.signatures", NOW, 13_000, now=NOW)
    )
    assert purge(29).webhooks == 0
    assert purge(31).webhooks == 1
    with any_database.read() as connection:
        assert petition.count(connection, "mikita", 12_000, date(2026, 11, 22)).signatures == 13_000


def test_every_erasure_is_logged_without_content(
    any_database: Database, purge: Purge, post: Callable[..., str]
) -> None:
    identifier = post()
    keepsake(any_database, 0)
    purge(MESSAGES_DAYS)
    with any_database.read() as connection:
        logged = connection.execute(select(erasures).order_by(erasures.c.what)).all()
    assert [(row.message, row.what, row.why) for row in logged] == [
        (identifier, "details", "retention"),
        (identifier, "message", "retention"),
    ]
    assert "love" not in str(logged)


def test_purging_twice_erases_nothing_more(
    any_database: Database, purge: Purge, post: Callable[..., str]
) -> None:
    post()
    keepsake(any_database, 0)
    assert purge(MESSAGES_DAYS) == Purged(details=1, messages=1)
    assert purge(MESSAGES_DAYS) == Purged()


def test_many_are_erased_in_steps(
    any_database: Database, purge: Purge, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MESSAGES_AT_ONCE", 3)
    ids = [submit(any_database, f"Message {n}", sealed=b"x").message for n in range(8)]
    any_database.write(lambda c: [review.reject(c, i, "olga", "Spam", TODAY) for i in ids])
    assert (purge(DETAILS_DAYS).details, purge(MESSAGES_DAYS).messages) == (8, 8)


def test_what_cannot_be_deleted_is_named_and_stops_nothing(
    any_database: Database,
    purge: Purge,
    post: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    erase(any_database, post(number=7))
    folder = tmp_path / "cards" / "mikita" / "batch-0007"
    folder.mkdir(parents=True)
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (folder / name).touch()
    unlink = Path.unlink

    def refusing(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == "a.pdf":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    done = purge(0)
    assert done.files == (folder / "b.pdf", folder / "c.pdf")
    assert done.left == (
        f"{folder}/a.pdf: cannot be deleted (Permission denied), and may hold erased words; delete it",
    )


def test_a_pipe_in_the_place_of_the_keepsake_is_not_waited_for(purge: Purge, tmp_path: Path) -> None:
    (tmp_path / "keepsake").mkdir()
    os.mkfifo(tmp_path / "keepsake" / "mikita.pdf")
    assert purge(0).keepsake is None


@pytest.fixture
def printing(campaign: Campaign, tmp_path: Path) -> Campaign:
    """Mikita's campaign with a plain picture, one message a card."""
    return replace(campaign, card=replace(campaign.card, messages_per_card=1), card_picture=picture(tmp_path))


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a machine whose files go where `purge` looks for them."""
    return replace(settings, build_dir=tmp_path)


def erase(database: Database, identifier: str) -> None:
    database.write(lambda connection: erasure.erase(connection, identifier, "withdrawn", TODAY))


@pytest.mark.slow
def test_sheets_that_hold_erased_words_go_and_those_printed_again_on_the_same_day_stay(
    any_database: Database, printing: Campaign, settings: Settings, purge: Purge
) -> None:
    ids = approve(any_database, ["Apricots", "Blackbird", "Cinnamon", "Daffodils", "Elderberry"])
    folder = next_batch(any_database, printing, settings, NOW, final=True).rendered[0].folder
    reprinting.reprint(any_database, printing, settings, NOW, 1, range(1, 2))
    reprinting.reprint(any_database, printing, settings, NOW, 1, range(2, 3))
    erase(any_database, ids[1])
    assert {path.name for path in purge(0).files} == {
        "sheets.pdf",
        "manifest.csv",
        "reprint-sheets-1-1.pdf",
        "reprint-sheets-1-1.csv",
    }
    reprinting.reprint(any_database, printing, settings, NOW, 1)
    reprinting.reprint(any_database, printing, settings, NOW, 1, range(1, 2))
    assert purge(0).files == ()
    assert "Cinnamon" in pdf.text_of(folder / "sheets.pdf")
    assert "Blackbird" not in pdf.text_of(folder / "sheets.pdf")


def test_sheets_rendered_after_a_message_was_withdrawn_from_the_plan_stay(
    any_database: Database,
    printing: Campaign,
    settings: Settings,
    purge: Purge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = approve(any_database, ["Apricots", "Blackbird"])
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "write_batch", stopped)
        with pytest.raises(KeyboardInterrupt):
            next_batch(any_database, printing, settings, NOW, final=True)
    erase(any_database, ids[1])
    (rendered,) = next_batch(any_database, printing, settings, NOW, final=True).rendered
    assert (rendered.batch.number, rendered.messages) == (1, 1)
    assert purge(0).files == ()
    assert (rendered.folder / "sheets.pdf").exists()


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


def test_no_byte_is_left_in_the_files_of_either_database(
    any_database: Database, submit: Submit, campaign: Campaign, tmp_path: Path
) -> None:
    mark = "Zażółć gęślą jaźń, Mikita"
    identifier = submit(any_database, mark, sealed=b"sealed and marked").message
    any_database.write(lambda c: asides.put(c, identifier, "A note, and marked", "olga", TODAY))
    any_database.write(lambda c: review.reject(c, identifier, "olga", "Spam", TODAY))
    if any_database.engine.dialect.name == "postgresql":
        administer(as_administrator(any_database), "CHECKPOINT")
    assert mark.encode() in disk.tables(any_database)
    now = datetime.combine(TODAY + timedelta(days=MESSAGES_DAYS), time(12), UTC)
    retention.purge(any_database, campaign, now, tmp_path)
    retention.scrub(any_database)
    for gone in (mark.encode(), b"sealed and marked", b"A note, and marked"):
        assert gone not in disk.tables(any_database)


def test_no_copy_is_left_where_rows_moved_from_page_to_page(
    database: Database, submit: Submit, tmp_path: Path
) -> None:
    marks = [f"<{n:04}>" for n in range(40)]
    ids = [submit(database, mark * 60).message for mark in marks]
    database.write(lambda c: [review.translate(c, one, "longer " * 60, "ola") for one in ids[::2]])
    database.write(lambda c: [erasure.erase(c, one, "withdrawn", TODAY) for one in ids])
    backup(database, tmp_path / "now.sqlite", TODAY, 30)
    retention.scrub(database)
    for kept in (disk.tables(database), (tmp_path / "now.sqlite").read_bytes()):
        assert [mark for mark in marks if mark.encode() in kept] == []


def test_a_disk_that_is_too_full_for_it_is_not_left_full(database: Database, submit: Submit) -> None:
    submit(database, sealed=bytes(3_000_000))
    checkpoint(database)
    unbounded = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, unbounded[1]))
    try:
        with pytest.raises(NotStored):
            retention.scrub(database)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unbounded)
    assert Path(f"{database.engine.url.database}-wal").stat().st_size == 0


def test_the_backups_that_still_hold_what_went_are_named_and_no_others(
    any_database: Database, purge: Purge, submit: Submit, tmp_path: Path
) -> None:
    lapsed = backup(any_database, tmp_path / "lapsed.backup", TODAY, 30)
    identifier = submit(any_database, sealed=b"sealed").message
    any_database.write(lambda c: review.reject(c, identifier, "olga", "Spam", TODAY))
    kept = backup(any_database, tmp_path / "kept.backup", TODAY, 400)
    done = purge(DETAILS_DAYS)
    assert done.backups == (kept,)
    assert f"kept.backup, made on {TODAY}, holds them until {kept.lapses_on}" in str(done)
    assert lapsed.name not in str(done)
    assert purge(DETAILS_DAYS + 1).backups == ()
    day = TODAY + timedelta(days=1)
    later = submit(any_database, sealed=b"sealed").message  # which no backup holds
    any_database.write(lambda c: review.reject(c, later, "olga", "Spam", day))
    one = update(messages).where(messages.c.id == later).values(received_on=day)
    any_database.write(lambda c: c.execute(one) and None)
    assert (done := purge(DETAILS_DAYS + 1)).details == 1
    assert done.backups == ()


def test_a_keepsake_at_which_nobody_can_look_is_named_and_ends_no_purge(
    database: Database, campaign: Campaign, submit: Submit, tmp_path: Path
) -> None:
    identifier = submit(database).message
    put_in_batch(database, [identifier])
    keepsake(database, 0)
    erase(database, identifier)
    (tmp_path / "keepsake").symlink_to(f"/{'a' * 300}/closed")  # as a folder that is closed
    done = retention.purge(database, campaign, NOW, tmp_path)
    assert done.keepsake == tmp_path / "keepsake" / "mikita.pdf"


@pytest.fixture
def foreign_table(postgresql_database: Database) -> Iterator[Database]:
    """A database of which one table is another role's, as after a restore by the administrator."""
    url = as_administrator(postgresql_database)
    administer(url, f"ALTER TABLE details OWNER TO {ADMINISTRATOR}", f"GRANT ALL ON details TO {ROLE}")
    yield postgresql_database
    administer(url, f"ALTER TABLE details OWNER TO {ROLE}")


class TestAnOrdinaryRole:
    def test_is_told_once_which_grant_would_hasten_the_erasure(self, postgresql_database: Database) -> None:
        (told,) = retention.scrub(postgresql_database)
        assert told.endswith(f"as administrator: GRANT pg_checkpoint TO {ROLE}")

    def test_is_told_nothing_once_it_has_the_grant(self, postgresql_database: Database) -> None:
        url = as_administrator(postgresql_database)
        administer(url, f"GRANT pg_checkpoint TO {ROLE}")
        try:
            assert retention.scrub(postgresql_database) == ()
        finally:
            administer(url, f"REVOKE pg_checkpoint FROM {ROLE}")

    def test_hears_of_a_table_whose_old_rows_it_cannot_write_anew(self, foreign_table: Database) -> None:
        told, _ = retention.scrub(foreign_table)
        assert told.startswith("details: another role owns it")
        assert told.endswith(f"ALTER TABLE details OWNER TO {ROLE}")

    def test_purges_by_the_command_which_ends_well(
        self, postgresql_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        url = postgresql_database.engine.url.render_as_string(hide_password=False)
        monkeypatch.setattr(Settings, "erasures_file", tmp_path / "erasures.txt")
        environ = {"CANDLE_DATABASE_URL": url, "CANDLE_BUILD_DIR": str(tmp_path)}
        done = CliRunner(env=environ).invoke(cli, ["purge", "--after-gap"])
        assert done.exit_code == 0, done.output
        assert done.output.count("GRANT pg_checkpoint") == 1
