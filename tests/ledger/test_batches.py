"""The ledger: no message on two live cards, no step out of order, nothing taken back once posted."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from campaign.ledger import batches, claims, recalls, transitions
from campaign.ledger.batches import Batch, BatchError, ChangedMeanwhile, File
from campaign.ledger.claims import Place, Places
from campaign.messages.message import text_digest
from campaign.storage.database import Database
from campaign.storage.tables import messages, slots
from tests.conftest import NOW, TODAY
from tests.support.postgresql import wait_until_somebody_waits
from tests.support.press import approve

TICKET = {"per_sheet": 4}
FILES = [File("sheets.pdf", "0" * 64, 1234)]


def places(database: Database, per_card: int = 2) -> Places:
    """A place for every message that waits for a card."""
    with database.read() as connection:
        found = list(claims.candidates(connection, "mikita"))
    return Places(
        Place(i // per_card + 1, i % per_card + 1, m.order, text_digest(m.text)) for i, m in enumerate(found)
    )


def claim(database: Database) -> Batch:
    wanted = places(database)
    return database.write(lambda c: claims.claim(c, "mikita", wanted, TICKET, NOW))


def render(database: Database, batch: Batch, count: int = 5) -> Batch:
    return database.write(lambda c: transitions.mark_rendered(c, batch, FILES, count, TICKET, NOW))


def print_(database: Database, number: int = 1) -> Batch:
    return database.write(lambda c: transitions.mark_printed(c, "mikita", number, NOW))


def post(database: Database, number: int = 1, on: date = TODAY) -> Batch:
    return database.write(lambda c: transitions.mark_posted(c, "mikita", number, on, TODAY))


def void(database: Database, why: str = "spoiled", cards: range | None = None) -> transitions.Voided:
    return database.write(lambda c: transitions.void(c, "mikita", 1, why, cards))


def withdraw(database: Database, message: str) -> recalls.Recall | None:
    def work(connection):
        connection.execute(update(messages).where(messages.c.id == message).values(state="withdrawn"))
        return recalls.withdraw(connection, message)

    return database.write(work)


def waiting(database: Database) -> list[str]:
    with database.read() as connection:
        return [message.id for message in claims.candidates(connection, "mikita")]


def test_candidates_come_in_the_order_of_an_index_and_none_is_held_to_sort_them(database):
    asked: list[tuple[str, Any]] = []

    def see(_connection, _cursor, statement, parameters, *_more) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", see)
    waiting(database)
    event.remove(database.engine, "before_cursor_execute", see)
    ((words, given),) = [one for one in asked if one[0].startswith("SELECT")]
    with database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given).all()
    assert not [step for *_, step in plan if "TEMP B-TREE" in step]


def live_slots(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).where(slots.c.live)) or 0


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> Database:
    """SQLite, and PostgreSQL too where the test says `on_both`."""
    found: Database = request.getfixturevalue(getattr(request, "param", "database"))
    return found


on_both = pytest.mark.parametrize("ledger", ["database", "postgresql_database"], indirect=True)


@pytest.fixture
def ids(ledger: Database) -> list[str]:
    """Five approved messages."""
    return approve(ledger, [f"Message {n}" for n in range(5)])


@pytest.fixture
def planned(ledger: Database, ids: list[str]) -> Batch:
    return claim(ledger)


@pytest.fixture
def rendered(ledger: Database, planned: Batch) -> Batch:
    return render(ledger, planned)


@pytest.fixture
def posted(ledger: Database, rendered: Batch) -> Batch:
    print_(ledger)
    return post(ledger)


@on_both
def test_a_claim_gives_every_message_its_place(ledger, ids, planned):
    with ledger.read() as connection:
        found = batches.slots_of(connection, planned)
    assert [(slot.card, slot.position, slot.message) for slot in found] == [
        (1, 1, ids[0]),
        (1, 2, ids[1]),
        (2, 1, ids[2]),
        (2, 2, ids[3]),
        (3, 1, ids[4]),
    ]
    assert (planned.number, planned.state, planned.cards) == (1, "planned", 3)
    assert waiting(ledger) == []


@on_both
def test_a_message_that_another_run_claimed_is_not_claimed_again(ledger, ids):
    mine = theirs = places(ledger)
    ledger.write(lambda c: claims.claim(c, "mikita", theirs, TICKET, NOW))
    with pytest.raises(ChangedMeanwhile):
        ledger.write(lambda c: claims.claim(c, "mikita", mine, TICKET, NOW))
    assert live_slots(ledger) == 5
    with ledger.read() as connection:
        assert len(batches.list_batches(connection, "mikita")) == 1


@on_both
@pytest.mark.parametrize("change", [{"state": "withdrawn"}, {"state": "rejected"}])
def test_a_message_that_was_taken_back_since_it_was_set_is_not_claimed(ledger, ids, change):
    wanted = places(ledger)
    ledger.write(lambda c: c.execute(update(messages).where(messages.c.id == ids[2]).values(change)) and None)
    with pytest.raises(ChangedMeanwhile):
        ledger.write(lambda c: claims.claim(c, "mikita", wanted, TICKET, NOW))
    assert live_slots(ledger) == 0


@on_both
def test_the_database_itself_refuses_a_second_live_slot(ledger, ids, planned):
    def again(*, live: bool) -> None:
        row = {
            "batch": planned.id,
            "message": ids[0],
            "card": 9,
            "position": 1,
            "text_sha256": "",
            "live": live,
        }
        ledger.write(lambda connection: connection.execute(insert(slots).values(row)) and None)

    again(live=False)
    with pytest.raises(IntegrityError):
        again(live=True)
    assert live_slots(ledger) == 5


@on_both
def test_many_claims_at_once_give_each_message_one_live_slot(ledger):
    approve(ledger, [f"Message {n}" for n in range(40)])

    def run(offset: int) -> int:
        for _ in range(50):
            wanted = list(places(ledger))[offset : offset + 6]  # overlaps what the others want
            if not wanted:
                wanted = list(places(ledger))
            if not wanted:
                return 0
            first = wanted[0].card - 1
            mine = Places(Place(p.card - first, p.position, p.message, p.digest) for p in wanted)
            try:
                ledger.write(lambda c, w=mine: claims.claim(c, "mikita", w, TICKET, NOW))
            except ChangedMeanwhile:
                continue
        raise AssertionError("never came to an end")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, [0, 2, 4, 6, 0, 2, 4, 6])) == [0] * 8
    assert live_slots(ledger) == 40
    with ledger.read() as connection:
        numbers = [batch.number for batch in batches.list_batches(connection, "mikita")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_batches_of_two_campaigns_count_for_themselves(ledger, planned):
    approve(ledger, ["Elsewhere"], campaign="other")
    with ledger.read() as connection:
        (one,) = claims.candidates(connection, "other")
    place = Places([Place(1, 1, one.order, text_digest(one.text))])
    assert ledger.write(lambda c: claims.claim(c, "other", place, TICKET, NOW)).number == 1


@on_both
def test_a_batch_goes_from_planned_to_posted(ledger, planned):
    assert render(ledger, planned).files == tuple(FILES)
    assert print_(ledger).printed_at == NOW
    assert post(ledger).posted_on == TODAY


@pytest.mark.parametrize(
    ("reached", "step", "words"),
    [
        ("planned", print_, "it is planned and cannot be marked printed; .*build.py cards mikita"),
        ("planned", post, "it is planned and cannot be marked posted"),
        ("rendered", post, "build.py batches mikita printed 1"),
        ("posted", print_, "it was posted on 2026-11-22"),
        ("posted", post, "it was posted on 2026-11-22"),
        ("posted", void, "it was posted on 2026-11-22, and nothing of it can be taken back"),
    ],
)
def test_a_step_out_of_order_is_refused_with_the_way_on(ledger, request, reached, step, words):
    request.getfixturevalue(reached)
    with pytest.raises(BatchError, match=words):
        step(ledger)


def test_a_batch_is_rendered_once(ledger, planned):
    render(ledger, planned)
    with pytest.raises(BatchError, match="it is rendered"):
        render(ledger, planned)


def test_an_unknown_batch_is_named(ledger):
    with pytest.raises(
        BatchError, match=r"batch 1 of mikita: there is none; see `build.py batches mikita list`"
    ):
        print_(ledger)


@pytest.mark.parametrize(
    ("on", "words"),
    [(TODAY + timedelta(days=1), "lies in the future"), (TODAY - timedelta(days=2), "it was printed on")],
)
def test_a_day_of_posting_that_cannot_be_right_is_refused(ledger, rendered, on, words):
    print_(ledger)
    with pytest.raises(BatchError, match=words):
        post(ledger, on=on)


@on_both
def test_a_void_batch_frees_its_messages(ledger, rendered, ids):
    voided = void(ledger, "wrong paper")
    assert (voided.batch.state, voided.batch.void_reason) == ("void", "wrong paper")
    assert (voided.cards, voided.freed) == ((1, 2, 3), 5)
    assert waiting(ledger) == ids
    assert claim(ledger).number == 2


@on_both
def test_spoiled_cards_free_their_messages_and_the_rest_goes_on(ledger, rendered, ids):
    voided = void(ledger, "paper jam", range(2, 3))
    assert (voided.batch.state, voided.batch.void_reason) == ("rendered", "card 2: paper jam")
    assert waiting(ledger) == ids[2:4]
    print_(ledger)
    assert post(ledger).state == "posted"


def test_a_batch_whose_last_card_is_spoiled_is_void(ledger, rendered):
    void(ledger, "paper jam", range(1, 3))
    voided = void(ledger, "coffee", range(3, 4))
    assert voided.batch.state == "void"
    assert voided.batch.void_reason == "cards 1–2: paper jam; card 3: coffee"


@pytest.mark.parametrize(
    ("why", "cards", "words"),
    [
        (" ", None, "--why"),
        ("jam", range(3, 5), "it has 3 cards, and you asked for cards 3–4"),
        ("jam", range(0, 2), "it has 3 cards, and you asked for cards 0–1"),
    ],
)
def test_a_void_without_reason_or_of_cards_that_are_not_there_is_refused(ledger, rendered, why, cards, words):
    with pytest.raises(BatchError, match=words):
        void(ledger, why, cards)


def test_cards_voided_at_once_keep_both_reasons(postgresql_database):
    """Whoever comes second has read the batch before the first one's COMMIT."""
    approve(postgresql_database, [f"Message {n}" for n in range(5)])
    claim(postgresql_database)
    with postgresql_database.engine.begin() as first:
        transitions.void(first, "mikita", 1, "jam", range(1, 2))
        second = threading.Thread(target=void, args=[postgresql_database, "smear", range(2, 3)])
        second.start()
        wait_until_somebody_waits(postgresql_database)
    second.join()
    with postgresql_database.read() as connection:
        reason = batches.get(connection, "mikita", 1).void_reason
    assert reason == "card 1: jam; card 2: smear"


