"""The staff desk: what they see, and that a decision is made on what was seen."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from campaign.keeping import erasure, made_keepsakes
from campaign.messages import asides, queries, review
from campaign.storage import tables
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import OWN, csrf_in, log_in
from tests.receiver.desk import Desk
from tests.support.ledger import put_in_batch
from tests.support.review import get
from tests.support.table import table

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design

FORM = "application/x-www-form-urlencoded"


# Review.


def test_the_oldest_waiting_message_comes_first_and_then_the_next(desk, database, submit):
    submit(database, "The first one.")
    submit(database, "The second one.")
    page = desk.get()
    assert "Does this go on a card for Mikita?" in page.text
    assert "The first one." in page.text
    page = desk.follow(desk.press(page, "approve"))
    assert "Approved." in page.text
    assert "The second one." in page.text
    page = desk.follow(desk.press(page, "reject", why="Spam"))
    assert "Nothing waits" in page.text


def test_a_rejection_needs_a_reason(desk, message, database):
    answer = desk.press(desk.get(), "reject", why="  ")
    assert "say why" in desk.follow(answer).text
    assert get(database, message.id).state == "waiting"
    desk.press(desk.get(), "reject", why="An insult")
    assert get(database, message.id).reason == "An insult"


def test_flags_are_explained_and_shown_where_they_are(desk, supporter):
    supporter.send(message="Freedom! Write to anna@example.org. Anna Kowalska", first_name="Anna Kowalska")
    page = desk.get().text
    for title, words in (
        ("an e-mail address", "anna@example.org"),
        ("a word that can stop the letter", "Freedom"),
    ):
        assert re.search(rf'<mark title="[^"]*{title}[^"]*">{re.escape(words)}</mark>', page)
    assert "a first name of several words" in page
    assert "perhaps the writer’s surname" in page


def test_the_page_s_language_is_told_in_english_as_all_else_at_the_desk(desk, database, submit):
    submit(database, "מיקיטה היקר, אתה לא לבד.", language="he")
    assert "Page in Hebrew" in desk.get().text


def test_a_repeated_message_is_told(desk, database, submit):
    submit(database, "Hold on, Mikita!")
    submit(database, "hold on  Mikita")
    assert "one other message says nearly the same" in desk.get().text


def test_a_second_decision_on_the_same_message_is_refused_and_says_so(desk, message, database):
    seen = desk.get()
    desk.press(seen, "approve")
    for action in ("approve", "reject", "translate"):
        page = desk.follow(desk.press(seen, action, why="Spam", translation="Трымайся!"))
        assert "Somebody was quicker: it is approved already by you, today." in page.text
        assert f'data-id="{message.id}"' in page.text
        assert f'?message={message.id}">Look at it</a>' in page.text
    kept = get(database, message.id)
    assert (kept.state, kept.translation) == ("approved", None)


@table("why", [b"a%00b", b"%ff", b"a&why=b"])
def test_a_broken_form_decides_nothing(desk, message, database, why):
    data = b"csrf_token=" + csrf_in(desk.get()).encode() + b"&state=waiting&why=" + why
    answer = desk.client.post(
        f"/staff/mikita/{message.id}/reject",
        base_url=OWN, data=data, headers={"Referer": f"{OWN}/"}, content_type=FORM,
    )  # fmt: skip
    assert answer.status_code == 400
    assert get(database, message.id).state == "waiting"


def test_a_decision_on_other_words_than_were_seen_is_refused(desk, message, database):
    seen = desk.get()
    changed = update(tables.messages).values(text="Other words, put there by somebody.")
    database.write(lambda connection: connection.execute(changed))
    for action in ("approve", "reject"):
        page = desk.follow(desk.press(seen, action, why="Spam"))
        assert "changed the words since you saw them" in page.text
        assert get(database, message.id).state == "waiting"


def test_a_message_that_its_writer_took_back_says_so(desk, database, message):
    seen = desk.get()
    database.write(lambda connection: erasure.erase(connection, message.id, "withdrawn", TODAY))
    for action in ("approve", "reject", "translate"):
        page = desk.follow(desk.press(seen, action, why="Spam"))
        assert "It was taken back or erased since you saw it" in page.text
        assert "by olga" not in page.text


def test_two_at_the_desk_are_given_different_messages(desk, other, database, submit):
    submit(database, "The first one.")
    submit(database, "The second one.")
    assert "The first one." in desk.get().text
    assert "The second one." in other.get().text
    assert "The first one." in desk.get().text
    desk.press(desk.get(), "approve")
    page = desk.get()
    assert "The second one." in page.text
    assert "petr looks at this one too" in page.text


def test_who_skipped_up_to_what_another_looks_at_is_given_what_is_free(desk, other, database, submit):
    skipped, last = (submit(database, text).message for text in ("Skipped by petr.", "The last one."))
    desk.get(f"/staff/mikita/?message={last}")
    after = get(database, skipped).order
    page = other.get(f"/staff/mikita/?after={after}")
    assert "Skipped by petr." in page.text
    assert "looks at this one too" not in page.text
    flooded = submit(database, "From the flood.", flood=True).message
    page = other.get(f"/staff/mikita/?after={after}")
    assert "From the flood." in page.text
    assert "Nothing else waits for you but what you skipped: these came in a flood." in page.text
    page = other.get(f"/staff/mikita/?message={flooded}")
    assert "Nothing else waits" not in page.text  # it was asked for


def test_nobody_looks_at_a_message_any_more_when_it_is_decided(desk, other, message):
    page, address = desk.get(), f"/staff/mikita/?message={message.id}"
    assert "olga looks at this one too" in other.get(address).text
    desk.press(page, "reject", why="Spam")
    assert "looks at this one too" not in other.get(address).text


def test_who_reviews_a_flood_goes_on_with_it(desk, database, submit):
    for text in ("From the flood.", "From the flood too."):
        submit(database, text, flood=True)
    submit(database, "From a friend.")
    page = desk.follow(desk.press(desk.get("/staff/mikita/?flood=1"), "approve"))
    assert "From the flood too." in page.text


def test_a_message_is_set_aside_with_a_note_and_has_a_queue_of_its_own(desk, message, database, submit):
    submit(database, "The next one.")
    page = desk.follow(desk.press(desk.get(), "aside", note="Who reads Odia?"))
    assert "Set aside." in page.text
    assert "The next one." in page.text
    assert "Stay strong!" not in desk.follow(desk.press(page, "approve")).text
    page = desk.get(re.search(r'href="([^"]+)"[^>]*>Set aside <b>1</b>', page.text)[1])
    assert "Stay strong!" in page.text
    assert re.search(r"Set aside by olga on .*:</b> <span dir=.auto.>Who reads Odia\?", page.text)
    page = desk.follow(desk.press(page, "reject", why="Spam"))
    assert "Nothing is set aside" in page.text


def test_what_was_set_aside_is_taken_up_again(desk, message):
    page = desk.follow(desk.press(desk.get(), "aside", note="Who reads Odia?"))
    assert "Nothing waits" in page.text
    assert "but for what is set aside" in page.text
    page = desk.follow(desk.press(page, "undo"))
    assert "The message waits again." in page.text
    assert "Who reads Odia?" not in desk.get().text
    assert "Stay strong!" in desk.get().text


def test_a_message_of_another_campaign_is_not_decided_here(desk, database, submit):
    page = desk.get()
    receipt = submit(database, campaign="another")
    other = get(database, receipt.message)
    fields = {"csrf_token": csrf_in(page), "seen": other.fingerprint, "state": "waiting"}
    desk.client.post(
        f"/staff/mikita/{other.id}/approve", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"}
    )
    assert get(database, other.id).state == "waiting"
    assert other.text not in desk.get(f"/staff/mikita/?message={other.id}").text


def test_the_counts_are_shown(desk, database, submit):
    for text in ("One.", "Two.", "Three."):
        submit(database, text)
    page = desk.follow(desk.press(desk.get(), "approve"))
    page = desk.follow(desk.press(page, "reject", why="Spam"))
    tabs = re.findall(r"(Waiting|Approved|Rejected) <b>(\d+)</b>", page.text)
    assert tabs == [("Waiting", "1"), ("Approved", "1"), ("Rejected", "1")]


def test_an_unknown_campaign_is_not_there(desk):
    page = desk.get("/staff/nobody/")
    assert page.status_code == 404
    assert "ask its editors" in page.text, "it may be a draft with a fault since yesterday"


# Cutting out, and cards to pull.


def asked_to_cut(desk, page):
    """Follow the first flag's link to the words that can be cut; returns the page and what is ticked."""
    question = desk.get(re.search(r'class="cut" href="([^"]+)"', page.text)[1].replace("&amp;", "&"))
    return question, dict.fromkeys(re.findall(r'name="([^"]+)" value="y" checked', question.text), "y")


