"""What an answer tells its reader: faults by their fields, risky words, how many messages were posted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from campaign import ROOT
from campaign.language.catalogue import read_catalogue
from campaign.storage.database import Unavailable
from receiver.state.counts import Counted
from receiver.supporters import thanks_page
from receiver.supporters.form import email_missing
from tests.receiver.conftest import JSON, token_in


def test_faults_stand_in_the_form_s_order_and_name_their_fields(supporter):
    faults = {"message": "", "first_name": "", "email": "anna", "last_name": "K" * 81, "consent": None}
    answer = supporter.send(**faults)
    summary = answer.text[answer.text.index('class="errors"') : answer.text.index("</ul>")]
    assert re.findall(r'<a href="#(\w+)">([^<]*)</a>', summary) == [
        ("message", "Write your message."),
        ("first_name", "Write your first name."),
        ("last_name", "Surname: This is 1 character too long: at most 80 fit."),
        ("email", "Write an e-mail address like name@example.org, or none."),
        ("consent", "Tick the box that lets us print your words: without it we print nothing."),
    ]
    assert "<title>Error: Please look at this again</title>" in answer.text


def test_news_are_not_promised_without_an_address(supporter):
    answer = supporter.send(email="", updates="y", headers=JSON)
    assert answer.status_code == 422
    assert answer.json["errors"] == {"email": [email_missing(read_catalogue("en"))]}
    assert supporter.send(updates="y").status_code == 201
    page = (ROOT / "site" / "templates" / "_form.html").read_text(encoding="utf-8")
    assert email_missing(read_catalogue("en")) in page  # what the page's script says


def test_risky_words_are_pointed_out_on_the_review_page_and_do_not_keep_from_sending(supporter):
    review = supporter.send("", message="Freedom, and <b>fight</b>!")
    risk = re.search(r'<p class="risk">(.*?)</p>', review.text)[1]
    assert risk.startswith("A card may be stopped for this: “Freedom”, “fight”.")
    supporter.clock.advance(4)
    assert supporter.send(token_in(review), message="Freedom, and <b>fight</b>!").status_code == 201
    assert "may be stopped" not in supporter.send("").text


@pytest.mark.parametrize(("language", "name"), [("be", "Мікіт"), ("ru", "Никит"), ("en", "Mikita")])
def test_each_language_calls_the_person_by_its_own_name(supporter, language, name):
    page = supporter.send("", language=language)
    shown = re.sub(r"<style.*?</style>|<[^>]*>", " ", page.text.partition("</head>")[2], flags=re.DOTALL)
    assert name in shown
    assert ("Mikita" in shown) == (language == "en")


def test_letters_that_the_recipient_does_not_read_are_pointed_out_on_the_review_page(supporter):
    told = "Mikita can read: Belarusian and Russian."
    assert supporter.send("").text.count(told) == 2, "beside the field, and once more for these letters"
    assert supporter.send("", message="Мы з табой, Мікіта!").text.count(told) == 1


def test_thanks_say_how_many_messages_were_posted_and_do_without_where_nobody_can_count(
    app, supporter, monkeypatch
):
    counts = app.extensions["candle"].counts
    monkeypatch.setattr(counts, "current", lambda _: Counted(12_000, 0.0, 9000, 1234, 0.0))
    assert "Messages posted to Mikita so far: <strong>1,234</strong>" in supporter.send().text

    def fail(_campaign):
        raise Unavailable("the database cannot be read")

    monkeypatch.setattr(counts, "current", fail)
    thanks = supporter.send()
    assert thanks.status_code == 201
    assert (
        'href="https://candle.example.org/mikita/en/#sent"' in thanks.text
    )  # where the page drops its draft
    assert re.search(r'<p class="posted" hidden>', thanks.text)


def test_each_page_of_thanks_is_one_supporter_s_own(app, supporter, monkeypatch):
    """What is the same for all of them is drawn once: in one second, for each language."""
    drawn, render = [], thanks_page.render_template

    def counted(template, **given):
        drawn.append(template)
        return render(template, **given)

    monkeypatch.setattr(thanks_page, "render_template", counted)
    monkeypatch.setattr(thanks_page.time, "monotonic", lambda: 1000.0)
    writers = {"en": ("Anna", "Olga"), "be": ("Уля", "Zoë")}
    for language, names in writers.items():
        for name in names:
            message = f"From <b>{name}</b>, with all strength."
            page = supporter.send(message=message, first_name=name, language=language).text
            assert f"From &lt;b&gt;{name}&lt;/b&gt;, with all strength. {name}" in page
            assert len(re.findall(r'class="receipt" dir="ltr">[a-z2-7]{4}(?:-[a-z2-7]{4}){5}<', page)) == 1
            assert f'<html lang="{language}"' in page
            assert not {"\x02", "\x03"} & set(page)
            others = {other for some in writers.values() for other in some} - {name}
            assert not [other for other in others if other in page]
    assert drawn.count("supporter/thanks.html") == 2
    assert drawn.count("supporter/thanks_card.html") == 2


def test_thanks_come_though_another_thread_draws_a_page_meanwhile(app, supporter):
    class Drawn(dict):
        def items(self):
            for name, frame in super().items():
                self["by another thread"] = frame
                yield name, frame

    supporter.send()
    pages = app.extensions["candle.thanks"]
    pages._frames = Drawn({name: replace(frame, second=0) for name, frame in pages._frames.items()})
    assert supporter.send().status_code == 201
