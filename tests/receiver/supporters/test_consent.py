"""Consent: what a supporter agreed to, in which words and language, on which day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from campaign.storage.tables import messages
from receiver.supporters.form import CONSENT_VERSION

# What stood beside the boxes, by version: the proof of what was agreed to. Never change or drop an entry.
WORDINGS = {
    "1": {
        "consent": "Print my words and my first name on a card for {person} and the family.",
        "wall": "You may also show my words and my first name on this page.",
        "updates": "Write to me when there is news of {person}.",
    }
}
REMEDY = (
    "The words beside the boxes in site/templates/_form.html are no longer those of version "
    f"{CONSENT_VERSION}: raise CONSENT_VERSION in receiver/supporters/form.py and add the new words here "
    "under it; messages that are stored keep the version that their writers saw."
)


def test_version_language_and_day_are_kept_with_the_message(supporter, database):
    days = [datetime.now(UTC).date()]
    assert supporter.send().status_code == 201
    days.append(datetime.now(UTC).date())
    kept = (messages.c.consent_version, messages.c.consent_language, messages.c.received_on)
    with database.read() as connection:
        ((version, language, day),) = connection.execute(select(*kept))
    assert (version, language) == ("1", "en")
    assert day in days


def test_the_version_names_the_words_that_are_shown(make_app, unlimited, with_wall):
    app = make_app(replace(unlimited, content_dir=with_wall))
    name = app.extensions["candle"].contents.get("mikita").name
    page = app.test_client().get("/mikita/messages").text
    boxes = re.findall(r'<label for="(consent|wall|updates)">([^<]*)(.*?)</label>', page)
    assert [box for box, _, mark in boxes if not mark] == ["consent"], "the others are optional"
    shown = {box: words.rstrip() for box, words, _ in boxes}
    wording = WORDINGS.get(CONSENT_VERSION, {})
    assert shown == {box: words.format(person=name) for box, words in wording.items()}, REMEDY
