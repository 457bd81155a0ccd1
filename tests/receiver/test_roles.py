"""The public paths and the staff desk apart: what each half answers, and that it answers for no other."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from campaign.accounts import staff
from campaign.errors import SettingsError
from receiver import roles
from receiver.http.limits import LIMITS
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import GOOD, OWN, SITE, Supporter, csrf_in
from tests.receiver.http.test_headers import assert_protected

DESK = "https://desk.example.org"
PLACES = {"slug": "mikita", "identifier": "abc", "version": "0", "name": "staff.css"}
PLACES |= {"who": "olga", "token": "abc"}


@pytest.fixture
def apart(unlimited):
    """Settings whose desk has an origin of its own."""
    return replace(unlimited, staff_url=DESK)


@pytest.fixture
def public(make_app, apart):
    return make_app(apart, "public").test_client()


@pytest.fixture
def desk(make_app, apart):
    return make_app(apart, "desk").test_client()


def rules(app) -> set[tuple[str, str, str]]:
    return {
        (rule.rule, rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods
    }


def test_every_route_belongs_to_exactly_one_half(make_app, apart):
    """A new route that is registered for both, or for none, fails this."""
    whole, public, desk = (rules(make_app(apart, only)) for only in (None, *roles.HALVES))
    assert public | desk == whole
    assert {path for path, _, _ in public & desk} == {"/health"}


def test_the_desk_s_addresses_are_the_desk_s_and_no_others(make_app, apart):
    """By these two beginnings the proxy tells the halves apart, and the headers the desk's pages."""
    for only in roles.HALVES:
        for path, _, _ in rules(make_app(apart, only)):
            if path != "/health":
                assert path.startswith(("/staff/", "/static/desk/")) == (only == "desk"), path


def test_every_limit_is_one_of_a_route(make_app, settings):
    assert LIMITS.keys() <= make_app(settings).view_functions.keys()


def addresses(app) -> list[tuple[str, str]]:
    """Write each route with each of its methods as an address that could be asked."""
    found = {
        (re.sub(r"<(?:\w+:)?(\w+)>", lambda place: PLACES[place[1]], path), method)
        for path, _, method in rules(app)
    }
    return sorted(found)


def answered(client, path, method, **sent):
    answer = client.open(path, method=method, base_url=OWN, **sent)
    headers = [(name, value) for name, value in answer.headers if name != "X-Request-Id"]
    return answer.status_code, headers, answer.data


@pytest.mark.slow
def test_the_public_half_answers_as_if_there_were_no_desk(make_app, apart, public, reviewer):
    """To the letter as it answers for an address that never was, whatever host, session or form is sent."""
    cookie = reviewer.get_cookie("__Host-candle", domain="post.candle.example.org")
    sent = {"Host": "desk.example.org", "Cookie": f"__Host-candle={cookie.value}", "Referer": f"{DESK}/"}
    asked = [(p, m) for p, m in addresses(make_app(apart, "desk")) if p != "/health"]
    asked += [("/staff", "GET"), ("/staff/", "POST"), ("/staff/nothing", "GET"), ("/staff/messages", "POST")]
    for path, method in asked:
        never = path.replace("staff", "stuff").replace("/desk/", "/dusk/")
        for headers in ({}, sent):
            for form in ({}, {"data": {"name": "olga", "password": "x"}}):
                found = answered(public, path, method, headers=headers, **form)
                assert found == answered(public, never, method, headers=headers, **form), (path, method)
                assert found[0] == 404


def test_the_public_half_s_404_is_protected_like_any(public):
    answer = public.get("/staff/login", base_url=DESK)
    assert_protected(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    assert "staff" not in answer.text.lower()


def test_the_public_half_knows_no_name_of_a_desk(public):
    """It answers to the desk's name as to any other: a difference would give the name away."""
    for host in (OWN, DESK, "https://evil.example"):
        assert public.get("/mikita/token", base_url=host).status_code == 200, host


def test_the_desk_s_files_do_not_lie_in_the_public_ones(public):
    for name in ("staff.css", "../staff/staff.css", "%2e%2e/staff/staff.css", "desk.svg"):
        for folder in ("page", "receiver"):
            assert public.get(f"/static/{folder}/0/{name}").status_code == 404


def test_the_desk_answers_for_none_of_the_public_paths(make_app, apart, desk, database):
    for path, method in addresses(make_app(apart, "public")):
        if path != "/health":
            answer = desk.open(path, method=method, base_url=DESK, data=GOOD, headers={"Origin": SITE})
            assert answer.status_code == 404, (path, method)
            assert_protected(answer)
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_the_desk_answers_to_its_own_name_only(desk):
    assert desk.get("/staff/login", base_url=DESK).status_code == 200
    for host in ("post.candle.example.org", "evil.example", "127.0.0.1:8002"):
        forged = desk.get("/staff/login", base_url=DESK, headers={"Host": host})
        assert forged.status_code == 404, host
        assert "password" not in forged.text, host
        assert_protected(forged, staff=True)


def test_both_are_healthy_under_any_name(public, desk):
    for client in (public, desk):
        for host in (OWN, DESK, "http://127.0.0.1:8002"):
            answer = client.get("/health", base_url=host)
            assert (answer.status_code, answer.json) == (200, {"status": "ok"})
            assert_protected(answer)


def test_a_message_goes_from_one_half_to_the_other(public, desk, clock, database):
    assert Supporter(public, clock).send().status_code == 201
    password = database.write(lambda connection: staff.add(connection, "olga", [APPROVAL_KEY], TODAY))
    desk.environ_base["wsgi.url_scheme"] = "https"
    fields = {"name": "olga", "password": password}
    fields["csrf_token"] = csrf_in(desk.get("/staff/login", base_url=DESK))
    answer = desk.post("/staff/login", base_url=DESK, data=fields, headers={"Referer": f"{DESK}/"})
    assert answer.status_code == 303
    page = desk.get("/staff/mikita/", base_url=DESK)
    assert GOOD["message"] in page.text
    assert_every_file_is_there(desk, page)


def assert_every_file_is_there(client, page) -> None:
    """Fetch what a page loads from the half that made it."""
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page.text)
    assert loaded
    for address in loaded:
        file = client.get(address, base_url=OWN if address.startswith("/static/") else DESK)
        assert file.status_code == 200, address
        file.close()


def test_each_page_of_the_public_half_is_whole(public):
    for path in ("/mikita/messages", "/mikita/withdraw", "/nothing", "/nobody/messages"):
        assert_every_file_is_there(public, public.get(path))


def test_each_page_of_the_desk_is_whole(desk, unlimited):
    for path in ("/staff/login", "/staff/no/such/thing", "/mikita/messages", "/nothing"):
        page = desk.get(path, base_url=DESK)
        assert_every_file_is_there(desk, page)
        assert f"{unlimited.site_url[0]}/candle-source.tar.gz" in page.text, path


def test_a_fault_of_the_desk_names_its_request(desk, monkeypatch):
    monkeypatch.setattr("receiver.staff.login.LoginForm.validate_on_submit", lambda _: 1 / 0)
    page = desk.get("/staff/login", base_url=DESK)
    assert page.status_code == 500
    assert page.headers["X-Request-Id"] in page.text
    assert "To the desk" in page.text


def test_the_public_half_needs_no_key_that_approves(make_app, apart):
    without = replace(apart, approval_key="")
    assert make_app(without, "public").test_client().get("/mikita/token").status_code == 200
    for only in ("desk", None):
        with pytest.raises(SettingsError, match="APPROVAL_KEY"):
            make_app(without, only)