def test_a_flagged_span_can_be_cut_out_after_a_second_look(desk, database, supporter):
    supporter.send(message="Be strong! Write to anna@example.org soon.")
    question, ticked = asked_to_cut(desk, desk.get())
    assert ticked == {"message:20:36": "y"}
    assert 'name="why" required maxlength="200" autocomplete="off" value="an e-mail address"' in question.text
    page = desk.follow(desk.press(question, "cut", why="an e-mail address", **ticked))
    assert "Cut out." in page.text
    assert "olga cut words out of the text" in page.text
    shown, _, original = page.text.partition("As it came")
    assert "anna@example.org" not in shown
    assert "anna@example.org" in original
    assert "anna@example.org" not in desk.get("/staff/mikita/messages?state=waiting").text
    with database.read() as connection:
        (message,) = queries.list_messages(connection, "mikita", "waiting")
    assert message.text == "Be strong! Write to soon."
    desk.press(page, "approve")
    assert get(database, message.id).state == "approved"


def test_any_words_can_be_ticked_and_put_back(desk, message, database):
    question = desk.get(f"/staff/mikita/?message={message.id}&cut=words")
    names = re.findall(r'name="([^"]+)" value="y"', question.text)
    assert 'value="y" checked' not in question.text
    first, last = names[0], names[-2]  # the last one is the first name
    page = desk.follow(desk.press(question, "cut", why="a third person", **{first: "y", last: "y"}))
    assert get(database, message.id).text != message.text
    page = desk.follow(desk.press(page, "restore"))
    assert get(database, message.id).text == message.text
    assert "As it came" not in page.text


