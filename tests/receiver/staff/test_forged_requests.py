"""Requests that another site makes a browser send: no action of the desk is done by one, whatever it is."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.receiver.conftest import OWN, csrf_in
from tests.support.table import table

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design

ASKED = {"why": "x", "what": "cards", "sure": "y", "on": "2026-11-22", "cards": "1", "code": "000000"}


def actions(app: Flask) -> list[str]:
    """Give the address of every POST of the desk."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff/") and "POST" in (rule.methods or ()):
            path = re.sub(r"<int.*?>", "1", rule.rule.replace("<slug>", "mikita"))
            found.append(re.sub(r"<.*?>", "abc", path))
    return found


@table(
    ("token", "referer"),
    [("", f"{OWN}/"), ("forged", f"{OWN}/"), ("right", "https://evil.example/"), ("right", "")],
    ids=["no token", "another token", "another site", "no site"],
)
def test_no_action_of_the_desk_is_done_for_another_site(
    app: Flask, reviewer: FlaskClient, token: str, referer: str
) -> None:
    right = csrf_in(reviewer.get("/staff/mikita/", base_url=OWN))
    fields = ASKED | ({"csrf_token": right if token == "right" else token} if token else {})
    addresses = actions(app)
    assert len(addresses) > 12
    for address in addresses:
        headers = {"Referer": referer} if referer else {}
        answer = reviewer.post(address, base_url=OWN, data=fields, headers=headers)
        assert (address, answer.status_code) == (address, 400)
    assert reviewer.get("/staff/mikita/", base_url=OWN).status_code == 200
