"""The box for the wall: asked where there is one, heard nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.receiver.conftest import JSON, Supporter
from tests.receiver.supporters.test_sending import stored
from tests.receiver.supporters.test_withdrawal import withdraw


@pytest.fixture
def at_the_wall(make_app, unlimited, with_wall, clock):
    """A supporter of a campaign that has a wall."""
    return Supporter(make_app(replace(unlimited, content_dir=with_wall)).test_client(), clock)


def test_where_there_is_a_wall_the_box_is_on_each_form_and_kept(at_the_wall, database):
    assert 'name="wall"' in at_the_wall.client.get("/mikita/messages").text
    assert 'name="wall" checked' in " ".join(at_the_wall.send("", wall="y").text.split()).replace(
        'value="y" id="wall" name="wall"', 'name="wall"'
    )
    assert at_the_wall.send(wall="y").status_code == 201
    assert stored(database)[0].wall


def test_where_there_is_none_no_page_names_it_and_a_posted_box_is_ignored(supporter, database):
    shown = [supporter.client.get(f"/mikita/{page}") for page in ("messages", "withdraw")]
    shown += [supporter.send(wall="y", **changes) for changes in ({"token": ""}, {"message": ""})]
    assert not [page for page in shown if 'name="wall"' in page.text or "within a day" in page.text]
    assert supporter.send(wall="y").status_code == 201
    assert not stored(database)[0].wall


def test_whoever_takes_words_back_hears_when_they_leave_the_page(at_the_wall):
    told = "they leave it within a day"
    assert told in at_the_wall.client.get("/mikita/withdraw").text
    receipt = at_the_wall.send(wall="y", headers=JSON).json["receipt"]
    assert told in withdraw(at_the_wall, receipt).text
