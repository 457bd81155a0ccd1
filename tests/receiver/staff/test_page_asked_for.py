"""A login leads to the page that was asked for without one, and to none of anybody else."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from campaign.accounts import sessions, staff
from campaign.text.likeness import likeness
from tests.conftest import APPROVAL_KEY
from tests.receiver.conftest import OWN
from tests.receiver.desk import Desk

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design


@pytest.fixture
def desk(app) -> Desk:
    return Desk(app.test_client())


def log_in(desk: Desk, page, password: str):
    """Fill in the login page at hand, with what it holds."""
    return desk.press(page, "/staff/login", name="olga", password=password)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("/staff/mikita/?message={id}&flood=1", "/staff/mikita/?message={id}&flood=1"),
        (
            "/staff/mikita/messages?words=%C5%82%C3%B3&page=2",
            "/staff/mikita/messages?words=%C5%82%C3%B3&page=2",
        ),
        ("/staff/mikita/batches/3", "/staff/mikita/batches/3"),
        ("/staff/mikita/{id}/card.png", "/staff/mikita/?message={id}"),
        ("/staff/mikita/batches/3/files.zip", "/staff/mikita/batches/3"),
        ("/staff/mikita/sample.pdf", "/staff/mikita/batches"),
        (f"/staff/mikita/messages?words={'a' * 1000}", "/staff/"),  # no cookie holds any length
    ],
)
def test_it_leads_to_the_page_that_was_asked_for(desk, password, message, asked, shown):
    page = desk.follow(desk.get(asked.format(id=message.id)))
    wrong = log_in(desk, page, "a wrong one")
    assert wrong.status_code == 422
    assert log_in(desk, wrong, password).location == shown.format(id=message.id)


def test_a_decision_on_a_session_that_ended_leads_to_its_message(reviewer, database, message, password_of):
    desk = Desk(reviewer)
    seen = desk.get()
    database.write(lambda c: sessions.end_all(c, "olga"))
    page = desk.follow(desk.press(seen, "approve"))
    assert "Your login has ended, so nothing was changed." in page.text
    answer = log_in(desk, page, password_of("olga"))
    assert answer.location == f"/staff/mikita/?message={message.id}"
    assert "Please press once more." in desk.follow(answer).text
    assert "Please press once more." not in desk.get().text


GROUP = "/staff/mikita/groups?kind=alike&of={likeness}"


@pytest.mark.parametrize(
    ("shown", "action", "leads"),
    [
        (GROUP, "groups", GROUP),
        ("/staff/mikita/?flood=1", "undo", "/staff/mikita/?flood=1"),
        ("/staff/mikita/batches", "batches/run", "/staff/mikita/batches"),
    ],
)
def test_another_step_leads_to_where_it_was_taken(
    reviewer, database, submit, password_of, shown, action, leads
):
    """No single message stands there, on which one would press once more."""
    desk, words = Desk(reviewer), "We think of you every day."
    for _ in range(3):
        submit(database, words)
    desk.press(desk.get(), "reject", why="x")
    place = {"likeness": likeness(words)}
    seen = desk.get(shown.format(**place))
    database.write(lambda c: sessions.end_all(c, "olga"))
    answer = log_in(desk, desk.follow(desk.press(seen, action, what="cards")), password_of("olga"))
    assert answer.location == leads.format(**place)
    told = desk.follow(answer).text
    assert "Nothing was changed: your login had ended." in told
    assert "press once more" not in told


def test_after_a_login_in_another_tab_the_page_is_shown_with_what_was_lost(
    reviewer, database, message, password_of
):
    """Whichever tab tells it: where there is a fault, the page keeps what was typed."""
    desk, here = Desk(reviewer), f"/staff/mikita/?message={message.id}"
    seen = desk.get()
    database.write(lambda c: sessions.end_all(c, "olga"))
    ended = desk.press(seen, "aside", note="asks her mother")
    other = desk.follow(log_in(desk, desk.get("/staff/login"), password_of("olga")))
    led = desk.follow(other).text  # to another message, perhaps
    assert "Nothing was changed: your login had ended." in led
    assert "press once more" not in led
    for again in (
        lambda: desk.get(ended.location),
        lambda: desk.press(seen, "aside", note="asks her mother"),
    ):
        late = again()
        assert late.location == here
        assert '<p class="told fault" role="alert">Nothing was changed: your login' in desk.follow(late).text


def test_a_stranger_s_link_to_the_login_asks_nobody_to_press_once_more(reviewer, message):
    desk = Desk(reviewer)
    led = desk.get(f"/staff/login?lost={message.id}&next=/staff/mikita/?message={message.id}")
    assert led.location == f"/staff/mikita/?message={message.id}"
    assert "press once more" not in desk.follow(led).text


def test_nor_does_a_stranger_s_form(desk, password, message):
    """It comes without the browser's session, and would choose the message."""
    theirs = {"data": {"csrf_token": "x"}, "headers": {"Sec-Fetch-Site": "cross-site"}}
    page = desk.client.post(f"/staff/mikita/{message.id}/approve", base_url=OWN, **theirs)
    assert page.status_code == 400
    page = desk.follow(desk.get(f"/staff/mikita/?message={message.id}"))
    assert "Nothing was changed" not in desk.follow(log_in(desk, page, password)).text


@pytest.mark.parametrize("action", ["login", "account/password", "logout"])
def test_nothing_is_said_to_be_lost_of_what_was_no_decision(desk, database, password, action):
    form = {"csrf_token": "too old", "name": "olga", "password": password}
    page = desk.client.post(f"/staff/{action}", base_url=OWN, data=form, headers={"Referer": f"{OWN}/"})
    assert page.status_code == 400
    home = desk.follow(log_in(desk, page, password))
    assert "Nothing was changed" not in desk.follow(home).text


def test_so_does_one_whose_form_is_too_old(reviewer, message, password_of):
    desk = Desk(reviewer)
    seen = desk.get()
    reviewer.delete_cookie("__Host-candle", domain="post.candle.example.org")
    page = desk.press(seen, "approve")
    assert page.status_code == 400
    assert log_in(desk, page, password_of("olga")).location == f"/staff/mikita/?message={message.id}"


@pytest.fixture
def password_of(database):
    """Give a member another password, as after it was forgotten."""
    return lambda name: database.write(lambda c: staff.reset(c, name, [APPROVAL_KEY]))


@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example", "//evil.example/staff/", r"/\evil.example", "/staff", "/mikita/withdraw"),
        *("/staff/\\evil", "/staff/a b", "/staff/\nx", "javascript:alert(1)", ""),
        *("/staff/../x", "/staff/%2E%2e/x", "/staff/.%2e/x", "/staff/mikita/..", f"/staff/{'a' * 1000}"),
    ],
)
def test_it_leads_nowhere_else(desk, password, address):
    page = desk.get(f"/staff/login?{urlencode({'next': address})}")
    assert log_in(desk, page, password).location == "/staff/"
    assert desk.get(f"/staff/login?{urlencode({'next': address})}").location in (None, "/staff/")


def test_a_second_tab_needs_no_second_login(desk, password):
    first, second = (desk.get(f"/staff/mikita/messages?page={n}").location for n in (1, 2))
    log_in(desk, desk.get(first), password)
    assert desk.get(second).location == "/staff/mikita/messages?page=2"
    assert desk.get("/staff/login").location == "/staff/", "where Back leads to"
