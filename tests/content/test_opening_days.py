"""Days in campaign.toml: from when to when a campaign takes messages, and what is a draft."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from campaign.content import opening_days
from campaign.content.campaign import load, load_all, published
from campaign.errors import ContentErrors
from tests.support.editing import TODAY, replace, the_fault, write_campaign


@pytest.fixture
def folder(tmp_path):
    return write_campaign(tmp_path / "content" / "mikita")


def write(folder, *lines):
    replace(folder / "campaign.toml", 'languages = ["en"]', "\n".join(['languages = ["en"]', *lines]))
    return folder


@pytest.mark.parametrize(
    ("written", "day", "shown"),
    [
        ("open", date(2026, 11, 30), "soon"),
        ("open", date(2026, 12, 1), "open"),
        ("open", date(2026, 12, 31), "open"),
        ("open", date(2027, 1, 1), "closed"),
        ("paused", date(2026, 11, 30), "paused"),
        ("paused", date(2027, 1, 1), "closed"),
        ("won", date(2027, 1, 1), "won"),
    ],
)
def test_the_first_and_the_last_day_take_messages(folder, written, day, shown):
    write(folder, "opens = 2026-12-01", "closes = 2026-12-31")
    replace(folder / "campaign.toml", '"open"', f'"{written}"')
    campaign = load(folder, today=TODAY)
    assert campaign.status == written
    assert campaign.on(day).status == shown


def test_a_day_begins_in_the_campaign_s_own_time_zone(folder, monkeypatch):
    monkeypatch.setattr(opening_days, "now", lambda: datetime(2026, 11, 30, 21, 0, tzinfo=UTC))
    write(folder, "opens = 2026-12-01")
    assert load(folder, today=TODAY).on().status == "soon"
    write(folder, 'time_zone = "Europe/Minsk"')
    assert load(folder, today=TODAY).on().status == "open"


def test_a_draft_is_not_published_and_nothing_but_drafts_is_refused(folder):
    write_campaign(folder.parent / "anna")
    write(folder, "draft = true")
    campaigns = load_all(folder.parent, today=TODAY)
    assert list(campaigns) == ["anna", "mikita"]
    assert list(published(campaigns)) == ["anna"]
    with pytest.raises(ContentErrors, match="holds nothing but drafts; take draft = true out"):
        published({"mikita": campaigns["mikita"]})


@pytest.mark.parametrize(
    ("lines", "line", "fault", "remedy"),
    [
        (["opens = 2026-12-31", "closes = 2026-12-01"], 8, "closes: 2026-12-01 is before 2026-12-31", "last"),
        (['time_zone = "Europe/Minks"'], 7, '"Europe/Minks" is no time zone', "did you mean Europe/Minsk"),
        (['time_zone = "Europe"'], 7, '"Europe" is no time zone', "such as"),
        (['time_zone = "../../etc/passwd"'], 7, "is no time zone", "such as"),
        (['opens = "soon"'], 7, '"soon" is no date', "2026-11-22"),
        (["draft = 1"], 7, "is neither true nor false", "true or false"),
    ],
)
def test_a_wrong_day_is_named_with_its_line(folder, lines, line, fault, remedy):
    told = the_fault(write(folder, *lines))
    assert told[:2] == ("campaign.toml", line)
    assert fault in told[2]
    assert remedy in told[3]