def test_a_card_is_voided_once(ledger, rendered):
    void(ledger, "jam", range(1, 2))
    with pytest.raises(BatchError, match="card 1 is void already"):
        void(ledger, "jam", range(1, 2))


@on_both
def test_a_message_withdrawn_while_its_batch_is_planned_leaves_it(ledger, planned, ids):
    assert withdraw(ledger, ids[0]) is None
    assert render(ledger, planned, 4).state == "rendered"
    assert live_slots(ledger) == 4


@on_both
def test_a_message_withdrawn_after_rendering_names_the_card_to_pull(ledger, rendered, ids):
    recall = withdraw(ledger, ids[3])
    assert (recall.batch, recall.card, recall.sheet, recall.position) == (1, 2, 1, 2)
    assert str(recall) == "card 2 (sheet 1) of batch 1"
    with ledger.read() as connection:
        assert recalls.open_recalls(connection, rendered) == [recall]
        assert recalls.all_open_recalls(connection, "mikita") == [recall]
        assert recalls.all_open_recalls(connection, "another") == []


@on_both
def test_a_batch_that_somebody_gave_to_another_campaign_keeps_no_page_of_the_desk_from_answering(
    ledger, rendered, ids
):
    withdraw(ledger, ids[3])
    ledger.write(lambda c: batches.update_batch(c, rendered, campaign="another"))
    with ledger.read() as connection:
        assert recalls.all_open_recalls(connection, "mikita") == []


