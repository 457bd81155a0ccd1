"""Groups: many messages approved at once, each of them seen, and none that changed meanwhile."""

from __future__ import annotations

import cProfile
import re
import string
from pstats import Stats

import pytest
from sqlalchemy import insert

from campaign.keeping import erasure
from campaign.messages import approval, asides, presence, review
from campaign.messages import groups as counted
from campaign.storage.tables import messages
from campaign.text.flag import Flag
from receiver.staff import groups
from receiver.staff.login import now
from tests.conftest import APPROVAL_KEY, TODAY
from tests.support.review import get

pytestmark = pytest.mark.slow  # each logs in

SAME = "/staff/mikita/groups?kind=alike&of="
PLAIN = "/staff/mikita/groups?kind=unflagged"
MOST_CALLS = 17_000  # of Python, for a page of cards: counted, as the time of one would be another's too
HOLD_ON = "Hold on, dear Mikita!"


def states(database, some) -> list[str]:
    return [get(database, one).state for one in some]


def group_of(desk, words: str) -> str:
    """Return the address of the group that stands under these words."""
    page = desk.get("/staff/mikita/groups").text
    return re.search(rf'href="([^"]+)">{re.escape(words)}', page)[1].replace("&amp;", "&")


def approve(desk, address: str, **fields: str):
    return desk.follow(desk.press(desk.get(address), "groups", **fields))


def alike(database, submit, number: int = 3) -> list[str]:
    """Let messages wait that say the same, each in its own dress."""
    texts = [HOLD_ON, "hold on  dear Mikita", "HOLD ON, DEAR MIKITA"]
    return [submit(database, texts[n % 3]).message for n in range(number)]


def test_the_same_words_are_approved_but_for_the_ticked(desk, database, submit, settings):
    ids = alike(database, submit)
    other = submit(database, "A river, a field and a bird.").message
    page = approve(desk, group_of(desk, HOLD_ON), **{f"leave:{ids[1]}": "y"})
    assert states(database, [*ids, other]) == ["approved", "waiting", "approved", "waiting"]
    assert "Approved: 2 messages." in page.text
    for one in (get(database, ids[0]), get(database, ids[2])):
        assert approval.valid(
            settings.approval_keys, one.approval, one.id, "mikita", one.text, one.first_name
        )


def test_one_undo_takes_all_of_them_back(desk, database, submit):
    ids = alike(database, submit)
    page = approve(desk, group_of(desk, HOLD_ON))
    assert states(database, ids) == ["approved"] * 3
    answer = desk.press(page, "undo")
    assert states(database, ids) == ["waiting"] * 3
    assert answer.location == "/staff/mikita/groups"
    assert "3 messages wait again." in desk.follow(answer).text


def test_what_is_not_undone_any_more_is_named(desk, database, submit):
    ids = alike(database, submit)
    page = approve(desk, group_of(desk, HOLD_ON))
    database.write(lambda c: review.reject(c, ids[1], "petr", "Spam", TODAY))
    page = desk.follow(desk.press(page, "undo"))
    assert states(database, ids) == ["waiting", "rejected", "waiting"]
    assert re.search(rf"Not undone[^<]*{ids[1]}", page.text)


@pytest.mark.parametrize("change", ["cut", "rejected", "approved", "set aside"])
def test_a_message_that_changed_meanwhile_is_not_approved_but_named(desk, database, submit, change):
    ids = alike(database, submit)
    page = desk.get(group_of(desk, HOLD_ON))
    cut = Flag("removed", "message", 0, 4)

    def meanwhile(connection):
        if change == "rejected":
            review.reject(connection, ids[0], "petr", "Spam", TODAY)
        elif change == "approved":
            review.approve(connection, ids[0], "petr", [APPROVAL_KEY], TODAY)
        elif change == "set aside":
            asides.put(connection, ids[0], "Ask Dana", "petr", TODAY)
        else:
            review.redact(connection, ids[0], [cut], "petr", [APPROVAL_KEY], TODAY)

    database.write(meanwhile)
    expected = get(database, ids[0])
    page = desk.follow(desk.press(page, "groups"))
    told = f"Not approved, because others changed or decided them: “{expected.text}” ({ids[0]})"
    assert told in page.text
    assert get(database, ids[0]) == expected
    assert states(database, ids[1:]) == ["approved"] * 2


def test_what_was_taken_back_meanwhile_is_not_approved(desk, database, submit):
    ids = alike(database, submit)
    page = desk.get(group_of(desk, HOLD_ON))
    database.write(lambda c: erasure.erase(c, ids[0], "withdrawn", TODAY))
    page = desk.follow(desk.press(page, "groups"))
    assert "decided them: their writers took them back." in page.text
    assert states(database, ids) == ["withdrawn", "approved", "approved"]


def test_what_nothing_was_noticed_of_is_a_group(desk, database, submit, supporter):
    ids = [submit(database, f"A river and field number {n}.").message for n in ("one", "two")]
    named = submit(database, "Greetings from Maria Petrova, who waits.").message
    supporter.send(message="Stay strong! Write to anna@example.org")
    shown = desk.get(PLAIN).text
    assert all(one in shown for one in ids)
    assert "<p>3, the oldest first;" in desk.get("/staff/mikita/groups").text
    assert "Stay strong" not in shown
    assert named not in shown, "flags that are found on review count too"


def test_the_number_is_that_of_the_oldest_where_many_wait(desk, database, submit, monkeypatch):
    monkeypatch.setattr(counted, "WINDOW", 2)
    for n in ("one", "two", "three"):
        submit(database, f"A river and field number {n}.")
    assert "<p>2 of the oldest 2, the oldest first;" in desk.get("/staff/mikita/groups").text


