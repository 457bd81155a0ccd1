"""What was accepted is printed: names and texts through form, approval and press, and back off the sheet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from campaign.messages import queries
from campaign.messages.message import MessageError
from campaign.press import printability
from campaign.press.next_batch import next_batch
from campaign.storage.tables import messages
from tests.conftest import NOW
from tests.press.runs import printed_messages
from tests.receiver.conftest import JSON, Supporter
from tests.soak import words
from tests.support.press import approve, picture

EACH = 1000  # messages of a slice and of one batch: one refused at its proof sets all others anew

# Twenty thousand in slices, each with a seed of its own: `-k "1000-9]"` goes on where it was stopped.
SWEEP = [pytest.param(EACH, seed, marks=pytest.mark.soak) for seed in range(2, 22)]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "seed"), [(150, 1), *SWEEP])
def test_what_was_accepted_comes_out(
    make_app, unlimited, clock, database, campaign, tmp_path, figure, number, seed
):
    supporter = Supporter(make_app(unlimited).test_client(), clock)
    answers = [_send(supporter, text, name) for text, name in words.sent(number, seed)]
    accepted = _accepted(database)
    settings = replace(unlimited, build_dir=tmp_path / "build")
    plain = replace(campaign, illustration=picture(tmp_path))
    complaints = _unapprovable(database, plain)
    ids = approve(database, [(text, name) for text, name in accepted])
    while (run := next_batch(database, plain, settings, NOW, final=True, limit=EACH)).rendered:
        complaints += run.complaints
    printed = printed_messages(settings.build_dir / "cards" / "mikita")
    told = f"{len(accepted)} accepted, {len(set(printed))} printed and read back, {len(complaints)} not"
    figure(f"{number} names and texts of all languages, seed {seed}", told)
    assert answers.count(201) == len(accepted)
    assert set(answers) == {201, 422}
    assert len(accepted) > number / 2
    assert not complaints
    assert sorted(printed) == sorted(ids)


def _send(supporter: Supporter, text: str, name: str) -> int:
    origin = {"Origin": "https://candle.example.org"}
    return supporter.send(message=text, first_name=name, headers=JSON | origin).status_code


def _accepted(database) -> list[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(messages.c.text, messages.c.first_name))
        return [(row.text, row.first_name) for row in rows]


def _unapprovable(database, campaign) -> list[str]:
    """Look at each as its approval does: no word that was thanked is refused there."""
    with database.read() as connection:
        waiting = queries.list_messages(connection, "mikita", "waiting")
    complaints = []
    for message in waiting:
        try:
            printability.must_fit(campaign.card, message)
        except MessageError as error:
            complaints.append(f"{error}: {message.text!a} {message.first_name!a}")
    return complaints
