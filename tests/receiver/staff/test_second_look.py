"""Two people where two are asked: what each of them sees and may do at the desk."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from campaign.messages import presence
from campaign.storage.database import NotStored
from campaign.text.likeness import likeness
from receiver.staff.login import now
from tests.conftest import NOW
from tests.receiver.conftest import OWN, browser, csrf_in
from tests.support.review import get

pytestmark = pytest.mark.slow  # each logs in


@pytest.fixture
def app(make_app, unlimited, content_dir):
    """A receiver whose campaign asks for two approvals."""
    facts = content_dir / "mikita" / "campaign.toml"
    words = facts.read_text(encoding="utf-8")
    facts.write_text(f"{words}\n[review]\nsecond_approval = true\n", encoding="utf-8")
    return make_app(replace(unlimited, content_dir=content_dir))


def test_one_approves_and_the_other_is_told_and_approves_too(desk, other, message, database):
    page = desk.follow(desk.press(desk.get(), "approve"))
    assert "Approved once; it needs a second pair of eyes." in page.text
    assert "Nothing waits" in page.text
    assert "1 that you approved once waits for somebody else" in page.text
    assert get(database, message.id).state == "waiting"
    page = other.get()
    assert "Approved once, by olga on " in page.text
    assert "Second look <b>1</b>" in page.text
    other.press(page, "approve")
    assert get(database, message.id).state == "approved"
    page = other.get(f"/staff/mikita/?message={message.id}")
    assert re.search(r"Approved by olga and petr on", page.text)


def test_the_same_person_s_second_approval_is_none(desk, message, database):
    seen = desk.get()
    desk.press(seen, "approve")
    page = desk.get(f"/staff/mikita/?message={message.id}")
    assert f"{message.id}/approve" not in page.text
    answer = desk.press(seen, "approve")  # the form of before, sent again
    assert "somebody else has to approve it too" in desk.follow(answer).text
    assert get(database, message.id).state == "waiting"


def test_it_has_a_queue_of_its_own_and_leaves_the_other(desk, other, database, submit):
    for text in ("The first one.", "The second one."):
        submit(database, text)
    desk.press(desk.get(), "approve")
    assert "The second one." in other.get().text
    page = other.get("/staff/mikita/?second=1")
    assert "The first one." in page.text
    page = other.follow(other.press(page, "approve"))
    assert "Nothing waits for your second look" in page.text
    assert "Nothing waits for your second look" in desk.get("/staff/mikita/?second=1").text


def test_a_first_approval_is_undone(desk, other, message):
    page = desk.follow(desk.press(desk.get(), "approve"))
    page = desk.follow(desk.press(page, "undo"))
    assert "The message waits again." in page.text
    assert "Approved once" not in other.get().text


def test_a_second_approval_is_undone_and_the_first_stands(desk, other, message, database):
    desk.press(desk.get(), "approve")
    page = other.follow(other.press(other.get(), "approve"))
    page = other.follow(other.press(page, "undo"))
    assert get(database, message.id).state == "waiting"
    assert "Approved once, by olga" in page.text


def test_a_group_takes_two(desk, other, database, submit):
    words = "Hold on, dear Mikita!"
    ids = [submit(database, words).message for _ in range(2)]
    group = f"/staff/mikita/groups?kind=alike&of={likeness(words)}"
    page = desk.follow(desk.press(desk.get(group), "groups"))
    assert "Approved once; it needs a second pair of eyes: 2 messages." in page.text
    assert words not in desk.get("/staff/mikita/groups").text
    database.write(lambda c: [presence.release(c, one) for one in ids])
    page = other.follow(other.press(other.get(group), "groups"))
    assert [get(database, one).state for one in ids] == ["approved"] * 2
    other.press(page, "undo")
    assert [get(database, one).state for one in ids] == ["waiting"] * 2


def test_after_a_cut_both_look_again(desk, other, message, database):
    desk.press(desk.get(), "approve")
    page = other.get(f"/staff/mikita/?message={message.id}&cut=words")
    other.press(page, "cut", why="an address", **{"message:13:18": "y"})
    page = other.get(f"/staff/mikita/?message={message.id}")
    assert "Approved once" not in page.text
    other.press(page, "approve")
    assert get(database, message.id).state == "waiting"
    assert "Approved once, by petr" in desk.get().text


def test_it_is_found_among_those_approved_once(desk, database, submit):
    for text in ("The first one.", "The second one."):
        submit(database, text)
    desk.press(desk.get(), "approve")
    page = desk.get("/staff/mikita/messages?once=1").text
    assert "The first one." in page
    assert "approved once by olga" in page
    assert "The second one." not in page


# Who looks at what.


def test_who_looks_at_a_message_is_known_to_another_receiver_and_after_a_restart(
    desk, other, make_app, app, database, submit
):
    for text in ("The first one.", "The second one."):
        submit(database, text)
    assert "The first one." in desk.get().text
    again = make_app(app.extensions["candle"].settings)
    client = browser(again)
    cookie = other.client.get_cookie("__Host-candle", domain="post.candle.example.org")
    client.set_cookie("__Host-candle", cookie.value, domain="post.candle.example.org", secure=True)
    assert "The second one." in client.get("/staff/mikita/", base_url=OWN).text


def test_any_work_on_a_message_renews_it(desk, message, database):
    page = desk.get()
    old = NOW - presence.LASTS
    database.write(lambda c: presence.release(c, message.id))
    database.write(lambda c: presence.take(c, [message.id], "petr", old))
    desk.follow(desk.press(page, "translate", translation="Hold on"))
    with database.read() as connection:
        assert presence.holders(connection, [message.id], now()) == {message.id: "olga"}


def test_a_disk_that_is_full_keeps_nobody_from_reading(desk, message, database, monkeypatch):
    csrf_in(desk.get())
    database.write(lambda c: presence.release(c, message.id))

    def full(*_args, **_options):
        raise NotStored("the disk is full")

    monkeypatch.setattr(database, "write", full)
    assert message.text.split("!")[0] in desk.get().text
