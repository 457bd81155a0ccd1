"""Keys that are changed, planned or in need: what was approved and posted keeps its worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from build import cli
from campaign.accounts import staff
from campaign.accounts.staff_log import Scribe
from campaign.content.campaign import Campaign
from campaign.keeping import keepsake, key_rotation
from campaign.keeping.keepsake import MadeKeepsake
from campaign.keeping.key_rotation import Hanging, VouchError
from campaign.messages import approval
from campaign.press import reprinting
from campaign.press.next_batch import Press, next_batch
from campaign.settings import Settings
from campaign.storage.database import Database
from campaign.storage.tables import messages
from tests.conftest import APPROVAL_KEY, NOW, TODAY
from tests.support.ledger import put_in_batch
from tests.support.press import approve, picture

NEW = "a new approval key for tests, long enough"
BOTH, ALONE = (NEW, APPROVAL_KEY), (NEW,)
TEXTS = ["We are with you.", "A song for you.", "Come home soon."]


@pytest.fixture
def posted(any_database: Database) -> list[str]:
    """Messages that were approved with the old key and posted."""
    ids = approve(any_database, TEXTS)
    put_in_batch(any_database, ids)
    return ids


def change(database: Database, identifier: str, **values: str) -> None:
    changed = update(messages).where(messages.c.id == identifier).values(**values)
    database.write(lambda c: c.execute(changed) and None)


def approvals(database: Database) -> list[str | None]:
    with database.read() as connection:
        return list(connection.scalars(select(messages.c.approval).order_by(messages.c.sequence)))


def make(database: Database, campaign: Campaign, keys: tuple[str, ...], folder: Path) -> MadeKeepsake:
    wanted = replace(campaign, card_picture=picture(folder))
    return keepsake.make(Press(database, wanted, keys, folder / "cards", NOW), folder / "keepsake.pdf")


# A planned change: the old key is among the fallbacks, until nothing needs it.


def test_what_hangs_on_the_older_key_is_counted_and_reaches_zero(any_database, posted):
    any_database.write(lambda c: staff.add(c, "olga", [APPROVAL_KEY], TODAY))
    any_database.write(lambda c: staff.add(c, "ivan", [NEW], TODAY))
    before = approvals(any_database)
    assert key_rotation.find_hanging(any_database, BOTH) == Hanging(3, ("olga",), ())
    assert approvals(any_database) == before  # counting changes nothing
    assert key_rotation.renew(any_database, BOTH) == Hanging(3, ("olga",), ())
    assert str(key_rotation.find_hanging(any_database, BOTH)) == ""
    with any_database.read() as connection:
        assert all(member.signed for member in staff.list_members(connection, ALONE))


def test_after_a_planned_change_the_keepsake_is_made_without_the_older_key(
    any_database, posted, campaign, tmp_path
):
    assert len(make(any_database, campaign, ALONE, tmp_path).left_out) == 3
    key_rotation.renew(any_database, BOTH)
    (tmp_path / "keepsake.pdf").unlink()
    made = make(any_database, campaign, ALONE, tmp_path)
    assert (made.left_out, made.extent.messages) == ((), 3)


def test_after_a_planned_change_a_reprint_is_the_same(database, campaign, settings):
    approve(database, TEXTS)
    next_batch(database, campaign, settings, NOW, final=True)
    key_rotation.renew(database, BOTH)
    alone = replace(settings, approval_key=NEW)
    done = reprinting.reprint(database, campaign, alone, NOW, 1)
    assert (done.same, done.left_out) == (True, ())


def test_renewing_blesses_nothing_that_no_key_signed(any_database, posted):
    change(any_database, posted[0], text="Other words")
    change(any_database, posted[1], first_name="Eve")
    change(any_database, posted[2], approval="deadbeef.00")
    before = approvals(any_database)
    assert key_rotation.renew(any_database, BOTH) == Hanging(0, (), tuple(posted))
    assert approvals(any_database) == before


def test_what_is_rejected_while_it_is_renewed_is_not_approved_by_it(database, monkeypatch):
    (identifier,) = approve(database, ["Rejected meanwhile"])
    write = database.write

    def meanwhile(work, **options):
        monkeypatch.undo()
        change(database, identifier, state="rejected")
        return write(work, **options)

    monkeypatch.setattr(database, "write", meanwhile)
    key_rotation.renew(database, BOTH)
    (kept,) = approvals(database)
    assert approval.valid([APPROVAL_KEY], kept, identifier, "mikita", "Rejected meanwhile", "Anna")


@pytest.mark.slow
def test_thousands_are_renewed(database):
    approve(database, [f"Message {n}" for n in range(1203)])
    assert key_rotation.renew(database, BOTH).approvals == 1203
    assert str(key_rotation.find_hanging(database, BOTH)) == ""


# A stolen key: no fallback. A person reads what was printed, and vouches for it.


def test_after_a_stolen_key_a_person_vouches_for_what_was_posted(any_database, posted, campaign, tmp_path):
    found, changed = key_rotation.words_to_vouch_for(any_database, "mikita", 1, ALONE)
    assert ([one.shown["text"] for one in found], changed) == (TEXTS, [])
    assert key_rotation.vouch(any_database, "mikita", 1, found, Scribe("olga", ALONE)) == 3
    assert make(any_database, campaign, ALONE, tmp_path).left_out == ()
    assert key_rotation.words_to_vouch_for(any_database, "mikita", 1, ALONE) == ([], [])


def test_other_words_than_were_printed_are_named_and_not_signed(any_database, posted):
    change(any_database, posted[1], text="Forged by whoever has the key")
    found, changed = key_rotation.words_to_vouch_for(any_database, "mikita", 1, ALONE)
    assert ([one.message for one in found], changed) == ([posted[0], posted[2]], [posted[1]])


def test_words_that_change_after_they_were_read_are_not_signed(any_database, posted):
    found, _ = key_rotation.words_to_vouch_for(any_database, "mikita", 1, ALONE)
    change(any_database, posted[0], first_name="Eve")
    change(any_database, posted[1], state="withdrawn")
    assert key_rotation.vouch(any_database, "mikita", 1, found, Scribe("olga", ALONE)) == 1


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("translation", "Other words"),
        ("translated_into", "be"),
        ("translated_by", "mallory"),
        ("prints", "both"),
    ],
)
def test_all_that_is_signed_is_read_and_what_changes_of_it_is_not_signed(any_database, posted, column, other):
    kept = {"translation": "Дом", "translated_into": "ru", "translated_by": "olga", "prints": "translation"}
    for identifier in posted:
        change(any_database, identifier, **kept)
    before, _ = key_rotation.words_to_vouch_for(any_database, "mikita", 1, ALONE)
    assert b"printed: translation, in ru, translated by olga" in key_rotation.as_text(before)
    change(any_database, posted[0], **{column: other})
    after, _ = key_rotation.words_to_vouch_for(any_database, "mikita", 1, ALONE)
    assert key_rotation.as_text(after) != key_rotation.as_text(before)
    assert key_rotation.vouch(any_database, "mikita", 1, before, Scribe("olga", ALONE)) == 2


def test_nobody_vouches_for_what_is_not_on_paper(any_database):
    put_in_batch(any_database, approve(any_database, TEXTS), state="planned")
    with pytest.raises(VouchError, match="only what was printed"):
        key_rotation.words_to_vouch_for(any_database, "mikita", 1, ALONE)


# The commands.


@pytest.fixture
def build(database: Database, settings: Settings):
    def run(*arguments: str, fallback: str = "") -> tuple[int, str]:
        environ = {
            "CANDLE_DATABASE_URL": settings.database_url,
            "CANDLE_SECRET_KEY": settings.secret_key,
            "CANDLE_APPROVAL_KEY": NEW,
            "CANDLE_BUILD_DIR": str(settings.build_dir),
        }
        old = {"CANDLE_APPROVAL_KEY_FALLBACKS": fallback} if fallback else {}
        done = CliRunner(env=environ | old).invoke(cli, list(arguments))
        return done.exit_code, done.output

    return run


OLD = "an-approval-key-without-a-space-in-it-and-long"


@pytest.fixture
def by_old_key(database: Database) -> list[str]:
    ids = approve(database, TEXTS)
    put_in_batch(database, ids)
    for identifier, text in zip(ids, TEXTS, strict=True):
        change(database, identifier, approval=approval.sign([OLD], identifier, "mikita", text, "Anna"))
    database.write(lambda c: staff.add(c, "olga", [OLD], TODAY))
    return ids


def test_the_command_says_when_the_older_key_can_go(build, by_old_key):
    assert (
        "signed with an older approval key: see `build.py keys renew`"
        in build("staff", "list", fallback=OLD)[1]
    )
    status, said = build("keys", "renew", "--dry-run", fallback=OLD)
    told = "3 approvals, 1 member of staff\n"
    assert (status, said) == (0, f"an older approval key is still needed for {told}")
    status, said = build("keys", "renew", fallback=OLD)
    assert status == 0
    free = "no older approval key is needed any more: take it out of the fallbacks\n"
    assert said == f"signed anew: {told}{free}"
    assert "older" not in build("staff", "list")[1]
    assert build("keys", "renew", "--dry-run")[1] == free


def test_without_the_older_key_the_command_names_what_is_left(build, by_old_key):
    status, said = build("keys", "renew")
    assert status == 1
    assert "3 approved messages signed by no key here" in said
    assert " ".join(by_old_key) in said


def test_the_words_are_read_before_they_are_vouched_for(build, by_old_key, database, tmp_path):
    file = tmp_path / "words.txt"
    vouch = ("batches", "mikita", "vouch", "1", "--words", str(file))
    status, said = build(*vouch, "--yes")
    assert (status, said.strip().endswith("run it without --yes, and read it again")) == (1, True)
    assert build(*vouch) == (0, f"{file}: 3 messages; read them, then run it again with --yes\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert all(text in file.read_text() for text in TEXTS)
    change(database, by_old_key[0], first_name="Eve")
    assert "not what would be signed now" in build(*vouch, "--yes")[1]
    change(database, by_old_key[0], first_name="Anna")
    change(database, by_old_key[2], text="Forged")
    build(*vouch)
    status, said = build(*vouch, "--yes")
    assert (status, said) == (
        1, f"signed: 2 messages\nother words than were printed, and not signed: {by_old_key[2]}\n"
    )  # fmt: skip
    status, said = build("keys", "renew")
    assert "1 approved message signed by no key here" in said