@table(("ticked", "why"), [({}, "a name"), ({"message:0:4": "y"}, " ")])
def test_a_cut_of_nothing_or_for_no_reason_is_asked_again(desk, message, database, ticked, why):
    question = desk.get(f"/staff/mikita/?message={message.id}&cut=words")
    assert "Nothing was cut" in desk.follow(desk.press(question, "cut", why=why, **ticked)).text
    assert get(database, message.id).text == message.text


def test_a_cut_on_words_that_changed_is_refused(desk, database, supporter):
    supporter.send(message="Be strong! Write to anna@example.org soon.")
    page = desk.get()
    question, ticked = asked_to_cut(desk, page)
    desk.press(page, "approve")
    assert "Somebody was quicker" in desk.follow(desk.press(question, "cut", why="x", **ticked)).text


def test_words_of_others_are_put_back_by_nobody_who_saw_other_words(desk, message, database):
    question = desk.get(f"/staff/mikita/?message={message.id}&cut=words")
    first, *_ = re.findall(r'name="([^"]+)" value="y"', question.text)
    page = desk.follow(desk.press(question, "cut", why="x", **{first: "y"}))
    text = get(database, message.id).text
    desk.press(desk.get(f"/staff/mikita/?message={message.id}&cut=words"), "cut", why="x", **{first: "y"})
    assert get(database, message.id).text != text
    assert "Words were cut out by olga since you saw them" in desk.follow(desk.press(page, "restore")).text
    page = desk.get(f"/staff/mikita/?message={message.id}")
    database.write(lambda c: review.translate(c, message.id, "Hallo", "petr"))
    assert "It was translated by petr since you saw it" in desk.follow(desk.press(page, "approve")).text


