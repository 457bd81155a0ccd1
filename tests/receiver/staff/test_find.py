"""Looking up at the desk: what is found, how it is paged, and what a message's own page tells and offers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from campaign.accounts.staff_log import Scribe
from campaign.keeping import erasure
from campaign.messages import review, search
from campaign.storage.tables import slots
from receiver.staff import find
from tests.conftest import TODAY
from tests.support.ledger import put_in_batch
from tests.support.review import KEYS, approve, reject
from tests.support.table import table

pytestmark = pytest.mark.slow  # each logs in

FIND = "/staff/mikita/messages"


def page_of(desk, message: str) -> str:
    return desk.get(f"/staff/mikita/?message={message}").text


def test_words_are_found_whatever_their_case_and_a_message_by_its_id(desk, message, database, submit):
    submit(database, "Трымайся, Мікіта!")
    found = desk.get(f"{FIND}?{urlencode({'words': 'ТРЫМАЙСЯ'})}").text
    assert "One message" in found
    assert "Stay strong!" not in found
    assert f"message={message.id}" in desk.get(f"{FIND}?words={message.id.upper()}").location
    assert "Nothing was found." in desk.get(f"{FIND}?words=nothing+at+all").text


def test_whom_others_searches_hold_up_is_told_so(desk, message, monkeypatch):
    monkeypatch.setattr(find._searches, "_waiting", ["somebody"] * find._searches._most)
    busy = desk.get(f"{FIND}?words=strong")
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "5")
    assert "Others are looking for something" in busy.text
    assert "your network" not in busy.text


def test_decided_messages_are_listed_with_who_decided_and_why(desk, message):
    desk.press(desk.get(), "reject", why="Holds an address")
    listed = desk.get(f"{FIND}?state=rejected").text
    assert re.search(r"rejected by olga on .*: Holds an address", listed)
    assert "Stay strong!" in desk.get(f"{FIND}?reason=another").text
    assert "Stay strong!" not in desk.get(f"{FIND}?reason=Spam").text
    assert 'aria-current="page">Rejected' in page_of(desk, message.id)


def test_what_was_found_does_not_stand_below_what_was_asked(desk, message):
    desk.press(desk.get(), "reject", why="Holds an address")
    found = desk.get(f"{FIND}?reason=another&reviewer=olga&words=strong").text
    assert "Narrow it down: rejected because: another reason, decided by olga</summary>" in found
    assert "<details>" in found
    assert "<details open>" in desk.get(f"{FIND}?reason=Spam").text
    assert "<details open>" in desk.get(FIND).text


def test_a_message_runs_as_on_its_card_in_lists_and_notices_too(desk, database, submit):
    """And not as its first letter does."""
    words = "Minecraft وKGB هي لعبتي المفضّلة أيضًا!"
    for _ in range(3):
        submit(database, words)
    aside = desk.follow(desk.press(desk.get(), "aside", note="asks"))  # with its Undo
    again = desk.follow(desk.press(aside, "undo"))
    for page in (desk.get(f"{FIND}?state=waiting"), desk.get("/staff/mikita/groups"), aside, again):
        directions = re.findall(r'<(?:a|q) dir="(\w+)"[^>]*>Minecraft', page.text)
        assert directions
        assert set(directions) == {"rtl"}


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("hostile", "You are a traitor."),
        ("other-name", "I met Anna Kowalska."),
        ("postal-address", "I live at ul. Długa 5/7"),
        ("code", "It is 14-22-9-3-1."),
        ("duplicate", "STAY  strong, write to anna@example.org"),
        ("language", "Du bist nicht allein, wir denken jeden Tag an dich."),
        ("does-not-fit", "A river and a field. " * 200),
    ],
)
def test_what_is_noticed_only_on_a_look_can_be_asked_for(desk, message, database, submit, flag, text):
    submit(database, text)
    found = desk.get(f"{FIND}?flag={flag}&state=waiting").text
    listed = re.findall(r'<a dir="ltr" href="[^"]+">(.*?)</a>', found)
    assert listed[-1][:4] == text[:4]
    assert len(listed) == (2 if flag == "language" else 1)  # of the other one nothing else is noticed
    assert re.search(rf'<option value="{flag}" selected>', found)


def test_what_was_not_looked_through_yet_has_a_link(desk, message, database, submit, monkeypatch):
    monkeypatch.setattr(search, "LOOKED_THROUGH", 2)
    for text in ("We wait.", "A candle.", "You traitor!"):
        submit(database, text)
    first = desk.get(f"{FIND}?flag=hostile&state=waiting").text
    assert "Nothing was found among the first 2." in first
    further = re.search(r'href="([^"]+)">Look through the next 2<', first)
    second = desk.get(further[1].replace("&amp;", "&")).text
    assert "One message among those after the first 2, the oldest first" in second
    assert "You traitor!" in second
    assert '<q dir="auto">traitor</q>' in second
    assert "Look through those before" in second
    assert "Look through the next" not in second


def test_a_long_list_has_numbered_pages_that_keep_what_was_asked(desk, database, submit):
    for number in range(101):
        reject(database, submit(database, f"Message number {number}.").message)
    first = desk.get(f"{FIND}?state=rejected&words=number")
    assert "101 messages, page 1 of 3" in first.text
    assert "Message number 100." in first.text, "what was decided last comes first"
    further = re.search(r'href="([^"]+)">Next', first.text)
    second = desk.get(further[1].replace("&amp;", "&")).text
    assert "page 2 of 3" in second
    assert "Message number 50." in second
    assert "page 3 of 3" in desk.get(f"{FIND}?state=rejected&page=99").text


def test_a_card_is_found_by_the_number_printed_on_it(desk, message, database, submit):
    other = submit(database, "On another card.").message
    for one in (message.id, other):
        approve(database, one)
    put_in_batch(database, [message.id, other], 3, first=41)
    found = desk.get(f"{FIND}?card=42").text
    assert "On another card." in found
    assert "card 42 of batch 3, posted" in found
    assert "Stay strong!" not in found
    assert "Nothing was found." in desk.get(f"{FIND}?batch=2&card=42").text


def test_a_posted_message_tells_its_story_and_offers_nothing_that_cannot_be_done(desk, message, database):
    approve(database, message.id)
    put_in_batch(database, [message.id], 3)
    page = page_of(desk, message.id)
    story = re.search(r'<ol class="history">(.*?)</ol>', page, re.S)[1]
    for told in ("Received on", "Approved by olga on", "batch 3</a>", "posted on"):
        assert told in story
    actions = set(re.findall(rf'action="/staff/mikita/{message.id}/(\w+)"', page))
    assert actions == {"translate"}
    assert "Cut words out" not in page
    assert "and posted." in page


def test_a_message_whose_card_was_taken_back_can_be_decided_again(desk, message, database):
    approve(database, message.id)
    put_in_batch(database, [message.id], 3, state="printed")
    assert "/reopen" not in page_of(desk, message.id)
    database.write(lambda c: c.execute(update(slots).values(live=False)) and None)
    page = page_of(desk, message.id)
    assert "that card was taken back" in page
    assert f"/staff/mikita/{message.id}/reopen" in page


def test_a_missing_message_is_called_missing(desk, message):
    answer = desk.get("/staff/mikita/?message=nobody")
    assert answer.status_code == 404
    assert "There is no such message" in answer.text


def test_an_erased_message_still_tells_what_became_of_it(desk, message, database):
    approve(database, message.id)
    put_in_batch(database, [message.id], 3)
    database.write(lambda c: erasure.erase(c, message.id, "withdrawn", TODAY))
    page = page_of(desk, message.id)
    assert "This message was erased" in page
    assert "posted on" in page
    assert "Stay strong" not in page


def test_what_was_rejected_and_is_erased_is_called_neither_approved_nor_undecided(desk, message, database):
    desk.press(desk.get(), "reject", why="Spam")
    database.write(lambda c: erasure.erase(c, message.id, "retention", TODAY))
    page = page_of(desk, message.id)
    assert "Approved by" not in page
    assert "rejected by olga" in page


def test_what_came_in_a_flood_has_a_link_while_some_of_it_waits(desk, message, database, submit):
    assert "From a flood" not in desk.get().text
    flood = submit(database, "From the flood.", flood=True).message
    tab = re.search(r'href="([^"]+)"[^>]*>From a flood <b>1</b>', desk.get().text)
    assert "From the flood." in desk.get(tab[1]).text
    assert "From the flood." in desk.get(f"{FIND}?flood=1").text
    database.write(lambda c: review.reject(c, flood, "olga", "Spam", TODAY))
    assert "From a flood" not in desk.get().text


@table("query", ["state=x", "state=", "words=%00", "page=0", f"page={10**17}", "batch=&card="])
def test_odd_questions_get_plain_answers(desk, query):
    assert desk.get(f"{FIND}?{query}").status_code == 200


def test_an_id_that_none_can_have_is_missing_and_a_far_place_is_the_end(desk):
    assert desk.get("/staff/mikita/?message=%00").status_code == 404
    assert desk.get(f"/staff/mikita/?after={10**18 - 1}").status_code == 200


@table("number", ["x", "-1", f"{10**18}", f"{-(10**30)}", "9" * 5000, "1_0", "%D9%A3", "1.5"])
def test_what_is_no_number_that_a_database_holds_is_400(desk, message, number):
    for name in ("page", "batch", "card"):
        assert desk.get(f"{FIND}?{name}={number}").status_code == 400
    for page in ("mikita/?after", "mikita/groups?after", "log?page"):
        assert desk.get(f"/staff/{page}={number}").status_code == 400
    assert desk.get(f"/staff/mikita/?message={message.id}&cut=message&start={number}").status_code == 400


def test_its_story_says_what_was_undone_and_set_aside(desk, database, submit):
    one = submit(database, "Hold on, Mikita!").message
    page = f"/staff/mikita/?message={one}"
    desk.press(desk.get(page), "aside", note="Who reads Odia?")
    desk.press(desk.get(page), "approve")
    desk.press(desk.get(page), "undo")
    told = re.search(r"the order is not kept\): ([^<]*)<", desk.get(page).text)[1]
    assert told == "approved by olga, put back to waiting by olga, set aside by olga"


def test_its_story_keeps_who_decided_before_it_was_put_back(desk, message, database):
    days = (date(2026, 11, 20), "petr", "approved"), (date(2026, 11, 21), "olga", "reopened")
    for day, who, what in days:
        by = Scribe(who, KEYS, lambda day=day: datetime.combine(day, time.min, UTC))
        database.write(lambda c, by=by, what=what: by.record(c, what, f"mikita {message.id}"))
    database.write(lambda c: review.approve(c, message.id, "petr", KEYS, days[0][0]))
    database.write(lambda c: review.reopen(c, message.id, "olga", days[1][0]))
    story = re.search(r'<ol class="history">(.*?)</ol>', page_of(desk, message.id), re.S)[1]
    assert "On 20 November 2026: approved by petr" in story
    assert len(re.findall("put back to waiting by olga", story, re.I)) == 1
