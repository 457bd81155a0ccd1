"""How a campaign goes, as the desk shows it: the digest's numbers, in charts that a table stands beside."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from campaign import petition
from campaign.doctor.digest import NumberTable, read_digest
from campaign.messages import review
from receiver.staff import charts, counted_once
from tests.conftest import APPROVAL_KEY, NOW, TODAY
from tests.receiver.desk import Desk

DAYS = tuple(TODAY - timedelta(days=n) for n in (2, 1, 0))


def test_the_page_shows_the_numbers_of_the_digest(app, database, submit, desk: Desk):
    sent = [submit(database, f"Number {n}.").message for n in range(5)]
    database.write(lambda c: review.approve(c, sent[0], "olga", (APPROVAL_KEY,), TODAY))
    database.write(lambda c: review.reject(c, sent[1], "petr", "It names <Bartholomew>", TODAY))
    database.write(lambda c: petition.keep_day(c, "mikita", TODAY - timedelta(days=1), 11_000))
    page = desk.get("/staff/mikita/how-it-goes").text
    with database.read() as connection:
        campaign = app.extensions["candle"].contents.get("mikita")
        digest = read_digest(connection, "mikita", campaign, NOW)
    for table in digest.tables:
        assert f"<h2>{table.title}</h2>" in page
    assert "Bartholomew" not in page
    assert "another reason" in page
    assert re.search(r'href="/staff/mikita/how-it-goes" aria-current="page"', page)
    assert "style=" not in page


def test_the_numbers_are_counted_anew_after_a_minute(database, submit, desk: Desk, monkeypatch):
    waiting, moment = "<dt>Waiting for review</dt><dd>{}</dd>", counted_once.now()
    for seconds, number in ((0, 1), (59, 1), (60, 3), (30, 4)):  # a clock that is set back shows nothing old
        monkeypatch.setattr(counted_once, "now", lambda s=seconds: moment + timedelta(seconds=s))
        submit(database, f"Another after {seconds} seconds.")
        assert waiting.format(number) in desk.get("/staff/mikita/how-it-goes").text


def test_a_chart_is_well_formed_and_within_its_bounds():
    for along, rows in (
        ("days", tuple((day, number) for day, number in zip(DAYS, (0, 100_000, 1), strict=True))),
        ("names", (("olga", 3, 0), ("Xx" * 40, 0, 7))),
        ("counts", tuple(zip(DAYS, (12_000, 12_000, 12_310), strict=True))),
    ):
        chart = charts.draw(NumberTable("A", along, ("by", "one", "other")[: len(rows[0])], rows))
        for shape in chart.shapes:
            assert 0 <= shape.x <= shape.x + shape.width <= charts.WIDTH
            assert 0 <= shape.y <= shape.y + shape.height <= chart.height
        assert all(above.y < below.y <= chart.height for above, below in pairwise(chart.words))
        for point in chart.points.split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= charts.WIDTH
            assert 0 <= y <= chart.height


@pytest.mark.parametrize("rows", [(), ((TODAY, 0),)])
def test_nothing_is_not_drawn(rows):
    assert charts.draw(NumberTable("A", "days", ("day", "messages"), rows)) is None


@pytest.mark.parametrize(("count", "told"), [(1, "1 message in 2 days"), (1200, "1,200 messages in 2 days")])
def test_one_message_is_no_messages(count, told):
    rows = tuple((day, count * (day == TODAY)) for day in DAYS[1:])
    chart = charts.draw(NumberTable("Received", "days", ("day (UTC)", "messages"), rows))
    assert chart is not None
    assert chart.told.startswith(f"{told}; most on")


def test_one_day_is_no_line():
    chart = charts.draw(NumberTable("A", "counts", ("day", "signatures"), ((TODAY, 12_000),)))
    assert (chart.points, chart.shapes) == ("", ())
    assert "12,000" in chart.told