def cut(desk, message, span):
    fields = {
        "csrf_token": csrf_in(desk.get()), "seen": message.fingerprint, "state": "waiting",
        f"message:{span[0]}:{span[1]}": "y", "why": "a name",
    }  # fmt: skip
    return desk.client.post(
        f"/staff/mikita/{message.id}/cut", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"}
    )


@table(
    "span",
    [("0", "999"), ("0", "999999999"), ("5", "5"), ("9", "2"), ("-5", "3"), ("0", "9" * 30), ("", "x")],
)
def test_a_cut_of_no_place_changes_nothing(desk, message, database, span):
    assert "Nothing was c" in desk.follow(cut(desk, message, span)).text
    assert get(database, message.id).text == message.text


def test_a_language_that_the_recipient_does_not_read_is_told(desk, database, submit):
    submit(database, "We are thinking of you every day, and we hope to see you at home soon.")
    page = desk.get().text
    flags, facts = page.split("<h2>To look at</h2>")[1].split('<p class="facts">')
    assert "Perhaps not in a language that the recipient reads" in facts
    assert "Nothing was noticed." in flags, "it stands on most messages, and would hide the flags that matter"


def test_cards_to_take_out_of_the_pile_are_named(desk, database, submit):
    receipt = submit(database)
    database.write(lambda c: review.approve(c, receipt.message, "olga", [APPROVAL_KEY], TODAY))
    put_in_batch(database, [receipt.message], 7, state="printed", first=3)
    assert "Take these cards out" not in desk.get().text
    database.write(lambda c: erasure.withdraw(c, receipt.code, TODAY))
    assert "card 3 (sheet 1) of batch 7" in desk.get().text


def test_a_keepsake_that_holds_what_was_taken_back_is_to_be_made_anew(desk, database, submit):
    receipts = [submit(database, words) for words in ("It is withdrawn", "It is erased", "It stays")]
    ids = [receipt.message for receipt in receipts]
    database.write(lambda c: [review.approve(c, one, "olga", [APPROVAL_KEY], TODAY) for one in ids])
    put_in_batch(database, ids)
    make_keepsake(database)
    assert "keepsake" not in desk.get().text
    database.write(lambda c: erasure.withdraw(c, receipts[0].code, TODAY))
    page = " ".join(desk.get().text.split())
    assert "The family’s keepsake holds a message taken back since." in page
    assert '<a href="/staff/mikita/batches#keepsake">Make it anew</a>' in page
    database.write(lambda c: erasure.erase(c, ids[1], "erased by staff", TODAY))
    assert "The family’s keepsake holds 2 messages taken back" in desk.get().text
    make_keepsake(database)  # on the same day
    assert "keepsake" not in desk.get().text


def make_keepsake(database):
    """Note that a keepsake was made of what has words."""
    with database.read() as connection:
        chosen = select(tables.slots.c.id).join(
            tables.messages, tables.messages.c.id == tables.slots.c.message
        )
        held = connection.scalars(chosen.where(tables.messages.c.erased_on.is_(None))).all()
    database.write(lambda c: made_keepsakes.record(c, "mikita", held, TODAY, "0" * 64))


# Translations.


def test_a_translation_is_written_by_hand_changed_and_taken_away(desk, message, database):
    page = desk.follow(desk.press(desk.get(), "translate", translation="Трымайся!\r\nДа сустрэчы."))
    assert "The translation is kept." in page.text
    assert get(database, message.id).translation == "Трымайся!\nДа сустрэчы."
    assert '<p class="text" dir="ltr">Трымайся!\nДа сустрэчы.</p>' in page.text
    page = desk.follow(desk.press(page, "translate", translation="  "))
    assert "The translation is taken away." in page.text
    assert get(database, message.id).translation is None