def test_something_grave_is_ticked_and_so_left_out(desk, supporter):
    for _ in range(2):
        supporter.send(message="Stay strong! Write to anna@example.org")
    page = desk.get(group_of(desk, "Stay strong!"))
    assert len(re.findall(r'name="leave:\w+" value="y" checked', page.text)) == 2
    assert "an e-mail address" in page.text


def test_a_page_has_so_many_cards_and_no_post_approves_more(desk, database, submit):
    ids = alike(database, submit, groups.PAGE + 3)
    page = desk.get(group_of(desk, HOLD_ON))
    assert page.text.count('type="checkbox"') == groups.PAGE
    more = {f"seen:{one}": get(database, one).fingerprint for one in ids}
    desk.press(page, "groups", **more)
    assert states(database, ids).count("approved") == groups.PAGE


def test_the_next_page_begins_behind_what_was_left_out(desk, database, submit):
    ids = [submit(database, f"A river, and {letter * 3}.").message for letter in string.ascii_lowercase]
    page = approve(desk, PLAIN, **{f"leave:{ids[0]}": "y"})
    assert re.findall(r'name="seen:(\w+)"', page.text) == ids[groups.PAGE :]
    same = alike(database, submit, groups.PAGE + 2)
    page = approve(desk, group_of(desk, HOLD_ON), **{f"leave:{one}": "y" for one in same})
    assert re.findall(r'name="seen:(\w+)"', page.text) == same[groups.PAGE :]


def test_further_pages_show_the_others(desk, database, submit):
    texts = [f"A river and a field, and {n * times}." for times in (1, 2) for n in string.ascii_lowercase]
    ids = [submit(database, text).message for text in texts]
    page, seen = desk.get(PLAIN), set()
    while True:
        seen |= set(re.findall(r'name="seen:(\w+)"', page.text))
        found = re.search(r'href="([^"]+after=\d+)"', page.text)
        if not found:
            break
        page = desk.get(found[1].replace("&amp;", "&"))
    assert seen == set(ids)


def test_what_no_card_can_carry_is_shown_and_not_approved(desk, database, submit):
    text = "W" * 40 + "\n" * 2
    ids = [submit(database, (text * 30)[:1000] + str(n % 1)).message for n in range(2)]
    page = desk.get(group_of(desk, "W" * 40))
    assert "No card can carry it" in page.text
    fields = {f"seen:{one}": get(database, one).fingerprint for one in ids}
    desk.press(page, "groups", **fields)
    assert states(database, ids) == ["waiting"] * 2


def test_what_somebody_else_looks_at_is_left_to_them(desk, database, submit):
    ids = alike(database, submit)
    database.write(lambda c: presence.take(c, [ids[0]], "petr", now()))
    assert ids[0] not in desk.get(group_of(desk, HOLD_ON)).text


def test_a_message_of_another_campaign_is_not_approved_here(desk, database, submit):
    alike(database, submit)
    other = get(database, submit(database, campaign="another").message)
    page = desk.get(group_of(desk, HOLD_ON))
    desk.press(page, "groups", **{f"seen:{other.id}": other.fingerprint})
    assert get(database, other.id).state == "waiting"


def test_all_ticked_is_nothing_approved(desk, database, submit):
    ids = alike(database, submit)
    page = approve(desk, group_of(desk, HOLD_ON), **{f"leave:{one}": "y" for one in ids})
    assert "all of them are ticked" in page.text
    assert states(database, ids) == ["waiting"] * 3


def test_an_empty_group_says_so(desk, database, submit):
    assert "None is left here, or" in desk.get(f"{SAME}nothing").text
    submit(database, "I met Anna Kowalska.")
    assert "<p>1, the oldest first" in desk.get("/staff/mikita/groups").text
    assert "None is left here: something is noticed of the others" in desk.get(PLAIN).text


def test_a_page_of_groups_of_many_is_bounded(desk, database, submit):
    row = get(database, submit(database, HOLD_ON).message)
    assert row.text
    with database.read() as connection:
        values = connection.execute(messages.select()).one()._asdict()
    del values["sequence"]
    rows = [values | {"id": f"m{n}", "receipt_digest": None, "likeness": str(n % 900)} for n in range(2700)]
    database.write(lambda c: c.execute(insert(messages), rows) and None)
    page = desk.get("/staff/mikita/groups").text
    assert page.count("kind=alike") <= 20


def test_a_page_of_cards_asks_for_few_calls(desk, database, submit):
    for number in range(60):
        submit(database, f"Дарагі Мікіта! У нашым акне гарыць свечка, ужо {number} дзён.", first_name="Ўля")
    for _ in range(3):
        assert desk.get(PLAIN).text.count('name="leave:') == groups.PAGE
    counting = cProfile.Profile()
    counting.runcall(desk.get, PLAIN)
    assert Stats(counting).total_calls < MOST_CALLS


def test_those_that_others_look_at_are_made_up_for_by_later_ones(desk, database, submit):
    ids = [submit(database, f"We wait for you, for {n} days.").message for n in range(groups.PAGE + 9)]
    database.write(lambda c: presence.take_all(c, ids[:8], "petr", now()))
    page = desk.get(PLAIN).text
    assert re.findall('name="leave:([^"]+)"', page) == ids[8 : 8 + groups.PAGE]
    assert f"after={get(database, ids[7 + groups.PAGE]).order}" in page
