"""Review page and thanks show the card as it will be printed, for little work, and for no post too many."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from campaign.cards import outlines as module
from campaign.cards.type.typesetter import Typesetter
from tests.receiver.conftest import GOOD, JSON, Supporter
from tests.support.outlined import outlined

CARD = ("A6", GOOD["message"], GOOD["first_name"], "en")


def places(page: str) -> list[tuple[str, ...]]:
    return re.findall(r'<use href="#s(\d+)" x="(-?\d+)" y="(-?\d+)"/>', page)


def drawn(*words: str, alone: bool = False) -> list[tuple[str, ...]]:
    return [tuple(map(str, place)) for place in outlined(*words, alone=alone).places]


def test_the_review_page_and_the_thanks_show_the_card_that_will_be_printed(supporter: Supporter):
    token = supporter.token()
    for page in (
        supporter.send("").text,
        supporter.send(token).text,
        supporter.send(token, message="Another.").text,
    ):
        words = "Another." if "Another." in page else GOOD["message"]
        assert places(page) == drawn("A6", words, "Anna", "en")
        assert f'role="img" aria-label="{words} Anna"' in page
        assert "data-empty" not in page


def test_what_is_alone_on_its_card_is_shown_larger(app, supporter: Supporter, monkeypatch):
    contents = app.extensions["candle"].contents
    campaign = contents.get("mikita")
    alone = replace(campaign, card=replace(campaign.card, messages_per_card=1, size="A5"))
    monkeypatch.setattr(contents, "get", lambda _slug: alone)
    assert places(supporter.send("").text) == drawn("A5", *CARD[1:], alone=True) != drawn("A5", *CARD[1:])


@pytest.mark.parametrize("asked", [{"card": "y"}, {"card": "no"}, {}])
def test_in_json_the_card_comes_to_whom_asks_for_it(asked, supporter: Supporter):
    answer = supporter.send(supporter.token(), headers=JSON, **asked)
    assert answer.status_code == 201
    card = json.loads(json.dumps(outlined(*CARD)._asdict()))
    assert answer.json.get("card") == (card if asked == {"card": "y"} else None)
    assert len(answer.json) == 4 + (asked == {"card": "y"})


@pytest.mark.parametrize("fields", [{"message": ""}, {"consent": ""}, {"email": "nobody"}])
def test_nothing_is_drawn_for_a_form_with_a_fault(fields, supporter: Supporter, monkeypatch):
    monkeypatch.setattr(module, "outlines", None)
    assert supporter.send("", **fields).status_code == 422


@pytest.mark.slow
def test_nothing_is_drawn_for_a_post_that_is_one_too_many(make_app, settings, clock, monkeypatch):
    monkeypatch.setattr(module, "outlines", None)
    supporter = Supporter(make_app(settings).test_client(), clock)
    while (answer := supporter.send("", message="")).status_code == 422:
        pass
    assert answer.status_code == 429
    assert places(answer.text) == []


@pytest.mark.parametrize("headers", [{}, JSON])
def test_words_are_set_once_for_the_fit_and_the_picture(headers, supporter: Supporter, monkeypatch):
    settings = []
    set_it = Typesetter.set
    monkeypatch.setattr(Typesetter, "set", lambda *words: settings.append(words) or set_it(*words))
    mixed = "Ẹ kú àárọ̀ Mikita ❤️ שלום"
    assert supporter.send(supporter.token(), headers=headers, message=mixed, card="y").status_code == 201
    assert len(settings) == 1


def test_what_goes_wrong_while_drawing_leaves_no_message_unthanked(supporter: Supporter, monkeypatch):
    monkeypatch.setattr(module, "outlines", None)
    token = supporter.token()
    assert supporter.send(token).status_code == 500
    assert supporter.count() == 0, "nothing was stored that could not be thanked"
    monkeypatch.undo()
    assert supporter.send(token).status_code == 201


def test_words_that_no_card_carries_stand_in_plain_letters(supporter: Supporter, monkeypatch):
    monkeypatch.setattr("receiver.supporters.sending.fit_check.add_fit_faults", lambda _form: None)
    page = supporter.send("", message="𓀀 is a man").text
    assert places(page) == []
    assert "𓀀 is a man</p>" in page
