"""Two receivers on one PostgreSQL: what one of them took, the other knows."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from campaign.accounts import staff
from campaign.storage.database import connect
from receiver.app import create_app
from receiver.state.tokens import Tokens
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import JSON, OWN, Supporter, log_in, token_in
from tests.receiver.desk import Desk

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes, yes").decode()


@pytest.fixture
def receivers(postgresql_database, unlimited, clock):
    """Two apps with pools of their own, as on two machines."""
    url = postgresql_database.engine.url.render_as_string(hide_password=False)
    settings = replace(unlimited, database_url=url, webhook_secrets={"mikita": (SECRET,)})
    second = connect(url)
    apps = [create_app(settings, database) for database in (postgresql_database, second)]
    for app in apps:
        app.extensions["candle"].tokens = Tokens(settings.secret_keys, clock)
    yield apps
    second.close()


@pytest.fixture
def supporters(receivers, clock):
    return [Supporter(app.test_client(), clock) for app in receivers]


def test_a_token_of_one_is_good_at_the_other_and_stores_one_row(receivers, supporters, clock):
    first, second = supporters
    token = first.token()

    def press(number: int) -> tuple[int, str]:
        answer = Supporter(receivers[number % 2].test_client(), clock).send(token, headers=JSON)
        return answer.status_code, answer.json["receipt"]

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(press, range(50)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert first.count() == second.count() == 1
    assert second.send(token, message="Other words.").status_code == 409


def test_a_receipt_of_one_takes_back_at_the_other(supporters):
    first, second = supporters
    receipt = first.send(headers=JSON).json["receipt"]
    token = token_in(second.client.get("/mikita/withdraw"))
    fields = {"receipt": receipt, "token": token}
    answer = second.client.post("/mikita/withdraw", data=fields, headers={"Origin": OWN})
    assert "taken back" in answer.text
    assert first.count() == 0


def test_two_at_two_desks_cannot_decide_the_same_message(receivers, supporters, postgresql_database):
    supporters[0].send()
    desks = []
    for name, app in zip(("olga", "petr"), receivers, strict=True):
        password = postgresql_database.write(
            lambda connection, n=name: staff.add(connection, n, [APPROVAL_KEY], TODAY)
        )
        desks.append(Desk(app.test_client()))
        log_in(desks[-1].client, name, password)
    seen = [desk.get() for desk in desks]
    desks[0].press(seen[0], "approve")
    page = desks[1].follow(desks[1].press(seen[1], "reject", why="Spam"))
    assert "Somebody was quicker: it is approved already by olga, today." in page.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("messages?words=%00", 200),
        ("messages?reviewer=%00", 200),
        ("messages?reason=%00", 200),
        (f"messages?page={10**30}", 400),
        ("?message=%00", 404),
        ("?message=%ff", 404),
    ],
)
def test_odd_questions_get_plain_answers(receivers, postgresql_database, query, status):
    password = postgresql_database.write(
        lambda connection: staff.add(connection, "olga", [APPROVAL_KEY], TODAY)
    )
    desk = Desk(receivers[0].test_client())
    log_in(desk.client, "olga\x00", password)
    log_in(desk.client, "olga", password)
    assert desk.get(f"/staff/mikita/{query}").status_code == status
