"""What somebody reads where a request was refused."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "Das ist zu lang"),
        ("fr,be;q=0.3", "Тэкст занадта доўгі"),
        ("fr", "That is too long"),
        ("", "That is too long"),
        ("x" * 3_000 + ";q=-1,,;", "That is too long"),
    ],
)
def test_what_is_refused_before_it_is_read_is_explained_in_the_browser_s_language(app, asked, told):
    answer = app.test_client().post(
        "/mikita/messages", data=b"message=" + b"a" * 20_000, headers={"Accept-Language": asked}
    )
    assert (answer.status_code, f"<h1>{told}</h1>" in answer.text) == (413, True)
