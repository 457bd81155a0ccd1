"""The answers of docs/contract.md, "Sending a message", with what they hold, as pages and as JSON."""

from __future__ import annotations

import gc
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from campaign.messages import details, queries
from campaign.storage.database import NotStored
from receiver.http import body, networks
from receiver.supporters import form, sending
from tests.receiver.conftest import GOOD, JSON, OWN, SITE, Supporter, token_in
from tests.support import disk
from tests.support.table import table


@pytest.fixture
def database(any_database):
    """Every row of the table on SQLite and on PostgreSQL."""
    return any_database


def stored(database):
    with database.read() as connection:
        return queries.list_messages(connection, "mikita")


# A valid token and good fields.


def test_a_good_message_is_stored_and_thanked_in_place(supporter, database):
    answer = supporter.send()
    assert answer.status_code == 201
    assert re.search(r'class="receipt" dir="ltr">[a-z2-7-]{29}<', answer.text)
    assert "Thank you" in answer.text
    assert '<html lang="en" dir="ltr">' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    (message,) = stored(database)
    assert (message.text, message.first_name, message.state) == (GOOD["message"], "Anna", "waiting")


def test_the_page_may_be_a_mirror(make_app, unlimited, clock):
    mirror = "http://candle0000000000.onion"
    app = make_app(replace(unlimited, site_url=(SITE, mirror)))
    supporter = Supporter(app.test_client(), clock)
    assert supporter.send(headers={"Origin": mirror}).status_code == 201


# Anything else: the review page, and nothing stored.


def test_an_expired_token_is_reviewed_and_says_why(supporter):
    token = supporter.token()
    supporter.clock.advance(24 * 3600)
    answer = supporter.send(token)
    assert answer.status_code == 200
    assert "open for a long time" in answer.text
    assert supporter.count() == 0


def test_the_review_page_shows_what_is_left_of_the_words(supporter):
    answer = supporter.send("", message="  strong\u202etext\u0007\r\n\r\n\r\n\r\nhere  ")
    assert "strongtext\n\n\nhere" in answer.text


def test_a_confirmation_that_comes_too_soon_keeps_the_ripening_token(supporter):
    page = supporter.send("")
    supporter.clock.advance(1)
    again = supporter.send(token_in(page), headers={"Origin": OWN})
    assert again.status_code == 200
    assert "quick" in again.text
    assert token_in(again) == token_in(page)
    supporter.clock.advance(2.5)
    assert supporter.send(token_in(again), headers={"Origin": OWN}).status_code == 201


def test_a_foreign_page_cannot_confirm_what_it_made_reviewed(supporter):
    page = supporter.send("")
    supporter.clock.advance(4)
    foreign = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    assert supporter.send(token_in(page), headers=foreign).status_code == 200
    assert supporter.count() == 0


# A used token with other words.


def test_a_used_token_with_other_words_is_409_and_offers_to_send_them_too(supporter):
    token = supporter.token()
    supporter.send(token)
    answer = supporter.send(token, message="A second message.")
    assert answer.status_code == 409
    assert "A second message." in answer.text
    assert supporter.count() == 1
    supporter.clock.advance(4)
    assert supporter.send(token_in(answer), message="A second message.").status_code == 201
    assert supporter.count() == 2


def test_of_different_words_at_once_one_is_stored_and_the_rest_are_409(app, clock, supporter, database):
    token = supporter.token()

    def press(number: int) -> tuple[int, str]:
        words = f"Text {number}."
        return Supporter(app.test_client(), clock).send(token, message=words, headers=JSON).status_code, words

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))
    assert sorted(status for status, _ in answers) == [201] + [409] * 19
    assert [message.text for message in stored(database)] == [dict(answers)[201]]


# Fields with faults.

FAULTS = {
    "an empty message": ("message", ""),
    "nothing visible": ("message", "\u2060\u200b\n \u00ad"),
    "10,000 characters": ("message", "a" * 10_000),
    "stacked accents": ("message", "a" + "\u0301" * 80),
    "private characters": ("message", "hello \ue000"),
    "no name": ("first_name", " "),
    "a long name": ("first_name", "A" * 41),
    "a long surname": ("last_name", "K" * 81),
    "no e-mail address": ("email", "anna at example"),
    "two e-mail addresses": ("email", "a@example.org b@example.org"),
    "no country": ("country", "Poland"),
    "no consent": ("consent", None),
    "consent refused": ("consent", "false"),
}


