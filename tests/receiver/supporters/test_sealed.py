"""Details that the page's script sealed: stored as they came, carried on unread, refused if they are none."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from campaign.keys import sealing
from campaign.messages import details
from receiver.supporters import sending
from tests.receiver.conftest import GOOD, JSON, Supporter, token_in
from tests.support.sealed import DETAILS, IDENTITIES, TO_ONE, TO_TWO
from tests.support.table import table

SEALED = {"details": TO_ONE, "last_name": None, "email": None, "country": None}
FIELD = f'<input type="hidden" name="details" value="{TO_ONE}">'


def stored(database) -> list[bytes]:
    with database.read() as connection:
        return [one.ciphertext for one in details.sealed_details(connection, "mikita")]


def test_a_seal_is_stored_as_it_came_and_opens(supporter, database):
    assert supporter.send(headers=JSON, **SEALED).status_code == 201
    (sealed,) = stored(database)
    assert sealed == base64.b64decode(TO_ONE)
    assert sealing.unseal(sealed, [IDENTITIES[0]]) == DETAILS


def test_each_plain_field_beside_it_is_refused_and_empty_ones_are_no_fault(supporter, database):
    empty = {"last_name": "", "email": "", "country": ""}
    for name in empty:
        assert supporter.send(**SEALED | empty | {name: GOOD[name]}).status_code == 400, name
    assert supporter.send(**SEALED | empty).status_code == 201
    assert len(stored(database)) == 1


@table("seal", [TO_TWO, TO_ONE[:-4], "YWdl", "{}", "ў", " "])
def test_what_is_no_seal_is_422_and_the_page_asks_again(supporter, database, seal):
    answer = supporter.send(headers=JSON, **SEALED | {"details": seal})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["details"]
    page = supporter.send(**SEALED | {"details": seal})
    assert page.status_code == 422
    assert "locked for a key that is no longer in use" in page.text
    assert 'name="last_name"' in page.text
    assert 'name="details"' not in page.text
    assert '<details class="details" open>' in page.text
    assert supporter.count() == 0


def test_the_review_page_carries_it_on_and_asks_nothing_that_it_holds(supporter, database, clock):
    page = supporter.send("", **SEALED)
    assert FIELD in page.text
    assert "locked already" in page.text
    assert "Your browser locks" not in page.text  # no script of the receiver's does
    assert '<details class="details" open>' in page.text
    for name in ("last_name", "email", "country"):
        assert f'name="{name}"' not in page.text
    assert 'name="updates"' in page.text
    clock.advance(4)
    assert supporter.send(token_in(page), **SEALED).status_code == 201
    assert stored(database) == [base64.b64decode(TO_ONE)]


def test_another_seal_than_the_review_page_showed_is_shown_once_more(supporter, clock):
    page = supporter.send("", **SEALED)
    clock.advance(4)
    other = base64.b64decode(TO_ONE)[:-1] + b"!"
    answer = supporter.send(token_in(page), **SEALED | {"details": base64.b64encode(other).decode()})
    assert (answer.status_code, supporter.count()) == (200, 0)


def test_the_same_words_again_are_one_message_though_the_same_details_look_different_each_time(
    supporter, database
):
    token = supporter.token()
    first = supporter.send(token, headers=JSON, **SEALED)
    other = base64.b64encode(base64.b64decode(TO_ONE)[:-1] + b"!").decode()
    assert supporter.send(token, headers=JSON, **SEALED | {"details": other}).json == first.json
    assert (supporter.count(), stored(database)) == (1, [base64.b64decode(TO_ONE)])


def test_a_fault_elsewhere_keeps_it(supporter):
    page = supporter.send(**SEALED | {"first_name": ""})
    assert page.status_code == 422
    assert FIELD in page.text


@pytest.mark.slow
def test_a_post_that_came_too_soon_or_was_not_stored_keeps_it_as_it_came(
    make_app, settings, clock, monkeypatch
):
    supporter = Supporter(make_app(settings).test_client(), clock)
    monkeypatch.setattr(sending, "_submit", lambda *_: (_ for _ in ()).throw(sending.NotStored("full")))
    page = supporter.send(**SEALED)
    assert (page.status_code, FIELD in page.text) == (503, True)
    for _ in range(120):
        supporter.client.post("/mikita/messages", data={"message": ""})
    page = supporter.send("", **SEALED | {"details": '"><script>'})
    assert page.status_code == 429
    assert "<script>" not in page.text
    assert "&#34;&gt;&lt;script&gt;" in page.text


def test_news_can_be_asked_for_with_an_address_that_nobody_sees(supporter):
    assert supporter.send(updates="y", **SEALED).status_code == 201
    assert supporter.send(updates="y", email="").status_code == 422


def test_where_no_details_are_asked_a_seal_is_ignored(make_app, unlimited, clock, database):
    supporter = Supporter(make_app(replace(unlimited, age_recipients=())).test_client(), clock)
    assert supporter.send(**SEALED | {"details": "anything"}).status_code == 201
    assert stored(database) == []