def test_a_translation_is_never_markup_and_has_an_end(desk, message, database):
    page = desk.follow(desk.press(desk.get(), "translate", translation="</textarea><script>x</script>"))
    assert "<script>x" not in page.text
    assert "longer than 4000" in desk.follow(desk.press(page, "translate", translation="x" * 4001)).text
    assert get(database, message.id).translation == "</textarea><script>x</script>"


# Skipping.


def test_a_skipped_message_comes_again_after_the_others(desk, database, submit):
    for text in ("The first one.", "The second one.", "The third one."):
        submit(database, text)
    seen = []
    page = desk.get()
    for _ in range(4):
        seen.append(re.search(r"The (\w+) one", page.text)[1])
        page = desk.get(re.search(r'class="skip"[^>]*href="([^"]+)"', page.text)[1].replace("&amp;", "&"))
    assert seen == ["first", "second", "third", "first"]


def test_who_skipped_a_message_goes_on_behind_it(desk, database, submit):
    for text in ("The first one.", "The second one.", "The third one."):
        submit(database, text)
    page = desk.get(re.search(r'class="skip"[^>]*href="([^"]+)"', desk.get().text)[1])
    page = desk.follow(desk.press(page, "approve"))
    assert "The third one." in page.text


def test_a_flood_can_be_skipped_through(desk, database, submit):
    for number in range(3):
        submit(database, f"Flood {number}.", flood=True)
    submit(database, "From a friend.")
    page, seen = desk.get(), []
    for _ in range(4):
        seen.append(re.search(r"(Flood \d|From a friend)\.", page.text)[1])
        page = desk.get(re.search(r'class="skip"[^>]*href="([^"]+)"', page.text)[1].replace("&amp;", "&"))
    assert seen == ["From a friend", "Flood 0", "Flood 1", "Flood 2"]


def test_while_words_are_ticked_nothing_can_be_approved(desk, message):
    page = desk.get(f"/staff/mikita/?message={message.id}&cut=words")
    assert "/approve" not in page.text
    assert "First cut the ticked words out, or keep all." in page.text
    assert "/approve" in desk.get(f"/staff/mikita/?message={message.id}").text


def test_an_address_from_before_a_cut_ticks_no_other_words(desk, message):
    old = f"/staff/mikita/?message={message.id}&cut=message&start=0&end=4&of={message.fingerprint}"
    assert "Tick the words to cut out" in desk.get(old).text
    desk.press(desk.get(old), "cut", why="a name", **{"message:0:4": "y"})
    assert "Tick the words to cut out" not in desk.get(old).text


def test_two_people_of_one_name_are_told_apart(make_app, unlimited, content_dir, password, database, message):
    database.write(lambda c: asides.put(c, message.id, "Who reads it?", "olga", TODAY))
    shutil.copytree(content_dir / "mikita", content_dir / "mikita-2")
    client = make_app(replace(unlimited, content_dir=content_dir)).test_client()
    log_in(client, "olga", password)
    page = Desk(client).get("/staff/").text
    assert "<small>mikita-2</small>" in page
    assert page.count("<td>0</td>") == 6, "what is set aside is in no other count"


def test_a_campaign_that_became_a_draft_with_a_fault_is_named(
    make_app, unlimited, content_dir, password, message
):
    shutil.copytree(content_dir / "mikita", content_dir / "anna")
    (content_dir / "mikita" / "campaign.toml").write_text("draft = true\nname = 1\n")
    client = make_app(replace(unlimited, content_dir=content_dir)).test_client()
    log_in(client, "olga", password)
    page = Desk(client).get("/staff/").text
    assert "mikita: messages are kept, but the texts are missing, or a draft with a fault" in page