@table("field, value", FAULTS.values(), ids=list(FAULTS))
def test_a_fault_is_named_and_everything_is_kept(supporter, field, value):
    before, token = supporter.count(), supporter.token()
    answer = supporter.send(token, **{field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text
    for name in ("message", "first_name", "last_name", "email"):
        if name != field:
            assert GOOD[name] in answer.text
    if isinstance(value, str) and value.strip().isascii() and field not in ("country", "consent"):
        assert value in answer.text
    assert token_in(answer) == token
    assert supporter.count() == before
    assert supporter.send(token).status_code == 201


def test_after_a_fault_without_a_token_the_card_is_still_reviewed(supporter):
    answer = supporter.send("", message="")
    assert answer.status_code == 422
    assert token_in(answer) == ""
    assert supporter.send("").status_code == 200


def test_words_are_never_markup(supporter):
    answer = supporter.send("", message='<script>alert("x")</script>', first_name='"><b>')
    assert "<script" not in answer.text
    assert "<b>" not in answer.text


# Broken posts.

FORM = "application/x-www-form-urlencoded"
BROKEN = {
    "broken encoding": (FORM, b"message=%ff%fe&first_name=a&consent=y"),
    "raw bytes that are no UTF-8": (FORM, b"message=\xff&first_name=a&consent=y"),
    "a lone surrogate": (FORM, b"message=%ed%a0%80&first_name=a&consent=y"),
    "NUL": (FORM, b"message=a%00b&first_name=a&consent=y"),
    "NUL in a name": (FORM, b"message=a&first%00name=a&consent=y"),
    "a doubled field": (FORM, b"message=a&message=b&first_name=a&consent=y"),
    "a doubled token": (FORM, b"message=a&first_name=a&consent=y&token=a&token=b"),
    "too many fields": (FORM, b"&".join(b"f%d=1" % n for n in range(33))),
    "200 empty fields": (FORM, b"a=&" * 200),
    "another charset": (FORM + "; charset=iso-8859-1", b"message=a&first_name=a&consent=y"),
    "JSON": ("application/json", b'{"message": "a"}'),
    "plain text": ("text/plain", b"message=a"),
    "no content type": ("", b"message=a"),
    "multipart without a boundary": ("multipart/form-data", b"message=a"),
    "multipart cut short": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="message"\r\n\r\na',
    ),
    "a file": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="message"; filename="a"\r\n\r\na\r\n--x--\r\n',
    ),
    "multipart that is no UTF-8": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="message"\r\n\r\n\xff\r\n--x--\r\n',
    ),
    "multipart without a name": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
    ),
    "multipart of many parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 100 + b"--x--\r\n",
    ),
}


def test_a_broken_post_is_400_before_any_work(app, monkeypatch):
    """First its size, then how often its network asks, then its encoding and fields: then only the form."""
    client = app.test_client()

    def work(*_args, **_more):
        raise AssertionError("this is work for nothing")

    for place in ("write_together", "read"):
        monkeypatch.setattr(app.extensions["candle"].database, place, work)
    monkeypatch.setattr(sending, "read_form", work)
    monkeypatch.setattr(app.extensions["candle"].tokens, "read", work)
    for name, (kind, data) in BROKEN.items():
        answer = client.post("/mikita/messages", data=data, content_type=kind, headers={"Origin": SITE})
        assert answer.status_code == 400, name
        assert "could not be read" in answer.text, name


def test_a_body_that_is_too_long_is_refused_before_its_network_is_counted(app, monkeypatch):
    monkeypatch.setattr(networks, "current", lambda: pytest.fail("it was counted"))
    monkeypatch.setattr(body, "fields", lambda _: pytest.fail("it was read"))
    answer = app.test_client().post("/mikita/messages", data=b"message=" + b"a" * 20_000)
    assert answer.status_code == 413


def test_a_form_may_also_come_as_multipart(app, clock, supporter):
    fields = GOOD | {"token": supporter.token(), "message": "Трымайся!"}
    answer = app.test_client().post(
        "/mikita/messages", data=fields, content_type="multipart/form-data", headers={"Origin": SITE}
    )
    assert answer.status_code == 201


