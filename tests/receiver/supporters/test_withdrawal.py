"""Taking a message back with the receipt code."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from campaign.keeping import erasures_file as ledger
from campaign.keeping import retention
from campaign.messages import details, queries
from campaign.storage.database import NotStored
from tests.receiver.conftest import JSON, OWN, Supporter, token_in
from tests.support import disk
from tests.support.table import table


@pytest.fixture
def database(any_database):
    """Taking back on SQLite and on PostgreSQL."""
    return any_database


@pytest.fixture
def receipt(supporter) -> str:
    return str(supporter.send(headers=JSON, message="Zzyzx words to erase").json["receipt"])


def withdraw(supporter, receipt, token=None, **headers):
    token = token_in(supporter.client.get("/mikita/withdraw")) if token is None else token
    fields = {"receipt": receipt, "token": token, "language": "en"}
    return supporter.client.post("/mikita/withdraw", data=fields, headers={"Origin": OWN} | headers)


def test_the_page_works_without_javascript_and_asks_for_the_code(supporter):
    page = supporter.client.get("/mikita/withdraw")
    assert page.status_code == 200
    assert re.search(r'<input type="text" id="receipt" name="receipt"', page.text)
    assert token_in(page)


def test_message_and_details_are_gone_and_so_are_their_bytes(supporter, receipt, database):
    """On PostgreSQL with the next purge: its old rows stay in the tables until these are written anew."""
    assert b"Zzyzx words" in disk.everything(database)
    answer = withdraw(supporter, receipt)
    assert answer.status_code == 200
    assert "<title>It is taken back</title>" in answer.text
    with database.read() as connection:
        assert queries.list_messages(connection, "mikita") == []
        assert details.sealed_details(connection, "mikita") == []
    if database.engine.dialect.name == "postgresql":
        retention.scrub(database)
    assert b"Zzyzx words" not in disk.tables(database)


def test_a_second_time_says_that_it_may_be_done_already(supporter, receipt):
    withdraw(supporter, receipt)
    answer = withdraw(supporter, receipt)
    assert answer.status_code == 422
    assert "taken back already" in answer.text


@table("code", ["", "   ", "abcd-efgh", "ў" * 50, "'; DROP TABLE messages; --"])
def test_a_code_that_is_none_is_refused_and_kept(supporter, receipt, code):
    answer = withdraw(supporter, code)
    assert (answer.status_code, supporter.count()) == (422, 1)
    assert 'aria-invalid="true"' in answer.text
    assert "<title>Error: Take a message back</title>" in answer.text


@pytest.mark.parametrize(
    ("token", "headers"), [("", {}), ("forged", {}), (None, {"Origin": "https://evil.example"})]
)
def test_another_page_cannot_press_the_button(supporter, receipt, token, headers):
    answer = withdraw(supporter, receipt, token, **headers)
    assert answer.status_code == 200
    assert receipt in answer.text
    assert supporter.count() == 1
    assert "taken back" in withdraw(supporter, receipt, token_in(answer)).text


def test_when_it_cannot_be_written_the_code_is_kept(app, supporter, receipt, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise NotStored("the disk is full")

    monkeypatch.setattr(app.extensions["candle"].database, "write_together", refuse)
    answer = withdraw(supporter, receipt)
    assert answer.status_code == 503
    assert receipt in answer.text
    assert answer.headers["Retry-After"]


def test_a_closed_campaign_still_gives_messages_back(make_app, unlimited, content_dir, clock, monkeypatch):
    app = make_app(replace(unlimited, content_dir=content_dir))
    supporter = Supporter(app.test_client(), clock)
    receipt = supporter.send(headers=JSON).json["receipt"]
    facts = content_dir / "mikita" / "campaign.toml"
    facts.write_text(facts.read_text().replace('status = "open"', 'status = "won"'))
    monkeypatch.setattr(app.extensions["candle"].contents, "_next_look", 0)
    assert "taken back" in withdraw(supporter, receipt).text


def test_it_is_on_the_list_that_a_restored_backup_is_held_against(app, supporter, receipt, database):
    (message,) = stored(database)
    withdraw(supporter, receipt)
    (entry,) = ledger.read(app.extensions["candle"].settings.erasures_file)
    assert (entry.what, entry.whose, entry.why) == ("message", message.id, "withdrawn")


def test_a_list_that_cannot_be_written_keeps_nobody_from_taking_back(app, supporter, receipt, database):
    app.extensions["candle"].settings.erasures_file.mkdir(parents=True)
    assert withdraw(supporter, receipt).status_code == 200
    assert stored(database) == []


def stored(database):
    with database.read() as connection:
        return queries.list_messages(connection, "mikita")
