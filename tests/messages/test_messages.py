"""Messages: stored once, approved as seen, changed only in the order of states."""

from __future__ import annotations

import json
import re
import threading

import pytest
from sqlalchemy import insert, text, update

from campaign import messages
from campaign.database import Database
from campaign.keeping import erasure
from campaign.messages import Message, MessageError
from campaign.messages.approval import valid
from campaign.messages.redaction import RedactionError
from campaign.tables import batches, slots
from campaign.tables import messages as table
from campaign.text.flags import Flag
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit

KEYS = (APPROVAL_KEY,)


def get(database: Database, identifier: str) -> Message:
    with database.read() as connection:
        return messages.get(connection, identifier)


def approve(database: Database, identifier: str, **options: str) -> Message:
    return database.write(lambda c: messages.approve(c, identifier, "olga", KEYS, TODAY, **options))


def reject(database: Database, identifier: str, why: str = "Spam") -> Message:
    return database.write(lambda c: messages.reject(c, identifier, "olga", why, TODAY))


def reopen(database: Database, identifier: str) -> Message:
    return database.write(lambda c: messages.reopen(c, identifier, "olga", TODAY))


def redact(database: Database, identifier: str, cut: Flag) -> Message:
    return database.write(lambda c: messages.redact(c, identifier, cut, "olga", KEYS, TODAY))


def is_signed(message: Message) -> bool:
    return valid(KEYS, message.approval, message.id, message.campaign, message.text, message.first_name)


def test_a_message_is_stored_and_waits(any_database: Database, submit: Submit) -> None:
    flag = Flag("risky-word", "message", 0, 3)
    receipt = submit(any_database, "Трымайся!", flags=(flag,), wall=True, language="be")
    with any_database.read() as connection:
        (found,) = messages.queue(connection, "mikita")
    assert found == get(any_database, receipt.message)
    assert (found.id, found.text, found.state, found.language) == (
        receipt.message,
        "Трымайся!",
        "waiting",
        "be",
    )
    assert (found.flags, found.wall, found.updates, found.received_on) == ((flag,), True, False, TODAY)


def test_an_id_tells_nothing(database: Database, submit: Submit) -> None:
    ids = [submit(database, f"Message {n}").message for n in range(20)]
    assert all(re.fullmatch("[a-z2-7]{26}", identifier) for identifier in ids)
    assert ids != sorted(ids)


@pytest.mark.parametrize("identifier", ["nobody", "", "a\x00b", "é" * 999])
def test_an_unknown_id_is_an_error(any_database: Database, identifier: str) -> None:
    with pytest.raises(MessageError, match="no message with this id"):
        get(any_database, identifier)


def test_what_json_prints_is_the_contract(database: Database, submit: Submit) -> None:
    receipt = submit(database, "Hi", flags=(Flag("link", "message", 0, 2),))
    printed = json.loads(json.dumps(get(database, receipt.message).as_dict()))
    assert printed == {
        "id": receipt.message,
        "campaign": "mikita",
        "state": "waiting",
        "first_name": "Anna",
        "text": "Hi",
        "language": "en",
        "flags": [{"kind": "link", "field": "message", "start": 0, "end": 2}],
    }


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

    def test_a_rejection_keeps_its_reason(self, any_database: Database, submit: Submit) -> None:
        message = reject(any_database, submit(any_database).message, " Insult ")
        assert (message.state, message.reason, message.approval) == ("rejected", "Insult", None)

    def test_a_rejection_needs_a_reason(self, database: Database, waiting_message: Message) -> None:
        with pytest.raises(MessageError, match="say why"):
            reject(database, waiting_message.id, "  ")

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
        for step in (approve, reject, reopen):
            with pytest.raises(MessageError, match="it was erased"):
                step(database, waiting_message.id)

    def test_what_is_on_a_card_cannot_be_changed(self, any_database: Database, submit: Submit) -> None:
        identifier = submit(any_database).message
        approve(any_database, identifier)
        put_on_card(any_database, identifier, "planned")
        cut = Flag("surname", "message", 0, 2)
        steps = (reject, reopen, lambda *given: redact(*given, cut))
        for step in steps:
            with pytest.raises(MessageError, match="on a card of batch 1; void that card first"):
                step(any_database, identifier)

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

    def test_a_state_that_nobody_knows_is_refused_by_the_database(
        self, any_database: Database, submit: Submit
    ) -> None:
        submit(any_database)
        with pytest.raises(Exception, match="state_known"):
            any_database.write(lambda c: c.execute(update(table).values(state="printed")))


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
        assert message.redactions == ({"by": "olga", "on": "2026-11-22", "field": "message"},)

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

    def test_flags_behind_the_cut_move_with_their_words(self, database: Database, submit: Submit) -> None:
        text = "Anna Kowalska says freedom"
        flags = (Flag("surname", "message", 5, 13), Flag("risky-word", "message", 19, 26))
        message = redact(database, submit(database, text, flags=flags).message, flags[0])
        (flag,) = message.flags
        assert message.text[flag.start : flag.end] == "freedom"

    def test_a_flag_that_is_cut_in_two_covers_the_whole(self, database: Database, submit: Submit) -> None:
        flags = (Flag("signature-surname", "message", 0, 13),)
        message = redact(
            database,
            submit(database, "Anna Kowalska", flags=flags).message,
            Flag("surname", "message", 5, 13),
        )
        assert message.flags == (Flag("signature-surname", "message"),)

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
    any_database.write(lambda c: messages.translate(c, identifier, " Hold on "))
    message = get(any_database, identifier)
    assert (message.translation, message.text, is_signed(message)) == ("Hold on", "Трымайся", True)