@on_both
def test_a_batch_with_a_withdrawn_message_is_not_posted_before_its_card_is_pulled(ledger, rendered, ids):
    withdraw(ledger, ids[3])
    print_(ledger)
    with pytest.raises(BatchError, match="take card 2 out of the pile"):
        post(ledger)
    assert void(ledger, "withdrawn", range(2, 3)).freed == 1  # its neighbour on the card
    assert post(ledger).state == "posted"
    assert waiting(ledger) == [ids[2]]


@on_both
def test_what_was_withdrawn_once_the_batch_was_on_its_way_is_not_pulled(ledger, rendered, ids):
    """It was noted later; or again after a restore, which erases again what was withdrawn since."""
    withdraw(ledger, ids[3])
    erased = update(messages).where(messages.c.id == ids[3]).values(erased_on=TODAY)
    ledger.write(lambda c: c.execute(erased) and None)
    print_(ledger)
    with pytest.raises(BatchError, match="name the day before that on which it was posted"):
        post(ledger)
    assert post(ledger, on=TODAY - timedelta(days=1)).state == "posted"


def test_a_message_withdrawn_after_posting_names_no_card(ledger, posted, ids):
    assert withdraw(ledger, ids[3]) is None


@on_both
def test_a_message_withdrawn_while_its_sheet_is_drawn_stops_the_mark(ledger, planned, ids):
    ledger.write(
        lambda c: (
            c.execute(update(messages).where(messages.c.id == ids[2]).values(state="withdrawn")) and None
        )
    )
    with pytest.raises(ChangedMeanwhile, match="some of its messages were withdrawn"):
        render(ledger, planned)
    ledger.write(lambda c: transitions.drop_messages(c, planned, [ids[2]]))
    assert render(ledger, planned, 4).state == "rendered"


@on_both
def test_a_card_voided_while_its_sheet_is_drawn_stops_the_mark(ledger, planned):
    void(ledger, "changed our mind", range(1, 2))
    with pytest.raises(ChangedMeanwhile, match="withdrawn or voided meanwhile"):
        render(ledger, planned, 5)
    assert render(ledger, planned, 3).state == "rendered"


@on_both
def test_reprints_are_counted(ledger, rendered):
    ledger.write(lambda c: transitions.count_reprint(c, rendered))
    assert ledger.write(lambda c: transitions.count_reprint(c, rendered)).reprints == 2
