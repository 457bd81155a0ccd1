"""The receiver keeps to the days of campaign.toml, and has never heard of a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaign.content import opening_days
from tests.receiver.conftest import JSON, Supporter


@pytest.fixture
def dated(content_dir):
    """A campaign that takes messages in December, as Minsk counts its days."""
    facts = content_dir / "mikita" / "campaign.toml"
    lines = 'opens = 2026-12-01\ncloses = 2026-12-31\ntime_zone = "Europe/Minsk"\n'
    facts.write_text(lines + facts.read_text(encoding="utf-8"), encoding="utf-8")
    return content_dir


def test_the_form_opens_and_closes_at_midnight_without_a_restart(
    make_app, unlimited, dated, clock, monkeypatch
):
    supporter = Supporter(make_app(replace(unlimited, content_dir=dated)).test_client(), clock)
    for moment, status, state in (
        (datetime(2026, 11, 30, 20, 59, tzinfo=UTC), 410, "soon"),
        (datetime(2026, 11, 30, 21, 0, tzinfo=UTC), 201, "waiting"),
        (datetime(2026, 12, 31, 20, 59, tzinfo=UTC), 201, "waiting"),
        (datetime(2026, 12, 31, 21, 0, tzinfo=UTC), 410, "closed"),
    ):
        monkeypatch.setattr(opening_days, "now", lambda moment=moment: moment)
        asked = supporter.client.get("/mikita/token")
        assert asked.status_code == (200 if status == 201 else 410)
        answer = supporter.send(headers=JSON) if status == 201 else asked
        assert (answer.status_code, answer.json["state"]) == (status, state)


def test_who_writes_too_early_reads_when_it_begins_and_keeps_their_words(
    make_app, unlimited, dated, clock, monkeypatch
):
    monkeypatch.setattr(opening_days, "now", lambda: datetime(2026, 11, 29, tzinfo=UTC))
    client = make_app(replace(unlimited, content_dir=dated)).test_client()
    answer = client.post("/mikita/messages", data={"message": "Hold on.", "language": "en"})
    assert answer.status_code == 410
    assert "<h1>You can write from 1 December 2026 on</h1>" in answer.text
    assert "Hold on.</textarea>" in answer.text
    assert "finding out where a card reaches" not in answer.text


def test_a_draft_is_answered_like_a_campaign_that_is_not_there(make_app, unlimited, content_dir):
    facts = content_dir / "mikita" / "campaign.toml"
    facts.write_text("draft = true\n" + facts.read_text(encoding="utf-8"), encoding="utf-8")
    client = make_app(replace(unlimited, content_dir=content_dir)).test_client()
    for path in ("mikita/token", "mikita/messages", "mikita/count.json", "mikita/withdraw"):
        draft, nobody = client.get(f"/{path}"), client.get(f"/{path.replace('mikita', 'nobody')}")
        assert (draft.status_code, draft.text) == (404, nobody.text)
        assert nobody.status_code == 404
    assert client.post("/hooks/mikita/petition").status_code == 404
    assert client.get("/static/page/1/mikita.colours.css").status_code == 404
