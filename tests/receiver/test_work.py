"""No post costs more than its length: work is counted wherever a client may write something."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings, target
from hypothesis import strategies as st

from campaign.cards.type.typesetter import Typesetter
from receiver.petition.webhook_signing import WebhookRefused, verify_webhook
from receiver.supporters import form
from tests.receiver.conftest import GOOD, JSON, SITE, Supporter
from tests.support.lanes import first
from tests.support.work import counted
from tests.text.test_work import UNITS

ZALGO = "a" + "\u0345\u035c\u0315\u0301\u0316\u0321\u0338\u0334" * 300
AS_TYPED = "  <b>e\u0301\u202e" + "a\u0301" * 20
SHAPES = st.lists(
    st.sampled_from([*UNITS, "\x7f", "%", "&", "=", ";", ",", '"', "\\"]), min_size=1, max_size=5
)
EACH, FIXED = 60, 15_000  # lines that a letter may cost, and that any request costs
SIZES = (500, 2000)


def least(function: Callable[[], object]) -> float:
    """Count what it is each time: once a second a request looks for changed files too, whatever it holds."""
    return min(counted(function) for _ in range(3))


def flooded(make_app, settings, clock) -> Supporter:
    """A supporter of whom nothing more is taken for now."""
    supporter = Supporter(make_app(settings).test_client(), clock)
    while supporter.send("", message="", headers=JSON).status_code != 429:
        pass
    return supporter


def test_too_many_posts_get_their_words_back_as_they_came(make_app, settings, clock, monkeypatch):
    supporter = flooded(make_app, settings, clock)
    for module, name in ((form, "normalise"), (form, "refusals"), (Typesetter, "set")):
        monkeypatch.setattr(module, name, None)
    answer = supporter.send("", message=AS_TYPED, first_name="<i>", consent="false")
    assert answer.status_code == 429
    assert AS_TYPED.replace("<", "&lt;").replace(">", "&gt;") + "</textarea>" in answer.text
    assert 'value="&lt;i&gt;"' in answer.text
    assert 'name="consent" required checked' not in answer.text


def test_a_post_that_is_too_many_is_no_work_whatever_it_holds(make_app, settings, clock):
    supporter = flooded(make_app, settings, clock)
    plain, hostile = (
        least(lambda text=text: supporter.send("x", message=text)) for text in ("Be well.", ZALGO)
    )
    assert hostile < 1.2 * plain


def test_a_closed_campaign_gives_words_back_unread(app, supporter, monkeypatch):
    contents = app.extensions["candle"].contents
    closed = replace(contents.get("mikita"), status="closed")
    monkeypatch.setattr(contents, "get", lambda _slug: closed)
    monkeypatch.setattr(form, "normalise", None)
    answer = supporter.send("x", message=AS_TYPED)
    assert answer.status_code == 410
    assert AS_TYPED.replace("<", "&lt;").replace(">", "&gt;") + "</textarea>" in answer.text


def test_marks_without_end_are_refused_for_little(supporter):
    plain, hostile = (least(lambda t=t: supporter.send(message=t)) for t in ("Be well.", ZALGO))
    assert supporter.send(message=ZALGO).status_code == 422
    assert hostile < 3 * plain


@pytest.mark.parametrize(
    "place", first(4, [*GOOD, "token", "homepage", "Accept", "Origin", "Referer", "query", "body"])
)
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate, Phase.target],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@example(shape="\u0301")
@given(shape=SHAPES.map("".join))
def test_a_request_costs_what_its_length_says(supporter, place, shape):
    small, large = ((shape * size)[:size] for size in SIZES)
    less, more = (counted(lambda s=s: _send(supporter, place, s)) for s in (small, large))
    target(more)
    assert more <= 6 * less
    assert more <= EACH * len(large) + FIXED


def _send(supporter: Supporter, place: str, text: str) -> None:
    if place == "query":
        supporter.client.get("/mikita/messages", query_string={"language": text})
    elif place == "body":
        supporter.client.post("/mikita/messages", data=text.encode(), headers={"Origin": SITE})
    elif place[0].isupper():
        supporter.send(
            headers={
                place: text.encode("ascii", "replace").decode().replace("\n", "").replace("\r", "").strip()
            }
        )
    else:
        supporter.send(**{place: text})


@pytest.mark.parametrize("unit", ["v1,a ", " ", "v1,", "\u00e9 ", "v1," + "A" * 43 + "= "])
def test_a_header_of_signatures_costs_what_its_length_says(unit):
    def refused(signatures: str) -> None:
        with suppress(WebhookRefused):
            verify_webhook([b"a", b"b"], "msg_1", "1000", signatures, b"{}", now=1000)

    less, more = (counted(lambda n=n: refused((unit * n)[:n])) for n in SIZES)
    assert more <= 6 * less
