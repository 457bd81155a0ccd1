"""Every route of the desk, and who may use it."""

from __future__ import annotations

import re

import pytest

from campaign.accounts import staff
from receiver.http.headers import for_staff
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import OWN, csrf_in, log_in
from tests.receiver.desk import Desk
from tests.support.review import get

pytestmark = pytest.mark.slow  # each logs in

WITHOUT_LOGIN = ("staff.log_in", "invitation.")
COORDINATORS = ("batches.", "downloads.", "staff_log.")  # a route of any other part is for reviewers too


def routes(app) -> list[tuple[str, str, str]]:
    """List the desk's routes, with an address that each answers: endpoint, method, path."""
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub("<int.*?>", "1", rule.rule.replace("<slug>", "mikita"))
        path = re.sub("<[^>]*>", "x", path)
        if for_staff(path):
            found += [(rule.endpoint, method, path) for method in rule.methods - {"HEAD", "OPTIONS"}]
    assert len(found) > 20
    return found


def ask(client, method: str, path: str, csrf: str, **more: str):
    data = {"csrf_token": csrf, "sure": "y", **more} if method == "POST" else None
    return client.open(path, method=method, base_url=OWN, data=data, headers={"Referer": f"{OWN}/"})


def test_every_route_sends_who_is_not_logged_in_to_the_login(app, database, message):
    client = app.test_client()
    seen = {"seen": message.fingerprint, "state": "waiting", "why": "x"}
    for endpoint, method, path in routes(app):
        if not endpoint.startswith(WITHOUT_LOGIN):
            csrf = csrf_in(client.get("/staff/login", base_url=OWN))
            answer = ask(client, method, path.replace("/x/", f"/{message.id}/"), csrf, **seen)
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/staff/login"), path
            assert message.text not in answer.text, path
    assert get(database, message.id).state == "waiting"


def test_every_route_is_a_reviewer_s_unless_it_is_known_to_be_a_coordinator_s(app, database):
    client = app.test_client()
    password = database.write(lambda c: staff.add(c, "ivan", [APPROVAL_KEY], TODAY, "reviewer"))
    log_in(client, "ivan", password)
    assert "Batches" not in Desk(client).get().text
    refused = set()
    for endpoint, method, path in routes(app):
        log_in(client, "ivan", password)
        answer = ask(client, method, path, csrf_in(Desk(client).get("/staff/account")))
        if answer.status_code == 403:
            assert "This is for coordinators" in answer.text
            refused.add(endpoint)
    assert refused == {one for one, _, _ in routes(app) if one.startswith(COORDINATORS)}