class TestListing:
    """The oldest first, by campaign and state, in pages."""

    def test_the_queue_begins_with_the_oldest(self, any_database: Database, submit: Submit) -> None:
        ids = [submit(any_database, f"Message {n}").message for n in range(5)]
        approve(any_database, ids[1])
        submit(any_database, campaign="another")
        with any_database.read() as connection:
            first = messages.queue(connection, "mikita", limit=2)
            rest = messages.queue(connection, "mikita", after=first[-1].order)
        assert [message.id for message in first] == [ids[0], ids[2]]
        assert [message.id for message in rest] == ids[3:]

    def test_states_and_floods_are_set_apart(self, any_database: Database, submit: Submit) -> None:
        ids = [submit(any_database, f"Message {n}", flood=n == 2).message for n in range(4)]
        approve(any_database, ids[0])
        reject(any_database, ids[1])
        with any_database.read() as connection:
            assert messages.states(connection, "mikita") == {"waiting": 2, "approved": 1, "rejected": 1}
            assert messages.states(connection, "mikita")["waiting"] == 2
            assert [m.id for m in messages.queue(connection, "mikita", flood=True)] == [ids[2]]
            assert [m.id for m in messages.listing(connection, "mikita", "approved")] == [ids[0]]

    def test_messages_and_posted_ones_are_counted(self, any_database: Database, submit: Submit) -> None:
        ids = [submit(any_database, f"Message {n}").message for n in range(4)]
        for identifier in ids[:3]:
            approve(any_database, identifier)
        put_on_card(any_database, ids[0], "posted", number=1)
        put_on_card(any_database, ids[1], "printed", number=2)
        with any_database.read() as connection:
            assert messages.counts(connection, "mikita") == messages.Counts(messages=3, posted=1)
            assert messages.counts(connection, "another") == messages.Counts(messages=0, posted=0)

    def test_sealed_details_come_with_their_message(self, any_database: Database, submit: Submit) -> None:
        ids = [submit(any_database, f"Message {n}", sealed=bytes([n])).message for n in range(3)]
        submit(any_database)
        submit(any_database, campaign="another", sealed=b"x")
        with any_database.read() as connection:
            found = messages.sealed_details(connection, "mikita")
        assert found == [(identifier, bytes([n])) for n, identifier in enumerate(ids)]

    def test_the_queue_is_found_by_its_index(self, database: Database) -> None:
        where = "campaign = 'mikita' AND state = 'waiting' AND sequence > 0"
        chosen = f"SELECT * FROM messages WHERE {where} ORDER BY sequence"
        with database.read() as connection:
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {chosen}")))
        assert "ix_messages_queue" in plan
        assert "TEMP B-TREE" not in plan


def put_on_card(database: Database, identifier: str, state: str, number: int = 1) -> None:
    """Put a message on a card of a batch, as the ledger does."""
    batch = {
        "campaign": "mikita",
        "number": number,
        "state": state,
        "press": {"per_sheet": 4},
        "files": [],
        "cards": 1,
        "planned_at": NOW,
    }
    slot = {"message": identifier, "card": 1, "position": 1, "text_sha256": "0" * 64, "live": True}

    def work(connection) -> None:  # type: ignore[no-untyped-def]
        (key,) = connection.execute(insert(batches).values(batch)).inserted_primary_key
        connection.execute(insert(slots).values(batch=key, **slot))

    database.write(work)
