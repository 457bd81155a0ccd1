"""Two approvals where two are asked: by two different people, over the same words, and not to be made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, select, update

from campaign.keeping import erasure, key_rotation
from campaign.messages import approval, asides, queries, review, second_approval, translations
from campaign.messages.message import Message, MessageError, text_sha256
from campaign.messages.message_counts import count_by_state
from campaign.messages.translations import Translation
from campaign.storage.database import Database
from campaign.storage.tables import first_approvals as table
from campaign.storage.tables import messages
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, TODAY, Submit
from tests.support.review import get

KEYS = (APPROVAL_KEY,)
CUT = Flag("removed", "message", 0, 4)


@pytest.fixture
def message(any_database: Database, submit: Submit) -> Message:
    return get(any_database, submit(any_database, "Stay strong, Mikita!").message)


def approve(database: Database, identifier: str, by: str, keys: tuple[str, ...] = KEYS) -> Message:
    return database.write(lambda c: review.approve(c, identifier, by, keys, TODAY, two=True))


def first(database: Database, identifier: str) -> str | None:
    with database.read() as connection:
        found = second_approval.get_first(connection, queries.get(connection, identifier), KEYS)
    return found.by if found else None


def words(message: Message) -> tuple[str, str, str, str]:
    return message.id, message.campaign, message.text, message.first_name


def is_signed(message: Message) -> bool:
    return approval.valid(KEYS, message.approval, *words(message))


def test_one_person_alone_approves_nothing(any_database: Database, message: Message) -> None:
    once = approve(any_database, message.id, "olga")
    assert (once.state, once.approval, once.reviewed_by) == ("waiting", None, None)
    assert first(any_database, message.id) == "olga"


def test_the_same_person_counts_once(any_database: Database, message: Message) -> None:
    approve(any_database, message.id, "olga")
    with pytest.raises(MessageError, match="olga approved it already, and two are asked"):
        approve(any_database, message.id, "olga")
    assert get(any_database, message.id).state == "waiting"


def test_two_people_approve_it(any_database: Database, message: Message) -> None:
    approve(any_database, message.id, "olga")
    both = approve(any_database, message.id, "petr")
    assert (both.state, both.reviewed_by) == ("approved", "petr")
    assert list(approval.parts(both.approval)) == ["olga", "petr"]
    assert is_signed(both)
    assert first(any_database, message.id) is None


def test_the_second_takes_theirs_back_and_the_first_stands(any_database: Database, message: Message) -> None:
    approve(any_database, message.id, "olga")
    approve(any_database, message.id, "petr")
    any_database.write(lambda c: review.reopen(c, message.id, "petr", TODAY))
    assert first(any_database, message.id) == "olga"
    assert approve(any_database, message.id, "anna").state == "approved"
    any_database.write(lambda c: review.reopen(c, message.id, "olga", TODAY))
    assert first(any_database, message.id) is None


def cut(database: Database, identifier: str) -> None:
    database.write(lambda c: review.redact(c, identifier, [CUT], "anna", KEYS, TODAY, two=True))


def reject(database: Database, identifier: str) -> None:
    database.write(lambda c: review.reject(c, identifier, "anna", "Spam", TODAY))


def translate(database: Database, identifier: str) -> None:
    database.write(lambda c: review.translate(c, identifier, "Another translation", "ola"))


def erase(database: Database, identifier: str) -> None:
    database.write(lambda c: erasure.erase(c, identifier, "erased by staff", TODAY))


@pytest.mark.parametrize("change", [cut, reject, translate, erase])
def test_a_first_approval_dies_with_the_words_and_with_a_decision(
    any_database: Database, message: Message, change: Callable[[Database, str], None]
) -> None:
    approve(any_database, message.id, "olga")
    change(any_database, message.id)
    with any_database.read() as connection:
        assert not connection.execute(select(table)).all()


def test_a_first_approval_dies_with_a_translation_of_the_same_words(
    any_database: Database, message: Message, submit: Submit
) -> None:
    other = submit(any_database, message.text).message
    approve(any_database, message.id, "olga")
    entry = Translation("t.csv:2", other, text_sha256(message.text), "Трымайся")
    any_database.write(lambda c: translations.store_translations(c, "mikita", [entry], "ola"))
    assert (get(any_database, message.id).translation, first(any_database, message.id)) == ("Трымайся", None)


def test_words_that_are_put_back_are_approved_anew(any_database: Database, message: Message) -> None:
    cut(any_database, message.id)
    approve(any_database, message.id, "olga")
    any_database.write(lambda c: review.restore(c, message.id))
    with any_database.read() as connection:
        assert not connection.execute(select(table)).all()


def test_who_cuts_what_two_approved_does_not_approve_it_for_them(
    any_database: Database, message: Message
) -> None:
    approve(any_database, message.id, "olga")
    approve(any_database, message.id, "petr")
    cut(any_database, message.id)
    left = get(any_database, message.id)
    assert (left.state, left.approval) == ("waiting", None)


def test_a_rejected_message_too_is_approved_by_two(any_database: Database, message: Message) -> None:
    reject(any_database, message.id)
    assert approve(any_database, message.id, "olga").state == "waiting"
    assert approve(any_database, message.id, "petr").reason is None


class TestWhoWritesToTheDatabase:
    """Nothing that is written there makes one approval two."""

    def test_a_first_approval_is_nobody_else_s(self, database: Database, submit: Submit) -> None:
        one = submit(database).message
        approve(database, one, "olga")
        database.write(lambda c: c.execute(update(table).values(by="petr")))
        assert first(database, one) is None
        assert approve(database, one, "olga").state == "waiting"
        database.write(lambda c: c.execute(update(table).values(by="by two, print it")))
        with database.read() as connection:
            assert second_approval.by_whom(connection, [one]) == {}  # nor are they the desk's words

    def test_it_is_for_no_other_message(self, database: Database, submit: Submit) -> None:
        one, other = (submit(database, text).message for text in ("The same.", "Another."))
        approve(database, one, "olga")

        def copy(connection):  # type: ignore[no-untyped-def]
            connection.execute(update(messages).values(text="The same."))
            row = connection.execute(select(table)).one()._asdict()
            connection.execute(insert(table).values(row | {"message": other}))

        database.write(copy)
        assert first(database, other) is None

    @pytest.mark.parametrize("made", ["alone", "with itself", "with a made up one", "in another name"])
    def test_one_signature_makes_no_approval(self, database: Database, submit: Submit, made: str) -> None:
        one = get(database, submit(database).message)
        approve(database, one.id, "olga")
        with database.read() as connection:
            part = connection.execute(select(table.c.part)).scalar_one()
        signature = part.split(" ")[0]
        forged = {
            "alone": signature,
            "with itself": f"{part} {part}",
            "with a made up one": f"{part} {signature[:-1]}0 petr",
            "in another name": f"{part} {signature} petr",
        }[made]
        assert not approval.valid(KEYS, forged, *words(one))

    def test_two_approvals_are_for_exactly_these_words(self, database: Database, submit: Submit) -> None:
        one = submit(database).message
        approve(database, one, "olga")
        approve(database, one, "petr")
        database.write(lambda c: c.execute(update(messages).values(text="Slipped in.")))
        assert not is_signed(get(database, one))


def test_the_queues_hold_what_each_may_approve(any_database: Database, submit: Submit) -> None:
    mine, theirs, new, aside = (submit(any_database, text).message for text in ("A.", "B.", "C.", "D."))
    approve(any_database, mine, "olga")
    for one in (theirs, aside):
        approve(any_database, one, "petr")
    any_database.write(lambda c: asides.put(c, aside, "Who?", "anna", TODAY))
    with any_database.read() as connection:

        def queued(**options: object) -> list[str]:
            return queries.queue(connection, "mikita", reader="olga", **options)  # type: ignore[arg-type]

        assert queued() == [new]
        assert queued(once=True) == [theirs, aside][:1] or queued(once=True) == [theirs, aside]
        tally = count_by_state(connection, "mikita", two=True)
    assert (tally.waiting, tally.aside, tally.queued) == (4, 1, 1)
    assert tally.once == {"olga": 1, "petr": 1}
    assert tally.for_second_look("olga") == 1


def test_an_approval_from_before_two_were_asked_stays_good(database: Database, submit: Submit) -> None:
    one = submit(database).message
    database.write(lambda c: review.approve(c, one, "olga", KEYS, TODAY))
    assert is_signed(get(database, one))


def test_both_signatures_are_renewed_with_a_new_key(database: Database, submit: Submit) -> None:
    one, new = submit(database).message, ("a new key, long enough to be one!!", APPROVAL_KEY)
    approve(database, one, "olga")
    approve(database, one, "petr")
    assert key_rotation.renew(database, new).approvals == 1
    assert key_rotation.find_hanging(database, new).approvals == 0
    renewed = get(database, one)
    assert approval.valid(new[:1], renewed.approval, *words(renewed))
    assert list(approval.parts(renewed.approval)) == ["olga", "petr"]


def test_a_first_approval_is_renewed_with_a_new_key(any_database: Database, message: Message) -> None:
    new = ("a new key, long enough to be one!!", APPROVAL_KEY)
    approve(any_database, message.id, "olga")
    assert key_rotation.find_hanging(any_database, new).approvals == 1
    assert key_rotation.renew(any_database, new).approvals == 1
    assert key_rotation.find_hanging(any_database, new).approvals == 0
    assert approve(any_database, message.id, "petr", new[:1]).state == "approved"


def test_what_is_not_there_is_nothing_to_forget(database: Database, submit: Submit) -> None:
    one = submit(database).message
    database.write(lambda c: c.execute(delete(table)))
    assert not database.write(lambda c: second_approval.drop(c, one))
