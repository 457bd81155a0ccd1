"""Review: approved as seen, changed only in the order of states, and never once a card holds it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from campaign.keeping import erasure
from campaign.ledger import transitions
from campaign.ledger.claims import Place, Places, claim
from campaign.messages import review
from campaign.messages.approval import valid
from campaign.messages.message import Message, MessageError, text_digest
from campaign.messages.redaction import RedactionError
from campaign.storage.database import Database
from campaign.storage.tables import messages as table
from campaign.text.flag import Flag
from campaign.text.likeness import likeness
from tests.conftest import NOW, TODAY, Submit
from tests.support.ledger import put_in_batch
from tests.support.postgresql import wait_until_somebody_waits
from tests.support.review import KEYS, approve, get, redact, reject, reopen


def is_signed(message: Message) -> bool:
    return valid(KEYS, message.approval, message.id, message.campaign, message.text, message.first_name)


def translate(database: Database, identifier: str, words: str = " Hold on ") -> None:
    database.write(lambda c: review.translate(c, identifier, words, "ola"))


class TestReview:
    """waiting -> approved or rejected, and back while no card holds it."""

    def test_an_approval_signs_exactly_the_words(self, any_database: Database, submit: Submit) -> None:
        message = approve(any_database, submit(any_database).message)
        assert (message.state, message.reviewed_by, message.reviewed_on) == ("approved", "olga", TODAY)
        assert is_signed(message)

    def test_a_text_changed_in_the_database_is_not_signed(
        self, database: Database, approved_message: Message
    ) -> None:
        database.write(lambda c: c.execute(update(table).values(text="Slipped in.")))
        assert not is_signed(get(database, approved_message.id))

    def test_a_rejection_needs_a_reason_and_keeps_it(
        self, database: Database, waiting_message: Message
    ) -> None:
        with pytest.raises(MessageError, match="say why"):
            reject(database, waiting_message.id, "  ")
        message = reject(database, waiting_message.id, " Insult ")
        assert (message.state, message.reason, message.approval) == ("rejected", "Insult", None)

    def test_a_decision_can_be_taken_back(self, database: Database, waiting_message: Message) -> None:
        approve(database, waiting_message.id)
        message = reopen(database, waiting_message.id)
        assert (message.state, message.approval) == ("waiting", None)
        assert reject(database, waiting_message.id).state == "rejected"
        assert approve(database, waiting_message.id).reason is None

    @pytest.mark.parametrize(
        ("state", "step", "fault"),
        [
            ("approved", approve, "it is approved; only waiting or rejected can be approved"),
            ("withdrawn", approve, "it is withdrawn"),
            ("rejected", reject, "it is rejected; only waiting or approved can be rejected"),
            ("withdrawn", reject, "it is withdrawn"),
            ("waiting", reopen, "it is waiting"),
            ("withdrawn", reopen, "it is withdrawn"),
        ],
    )
    def test_a_step_out_of_order_is_refused(  # type: ignore[no-untyped-def]
        self, database: Database, waiting_message: Message, state: str, step, fault: str
    ) -> None:
        database.write(lambda c: c.execute(update(table).values(state=state)))
        with pytest.raises(MessageError, match=fault):
            step(database, waiting_message.id)

    def test_an_erased_message_cannot_come_back(self, database: Database, waiting_message: Message) -> None:
        database.write(lambda c: erasure.erase(c, waiting_message.id, "asked by letter", TODAY))
        for step in (approve, reject, reopen, translate):
            with pytest.raises(MessageError, match="it was erased; nothing is left"):
                step(database, waiting_message.id)

    def test_what_was_sent_back_twice_is_flagged_once(
        self, database: Database, waiting_message: Message
    ) -> None:
        for _ in range(2):
            approve(database, waiting_message.id)
            database.write(lambda c: review.send_back(c, waiting_message.id))
        assert [flag.kind for flag in get(database, waiting_message.id).flags] == ["cannot-be-printed"]

    def test_only_what_is_approved_waits_again_for_a_card_that_failed(
        self, database: Database, waiting_message: Message
    ) -> None:
        for change in (reject, lambda d, one: d.write(lambda c: erasure.erase(c, one, "withdrawn", TODAY))):
            change(database, waiting_message.id)
            before = get(database, waiting_message.id)
            database.write(lambda c: review.send_back(c, waiting_message.id))
            assert get(database, waiting_message.id) == before

    def test_what_is_on_a_card_cannot_be_changed(self, any_database: Database, submit: Submit) -> None:
        identifier = submit(any_database).message
        approve(any_database, identifier)
        put_in_batch(any_database, [identifier], state="planned")
        cut = Flag("surname", "message", 0, 2)
        steps = (reject, reopen, lambda *given: redact(*given, cut))
        for step in steps:
            with pytest.raises(MessageError, match="on a card of batch 1; void that card first"):
                step(any_database, identifier)
        any_database.write(lambda c: transitions.void(c, "mikita", 1, "spoiled"))
        assert reject(any_database, identifier).state == "rejected"

    def test_nobody_approves_words_that_they_did_not_see(self, database: Database, submit: Submit) -> None:
        message = get(database, submit(database, "Love from Anna Kowalska").message)
        redact(database, message.id, Flag("surname", "message", 15, 23))
        with pytest.raises(MessageError, match="changed it since you saw it"):
            approve(database, message.id, seen=message.fingerprint)
        assert approve(database, message.id, seen=get(database, message.id).fingerprint).state == "approved"

    def test_of_two_reviewers_at_once_one_decides(self, any_database: Database, submit: Submit) -> None:
        identifier = submit(any_database).message
        answers: list[str] = []
        barrier = threading.Barrier(2)

        def decide(step) -> None:  # type: ignore[no-untyped-def]
            barrier.wait()
            try:
                answers.append(step(any_database, identifier).state)
            except MessageError:
                answers.append("refused")

        threads = [threading.Thread(target=decide, args=(approve,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == ["approved", "refused"]

    def test_what_is_claimed_at_this_moment_cannot_be_changed(
        self, postgresql_database: Database, submit: Submit
    ) -> None:
        message = approve(postgresql_database, submit(postgresql_database).message)
        places = Places([Place(1, 1, message.order, text_digest(message.text))])
        cut = Flag("surname", "message", 0, 2)
        with ThreadPoolExecutor(1) as pool, postgresql_database.engine.begin() as first:
            claim(first, "mikita", places, {}, NOW)
            second = pool.submit(redact, postgresql_database, message.id, cut)
            wait_until_somebody_waits(postgresql_database)
            first.commit()
            assert "on a card of batch 1; void that card first" in str(second.exception())

    @pytest.mark.parametrize(
        ("meanwhile", "told"),
        [
            (lambda c, i: erasure.erase(c, i, "asked by letter", TODAY), "it was erased meanwhile"),
            (
                lambda c, i: review.reject(c, i, "hanna", "Spam", TODAY),
                "it is rejected now; look at it again",
            ),
            (
                lambda c, i: review.redact(c, i, [Flag("surname", "message", 0, 4)], "hanna", KEYS, TODAY),
                "somebody else changed its words meanwhile; look at it again",
            ),
            (
                lambda c, i: review.redact(c, i, [Flag("surname", "first_name", 5, 9)], "hanna", KEYS, TODAY),
                "somebody else changed its words meanwhile",
            ),
            (
                lambda c, i: review.translate(c, i, "Прывітанне", "hanna"),
                "somebody else changed its words meanwhile",
            ),
        ],
        ids=["erased", "rejected", "cut", "name cut", "translated"],
    )
    def test_who_comes_second_is_told_what_came_first(  # type: ignore[no-untyped-def]
        self, postgresql_database: Database, submit: Submit, meanwhile, told: str
    ) -> None:
        identifier = submit(postgresql_database, "Love from far away", first_name="Anna Verna").message
        refused: list[str] = []

        def second() -> None:
            try:
                approve(postgresql_database, identifier)
            except MessageError as error:
                refused.append(str(error))

        thread = threading.Thread(target=second)
        with postgresql_database.engine.begin() as first:
            meanwhile(first, identifier)
            thread.start()
            wait_until_somebody_waits(postgresql_database)
        thread.join()
        assert [told in words for words in refused] == [True], refused

    def test_a_state_that_nobody_knows_is_refused_by_the_database(
        self, any_database: Database, submit: Submit
    ) -> None:
        submit(any_database)
        with pytest.raises(Exception, match="state_known"):
            any_database.write(lambda c: c.execute(update(table).values(state="printed")))


def likeness_of(database: Database, identifier: str) -> str | None:
    with database.read() as connection:
        return connection.scalar(select(table.c.likeness).where(table.c.id == identifier))


class TestRedaction:
    """A span is cut, what is left is signed anew, and the record does not say what was cut."""

    def test_an_approved_message_is_signed_anew(self, any_database: Database, submit: Submit) -> None:
        flags = (Flag("risky-word", "message", 0, 4), Flag("surname", "message", 15, 23))
        identifier = submit(any_database, "Love from Anna Kowalska\nand all", flags=flags).message
        approve(any_database, identifier)
        message = redact(any_database, identifier, flags[1])
        assert (message.text, message.state, message.flags) == (
            "Love from Anna\nand all",
            "approved",
            flags[:1],
        )
        assert is_signed(message)
        assert likeness_of(any_database, identifier) == likeness("Love from Anna\nand all")
        any_database.write(lambda c: review.restore(c, identifier))
        assert likeness_of(any_database, identifier) == likeness("Love from Anna Kowalska\nand all")
        assert message.redactions == ({"by": "olga", "on": "2026-11-22", "field": "message", "why": ""},)

    def test_a_first_name_loses_its_surname(self, database: Database, submit: Submit) -> None:
        identifier = submit(database, first_name="Anna Kowalska").message
        assert (
            redact(database, identifier, Flag("first-name-words", "first_name", 5, 13)).first_name == "Anna"
        )

    @pytest.mark.parametrize(
        ("text", "span", "left"),
        [
            ("one two three", (4, 7), "one three"),
            ("one two", (4, 7), "one"),
            ("one two", (0, 3), "two"),
            ("one two, three", (4, 7), "one, three"),
            ("one\ntwo three", (4, 7), "one\nthree"),
            ("one\ntwo", (4, 7), "one"),
            ("Zoë ab", (4, 5), "Zoë b"),
        ],
    )
    def test_no_gap_is_left(
        self, database: Database, submit: Submit, text: str, span: tuple[int, int], left: str
    ) -> None:
        identifier = submit(database, text).message
        assert redact(database, identifier, Flag("surname", "message", *span)).text == left

    def test_nothing_left_is_refused(self, database: Database, submit: Submit) -> None:
        identifier = submit(database, "Kowalska!").message
        with pytest.raises(MessageError, match="nothing would be left"):
            redact(database, identifier, Flag("surname", "message", 0, 9))

    @pytest.mark.parametrize(
        "cut",
        [
            Flag("surname", "message"),
            Flag("surname", "message", 3, 3),
            Flag("surname", "message", -1, 2),
            Flag("surname", "message", 0, 99),
            Flag("surname", "email", 0, 1),
        ],
    )
    def test_a_place_that_is_not_there_is_refused(
        self, database: Database, waiting_message: Message, cut: Flag
    ) -> None:
        with pytest.raises(RedactionError, match="no such place"):
            redact(database, waiting_message.id, cut)


def test_a_translation_is_kept_for_staff_and_changes_no_approval(
    any_database: Database, submit: Submit
) -> None:
    identifier = submit(any_database, "Трымайся").message
    approve(any_database, identifier)
    translate(any_database, identifier)
    message = get(any_database, identifier)
    assert (message.translation, message.text, is_signed(message)) == ("Hold on", "Трымайся", True)


def test_the_other_half_of_a_name_that_is_cut_by_half_stays_flagged(
    any_database: Database, submit: Submit
) -> None:
    one = submit(any_database, "Greetings to you from Maria Petrova and all.").message
    left = redact(any_database, one, Flag("removed", "message", 22, 27))
    assert left.text == "Greetings to you from Petrova and all."
    (flag,) = left.flags
    assert (flag.kind, left.text[flag.start : flag.end]) == ("other-name", "Petrova")


@pytest.mark.parametrize(
    ("why", "fine"),
    [
        ("names Petrova", False),
        ("it is MARIA", False),
        ("a third person's name", True),
        ("from a friend", True),
    ],
)
def test_a_reason_does_not_say_the_word_that_is_cut(
    database: Database, submit: Submit, why: str, fine: bool
) -> None:
    one = submit(database, "Greetings to you from Maria Petrova and all.").message
    cuts = [Flag("removed", "message", 17, 35)]

    def cut() -> Message:
        return database.write(lambda c: review.redact(c, one, cuts, "olga", KEYS, TODAY, why=why))

    if fine:
        assert cut().redactions[0]["why"] == why
    else:
        with pytest.raises(MessageError, match="the reason says"):
            cut()
    assert ("Petrova" in get(database, one).text) is not fine
