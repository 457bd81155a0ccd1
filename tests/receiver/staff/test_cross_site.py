"""What other sites' pages lead to at the desk: a browser sends no cookie with it, and keeps its own."""

from __future__ import annotations

import re

from tests.receiver.conftest import OWN
from tests.support.table import table

CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}
CLICKED = CROSS_SITE | {"Sec-Fetch-User": "?1"}


@table("path", ["/staff/mikita/?message=a&second=1", "/staff/login", "/staff/\u0142?words=%22%3E"])
def test_a_link_of_another_site_leads_to_the_same_page_once_more(app, path):
    answer = app.test_client().get(path, base_url=OWN, headers=CLICKED)
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    (target,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
    again = target.replace("&amp;", "&")
    assert again == path.replace("\u0142", "%C5%82")
    assert f'<a href="{target}">Go on to the desk</a>' in answer.text


def test_nobody_is_led_on_who_did_not_click(app):
    answer = app.test_client().get("/staff/", base_url=OWN, headers=CROSS_SITE)
    assert "refresh" not in answer.text
    assert '<a href="/staff/">Go on to the desk</a>' in answer.text


def test_a_form_of_another_site_takes_nobody_s_login(app):
    answer = app.test_client().post(
        "/staff/logout", base_url=OWN, data={"csrf_token": "x"}, headers=CROSS_SITE
    )
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (400, [])


def test_a_page_of_the_desk_s_own_is_shown_at_once(reviewer):
    for site in ("same-origin", "same-site", "none"):
        page = reviewer.get("/staff/mikita/", base_url=OWN, headers={"Sec-Fetch-Site": site})
        assert page.status_code == 200
        assert "refresh" not in page.text
