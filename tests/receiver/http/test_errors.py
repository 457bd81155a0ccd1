"""What somebody reads where a request was refused."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import Accept

from tests.support.table import table


@table(
    ("asked", "told"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "Das ist zu lang"),
        ("fr,be;q=0.3", "Тэкст занадта доўгі"),
        (f"be,{'x' * 997}", "Тэкст занадта доўгі"),  # as long as is weighed
        ("fr", "That is too long"),
        ("", "That is too long"),
        ("x" * 900 + ";q=-1,,;", "That is too long"),
    ],
)
def test_what_is_refused_before_it_is_read_is_explained_in_the_browser_s_language(app, asked, told):
    answer = app.test_client().post(
        "/mikita/messages", data=b"message=" + b"a" * 20_000, headers={"Accept-Language": asked}
    )
    assert (answer.status_code, f"<h1>{told}</h1>" in answer.text) == (413, True)


@pytest.mark.parametrize("header", ["Accept", "Accept-Language"])
def test_more_choices_than_any_browser_sends_are_not_weighed(app, header, monkeypatch):
    weighed = []
    kept = Accept.best_match
    monkeypatch.setattr(
        Accept, "best_match", lambda self, *told: weighed.append(len(self)) or kept(self, *told)
    )
    asked = ",".join(f"a{n}/a;q=0.5" for n in range(2_500))
    answer = app.test_client().get("/nothing/here", headers={header: asked})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert sum(weighed) <= 10


def test_at_the_desk_an_unknown_address_leads_back_to_the_desk(app):
    assert (
        "To the desk" in app.test_client().get("/staff/no/such/thing", headers={"Accept-Language": "pl"}).text
    )


@table("path", ["/mikita/token", "/mikita/count.json", "/hooks/mikita/petition", "/health"])
def test_what_answers_in_json_says_so_of_a_wrong_method_too(app, path):
    answer = app.test_client().delete(path)
    assert (answer.status_code, answer.json["state"]) == (405, "refused")
