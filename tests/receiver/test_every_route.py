"""Every route with every method, from its description: a plain and protected answer, whoever asks."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from campaign.messages import queries
from receiver.http import static_files
from receiver.http.headers import for_staff
from tests.receiver.conftest import OWN, SITE, csrf_in
from tests.receiver.description import Known, asked, describe
from tests.receiver.http.test_headers import assert_protected
from tests.receiver.petition.test_webhook import SECRET, post
from tests.support.sealed import TO_ONE

TOKENS = 40
COOKIE = "__Host-candle"


@pytest.fixture
def app(make_app, unlimited):
    return make_app(replace(unlimited, webhook_secrets={"mikita": (SECRET,)}))


@pytest.fixture
def known(app, database, submit, clock, reviewer) -> Known:
    """What exists when the questions begin."""
    receipt = submit(database)
    tokens = [app.extensions["candle"].tokens.issue("mikita") for _ in range(TOKENS)]
    clock.advance(60)
    with database.read() as connection:
        message = queries.get(connection, receipt.message)
    csrf = csrf_in(reviewer.get("/staff/mikita/", base_url=OWN))
    return Known(tokens, TO_ONE, message.id, message.fingerprint, csrf)


@pytest.fixture
def askers(reviewer) -> dict[str, dict[str, str]]:
    """The headers of a browser without a session at the desk, and with one."""
    headers = {"Origin": SITE, "Referer": f"{OWN}/"}
    cookie = reviewer.get_cookie(COOKIE, domain="post.candle.example.org")
    return {"nobody": headers, "staff": headers | {"Cookie": f"{COOKIE}={cookie.value}", "Origin": OWN}}


def operations(app, known):
    import schemathesis  # late: half a second, which each of the suite's processes would pay

    schema = schemathesis.openapi.from_dict(describe(app, known))
    return [found.ok() for found in schema.get_all_operations()]


def test_every_route_is_described(app, known):
    missing = {rule.endpoint for rule in app.url_map.iter_rules()} - asked(known).keys()
    assert not missing, "describe them in tests/receiver/description.py, or nothing tries to break them"
    described = {(found.path, found.method.upper()) for found in operations(app, known)}
    mapped = [(rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods]
    assert len(described) == len({(rule, method) for rule, method in mapped})


def test_a_path_is_the_desks_where_its_view_is(app):
    for rule in app.url_map.iter_rules():
        at_desk = app.view_functions[rule.endpoint].__module__.startswith("receiver.staff.")
        assert for_staff(rule.rule) is at_desk, rule


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("examples", [3, pytest.param(150, marks=pytest.mark.soak)])
def test_every_route_gives_a_plain_and_protected_answer(app, known, askers, mode, examples, figure):
    """Each question is asked by both: to think of it takes longer than to answer it."""
    from schemathesis import GenerationMode  # late, as above

    asked_for, statuses = Counter(), {who: set() for who in askers}
    for operation in operations(app, known):

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=examples < 10,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=GenerationMode(mode)))
        def ask(case):
            asked_for[case.operation.label] += 1
            for who, headers in askers.items():
                answer = case.call(app=whole(app), base_url=OWN, headers=headers)
                statuses[who].add(answer.status_code)
                assert answer.status_code < 500, f"{who}: {case.as_curl_command()}"
                at_desk = for_staff(case.formatted_path)
                assert_protected(Read(answer), staff=at_desk)
                assert_stored_nowhere(case, answer)
                if not at_desk:
                    assert "set-cookie" not in answer.headers

        try:
            ask()
        except Unsatisfiable:  # nothing can be wrong with a route without parameters
            assert mode == "negative"
    told = f"{asked_for.total()} requests each, at most {max(asked_for.values())} a route and method, no 5xx"
    figure(f"schemathesis over every route, {mode}, nobody and staff", told)
    assert asked_for.total() > len(operations(app, known))
    for who, met in statuses.items():
        assert {200, 404} <= met, who


def assert_stored_nowhere(case, answer) -> None:
    """Let nothing be cached but the files and the counts, and these only where and as they are."""
    (said,) = answer.headers["cache-control"]
    if answer.status_code == 200 and case.method != "OPTIONS" and case.formatted_path.startswith("/static/"):
        folder, _version, name = case.formatted_path.split("/", 4)[2:]
        current = case.formatted_path == static_files.address(folder, name)
        assert said == (static_files.FOR_LONG if current else "no-store"), case.as_curl_command()
    elif (
        answer.status_code == 200 and case.formatted_path.endswith("/count.json") and case.method != "OPTIONS"
    ):
        assert said == "public, max-age=60"
    else:
        assert said == "no-store", case.as_curl_command()


def whole(app):
    """The app as a server calls it, each answer read to its end and closed."""

    def answer(environ, start_response):
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            getattr(parts, "close", lambda: None)()

    return answer


class Read:
    """An answer of schemathesis, under the names that werkzeug gives to its parts."""

    def __init__(self, answer) -> None:
        self.headers = Headers({name.title(): value for name, value in answer.headers.items()})


class Headers(dict):
    """Headers of which each may be there more than once."""

    def getlist(self, name: str) -> list[str]:
        return list(super().__getitem__(self._spelled(name)))

    def __getitem__(self, name: str) -> str:
        return self.getlist(name)[0]

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self._spelled(str(name)))

    def _spelled(self, name: str) -> str:
        return name.title()


def webhooks():
    """Make webhooks that the description allows."""
    import schemathesis  # late, as above

    return schemathesis.openapi.from_dict(
        {
            "openapi": "3.0.3", "info": {"title": "hook", "version": "1"},
            "paths": {"/hook": {"post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": {
                    "type": "object", "required": ["type", "timestamp", "data"],
                    "properties": dict(asked(Known(("t",), "s", "m", "f", "c"))["hooks.receive"].json),
                }}}},
                "responses": {"default": {"description": "any"}},
            }}},
        }
    )["/hook"]["POST"].as_strategy()  # fmt: skip


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.deferred(webhooks))
def test_a_signed_webhook_of_any_content_is_counted_or_refused(app, case):
    assert post(app.test_client(), json.dumps(case.body).encode()).status_code in (200, 204, 400)
