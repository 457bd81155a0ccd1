"""The card at the staff desk: its picture, and why a message has none."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from campaign.messages import review
from campaign.press import printability
from campaign.text.flag import Flag
from receiver.staff.card import DPI
from tests.receiver.conftest import OWN, csrf_in
from tests.support.review import approve, get
from tests.support.table import table

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design


def picture_on(page) -> str:
    """Return the address of the card's picture; "" when the page has none."""
    found = re.search(r'<img src="([^"]+)"[^>]*alt="[^"]+"', page.text)
    return found[1] if found else ""


def test_the_card_is_shown_as_it_will_be_printed(desk, message):
    answer = desk.get(picture_on(desk.get()))
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers, "it may arrive after that of a decision"
    with Image.open(io.BytesIO(answer.data)) as image:
        assert image.size == pytest.approx((105 / 25.4 * 200, 148 / 25.4 * 200), abs=2)
        assert image.getextrema()[0] < 60


def test_what_was_approved_in_its_translation_is_shown_so_whatever_the_campaign_prints_today(
    app, desk, database, message
):
    database.write(lambda c: review.translate(c, message.id, "Трымайся, Мікіта!", "petr", "be"))
    approve(database, message.id, prints="translation")
    facts = app.extensions["candle"].contents.get("mikita").card
    drawn = printability.picture(facts, get(database, message.id), "translation").png(DPI)
    assert desk.get(picture_on(desk.get(f"/staff/mikita/?message={message.id}"))).data == drawn


def test_the_picture_is_for_staff_alone(app, desk, message):
    path = picture_on(desk.get())
    answer = app.test_client().get(path, base_url=OWN)
    assert (answer.status_code, answer.location) == (
        303,
        f"/staff/login?next=/staff/mikita/?message%3D{path.split('/')[-2]}",
    )


def test_there_is_no_picture_of_another_campaigns_message_or_of_none(desk, database, submit):
    other = submit(database, campaign="another").message
    for identifier in (other, "nosuchid", "%00"):
        assert desk.get(f"/staff/mikita/{identifier}/card.png").status_code == 404


@table(
    ("text", "reason"),
    [
        ("line\n" * 40 + "end", "too long for the card by 14 lines"),
        ("Hold on 𓀀!", "no font of the cards draws 𓀀"),
    ],
)
def test_what_cannot_be_printed_says_why_and_cannot_be_approved(desk, database, submit, text, reason):
    found = get(database, submit(database, text).message)
    page = desk.get()
    assert f"It cannot be printed:</b> {reason}" in page.text
    assert "/approve" not in page.text
    assert picture_on(page) == ""
    assert desk.get(f"/staff/mikita/{found.id}/card.png").status_code == 404
    fields = {"csrf_token": csrf_in(page), "seen": found.fingerprint, "state": "waiting"}
    path = f"/staff/mikita/{found.id}/approve"
    answer = desk.client.post(path, base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})
    assert f"Nothing was changed. {reason.capitalize()}" in desk.follow(answer).text
    assert get(database, found.id).state == "waiting"
    assert "Nothing waits" in desk.follow(desk.press(page, "reject", why="Cannot be printed")).text


def test_a_character_that_no_font_draws_is_cut_out_and_the_rest_approved(desk, database, submit):
    found = get(database, submit(database, "Hold on 𓀀 Mikita!").message)
    page = desk.get()
    assert '<mark title="no font of the cards draws this">𓀀</mark>' in page.text
    question = desk.get(re.search(r'class="cut" href="([^"]+)"', page.text)[1].replace("&amp;", "&"))
    ticked = re.search(r'name="([^"]+)" value="y" checked', question.text)[1]
    page = desk.follow(desk.press(question, "cut", why="no font draws it", **{ticked: "y"}))
    desk.press(page, "approve")
    assert (get(database, found.id).state, get(database, found.id).text) == ("approved", "Hold on Mikita!")


def test_what_cannot_be_printed_is_told_before_all_else(desk, database, submit):
    submit(database, "See example.org 𓀀!", flags=(Flag("link", "message", 4, 15),))
    told = re.findall(r"<li[^>]*><b>([^<]+)</b>", desk.get().text)
    assert told[0] == "no font of the cards draws this"
    assert "a link" in told