def test_another_method_is_405_and_names_the_right_ones(app):
    answer = app.test_client().delete("/mikita/messages")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@table(
    "status, told",
    [
        ("closed", "This campaign takes no more messages"),
        ("won", "This campaign takes no more messages"),
        ("paused", "Writing rests for a while"),
    ],
)
def test_a_campaign_that_takes_no_messages_gives_no_token_and_still_takes_them_back(
    app, monkeypatch, status, told
):
    contents = app.extensions["candle"].contents
    ended = replace(contents.get("mikita"), status=status)
    client = app.test_client()
    with monkeypatch.context() as patched:
        patched.setattr(contents, "get", lambda _slug: ended)
        asked = {
            path: client.get(f"/mikita/{path}") for path in ("token", "messages", "withdraw", "count.json")
        }
    assert [answer.status_code for answer in asked.values()] == [410, 410, 200, 200]
    assert told in asked["token"].json["errors"]["form"][0]


def test_when_nothing_can_be_written_the_words_and_the_token_are_kept(app, supporter, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise NotStored("the disk is full")

    token = supporter.token()
    monkeypatch.setattr(app.extensions["candle"].database, "write_together", refuse)
    answer = supporter.send(token)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert GOOD["message"] in answer.text
    assert 'value="Kowalska"' in answer.text
    assert token_in(answer) == token
    as_json = supporter.send(token, headers=JSON)
    assert as_json.status_code == 503
    assert as_json.json["errors"]
    monkeypatch.undo()
    assert supporter.send(token).status_code == 201


# What is kept.


def test_details_are_sealed_and_no_byte_of_them_is_stored(supporter, database, age_keys):
    from campaign.keys import sealing

    supporter.send(last_name="Zzyzxova", email="zq7@example.org", updates="y")
    with database.read() as connection:
        (found,) = details.sealed_details(connection, "mikita")
        identifier, sealed = found.message, found.ciphertext
    wanted = {"last_name": "Zzyzxova", "email": "zq7@example.org", "country": "PL"}
    assert sealing.unseal(sealed, [age_keys[1]]) == wanted
    kept = disk.everything(database)
    assert GOOD["message"].encode() in kept  # the search does find what is there
    assert b"Zzyzxova" not in kept
    assert b"zq7@" not in kept
    (message,) = stored(database)
    assert message.id == identifier
    assert message.updates


def test_without_details_nothing_is_sealed(supporter, database):
    supporter.send(last_name="", email="", country="")
    with database.read() as connection:
        assert details.sealed_details(connection, "mikita") == []


def test_without_a_key_to_seal_to_no_detail_is_asked_or_kept(make_app, unlimited, clock, database):
    supporter = Supporter(make_app(replace(unlimited, age_recipients=())).test_client(), clock)
    page = supporter.send("")
    assert 'name="last_name"' not in page.text
    assert 'name="email"' not in page.text
    assert supporter.send().status_code == 201
    with database.read() as connection:
        assert details.sealed_details(connection, "mikita") == []


def test_no_flag_tells_anything_of_the_details(supporter, database):
    supporter.send(message="Be strong, says Kowalska of the choir.")
    (message,) = stored(database)
    assert message.flags == ()


def test_who_writes_their_surname_into_the_text_is_told_and_nobody_else(supporter):
    page = supporter.send("", message="Be strong, says Kowalska of the choir.")
    assert "Your surname stands in your message" in page.text
    assert "Your surname stands in your message" not in supporter.send("").text


# The count.


def test_the_empty_form_is_shown_to_who_comes_by_its_address(app):
    page = app.test_client().get("/mikita/messages")
    assert page.status_code == 200
    assert 'name="message"' in page.text
    assert token_in(page) == ""


@pytest.mark.slow
def test_nothing_of_a_post_waits_in_memory_for_the_garbage_collector(supporter):
    supporter.send()  # what is kept for all is made by the first
    gc.collect()
    gc.disable()
    try:
        answer = supporter.send(message="Words of one moment")
        assert answer.status_code == 201
        forms = [thing for thing in gc.get_objects() if isinstance(thing, form.MessageForm)]
    finally:
        gc.enable()
    left = [one for one in forms if hasattr(one, "post")]  # the others are the empty ones, which are copied
    assert left == []


def test_the_form_leads_to_the_page_and_to_what_happens_with_the_words(app):
    page = app.test_client().get("/mikita/messages?language=en").text
    links = set(re.findall(r'href="https://candle\.example\.org(/[^"#]*)', page))
    assert {"/mikita/en/", "/mikita/en/privacy/"} <= links
