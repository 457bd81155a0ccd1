"""docs/contract.md on the receiver: addresses, fields, limits, counts, and the webhook's examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from campaign import ROOT, petition
from campaign.content import form_fields
from campaign.content.campaign import load
from campaign.pages import build_record
from campaign.pages.site import create_pages
from receiver.http import body
from receiver.http.limits import LIMITS, UNSIGNED
from receiver.petition import webhook_signing
from receiver.state import counts, tokens
from tests.receiver.conftest import JSON
from tests.receiver.http.test_headers import assert_protected
from tests.receiver.petition.test_webhook import SECRET, counted, post
from tests.receiver.serving import served
from tests.support.contract import AGREE, blocks, codes, rows, section

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def generic(rule: str) -> str:
    """Write a rule's places as the page does."""
    return PLACE.sub(lambda found: f"<{found[1].replace('slug', 'campaign')}>", rule)


def mapped(app) -> set[tuple[str, str]]:
    """Return each method and path of the app; HEAD and OPTIONS are the server's own."""
    rules = list(app.url_map.iter_rules())
    return {(method, generic(rule.rule)) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}


def test_the_addresses_are_those_of_the_public_half(make_app, unlimited):
    table = {(method, *codes(path)) for method, path, _ in rows("Addresses of the receiver", "method")}
    assert table == mapped(make_app(unlimited, "public")), AGREE


def test_the_addresses_of_the_page_are_those_that_are_frozen(settings, tmp_path, content_dir):
    story, picture = content_dir / "mikita" / "en" / "story.md", "picture.svg"
    shutil.copy(content_dir / "mikita" / "illustration.svg", story.with_name(picture))
    story.write_text(f"{story.read_text()}\n![A candle]({picture})\n")
    news = story.parent / "news"
    news.mkdir()
    shutil.copy(content_dir / "mikita" / "illustration.svg", news / picture)
    (news / "2026-01-02-moved.md").write_text(f"# Moved\n\n![A candle]({picture})\n")
    facts = content_dir / "mikita" / "campaign.toml"
    facts.write_text(facts.read_text() + '\n[moved]\n"/nikita/" = "/mikita/"\n')
    rules = create_pages({"mikita": load(content_dir / "mikita")}, settings).url_map.iter_rules()
    found = {generic(re.sub(r"<any\((.*)\):name>", r"{\1}", rule.rule)) for rule in rules}
    found |= {f"…/{name}/" for rule in found if "{" in rule for name in re.findall(r"[\w-]+(?=[,}])", rule)}
    written = {code for addresses, _ in rows("Addresses of the page", "address") for code in codes(addresses)}
    assert written == {rule for rule in found if "{" not in rule} | {f"/{build_record.NAME}"}, AGREE


def test_the_fields_are_those_of_the_form(campaign):
    limit = campaign.form.message_limit
    table = {codes(name)[0]: longest.strip("`") for name, longest, _ in rows("Sending a message", "field")}
    asked = {
        field.name: str(field.limit or "")
        for field in form_fields.fields(limit, form_fields.DETAILS, wall=True)
    }
    others = {"language": "", "token": "", "card": "", form_fields.HONEYPOT: "", form_fields.SEALED: "16 KiB"}
    assert table == asked | {"message": "message_limit"} | others, AGREE


def test_what_is_required_is_what_an_empty_post_lacks(supporter):
    empty = supporter.client.post("/mikita/messages", data={"language": "en"}, headers=JSON)
    written = {codes(name)[0] for name, _, told in rows("Sending a message", "field") if "required" in told}
    assert set(empty.json["errors"]) == written


def test_the_limits_are_those_that_hold(app):
    rules = {rule.endpoint: generic(rule.rule) for rule in app.url_map.iter_rules()}
    held = {
        f"{methods[0]} {rules[name]}": often
        for name, (often, methods) in LIMITS.items()
        if not rules[name].startswith("/staff/")
    }
    held |= {f"POST {rules[name]}": often for name, often in UNSIGNED.items()}
    assert {codes(asked)[0]: often for asked, often in rows("Sending a message", "request")} == held, AGREE


def test_whoever_asks_too_often_hears_the_wait(make_app, settings):
    client = make_app(settings).test_client()
    for method, path, often in (("POST", "/mikita/withdraw", 20), ("GET", "/mikita/token", 240)):
        answers = [client.open(path, method=method, data={}) for _ in range(often + 1)]
        assert [answer.status_code == 429 for answer in answers] == [False] * often + [True]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 62
        assert_protected(answers[-1])


def test_an_answer_in_json_has_the_four_keys(supporter):
    (example,) = blocks("Addresses of the receiver", "json")
    assert supporter.send(message="", headers=JSON).json.keys() == json.loads(example).keys()


WEBHOOKS = {
    "is new": {},
    "has an id that was counted already; ids are kept for 30 days": {"identifier": "known"},
    "is signed, and of another type": {"body": {"type": "petition.closed"}},
    "is signed, and its body is not as above": {"body": {"type": "petition.signatures"}},
    "is signed, and its body is dated more than 5 minutes ahead of the receiver's clock": {
        "body": counted(2, "2099-01-01T00:00:00Z")
    },
    "is not signed with a secret of this campaign": {"webhook-signature": "v1,bm8="},
    "is signed, and of another time": {"webhook-timestamp": "1"},
    "lacks a header": {"webhook-id": ""},
    "goes to a campaign that is not there, or is a draft": {"slug": "nobody"},
    "is one too many of those that get 401 from its network": {"before": 60, "webhook-id": ""},
    "is over 16 KiB": {"body": b"a" * 17_000},
}


@pytest.mark.parametrize("row", WEBHOOKS)
def test_a_webhook_is_answered_as_its_row_says(make_app, settings, row):
    told = dict(rows("The webhook", "the webhook"))
    assert list(told) == list(WEBHOOKS)
    client = make_app(replace(settings, webhook_secrets={"mikita": (SECRET,)})).test_client()
    post(client, counted(1), identifier="known")
    changes = dict(WEBHOOKS[row])
    for _ in range(changes.pop("before", 0)):
        assert client.post("/hooks/mikita/petition").status_code == 401
    answer = post(client, changes.pop("body", counted(2)), **changes)
    status, _, body = told[row].partition(" ")
    assert answer.status_code == int(status)
    assert not body or answer.json == json.loads(body.strip("`"))


@pytest.mark.parametrize("row", range(2))
def test_the_bodies_of_webhooks_are_taken_as_they_stand(make_app, unlimited, row):
    client = make_app(replace(unlimited, webhook_secrets={"mikita": (SECRET,)})).test_client()
    assert post(client, blocks("The webhook", "json")[row].encode()).json == {"counted": True}


def test_the_counts_have_the_keys_of_the_example(supporter):
    (example,) = blocks("The counts", "json")
    answer = supporter.client.get("/mikita/count.json")
    assert {name: type(value) for name, value in answer.json.items()} == {
        name: type(value) for name, value in json.loads(example).items()
    }
    assert len(answer.json["signatures_as_of"]) == len(json.loads(example)["signatures_as_of"])
    assert answer.headers["Cache-Control"] == "public, max-age=60"


NUMBERS = {
    "The token": f"from {tokens.YOUNGEST:g} seconds to {tokens.OLDEST / 3600:g} hours",
    "The counts": f"at most {counts.KEPT:g} seconds old",
    "The webhook": f"at most {webhook_signing.TOLERANCE // 60} minutes from the receiver's clock",
    "Addresses of the receiver": f"{body.LIMIT // 1024} KiB",
}


@pytest.mark.parametrize("title", NUMBERS)
def test_the_numbers_are_those_that_hold(title):
    assert NUMBERS[title] in section(title).replace("\n", " ")
    assert f"ids are kept for {petition.KEEP_EVENTS.days} days" in section("The webhook")
    assert f"dated more than {petition.AHEAD.seconds // 60} minutes ahead" in section("The webhook")


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl")
def test_the_examples_of_a_webhook_run_as_they_stand(tmp_path):
    (shell,), (python,) = blocks("The webhook", "bash"), blocks("The webhook", "python")
    assert len([line for line in python.splitlines() if line]) <= 10
    with served(tmp_path, only="public", CANDLE_WEBHOOK_SECRETS_MIKITA=SECRET) as running:
        environ = os.environ | {
            "RECEIVER_URL": f"http://127.0.0.1:{running.port}",
            "WEBHOOK_SECRET": SECRET,
        }
        for command, number in (
            (["bash", "-c", shell], 12_345),
            ([sys.executable, "-c", python], 12_346),
        ):
            done = subprocess.run(
                command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60
            )
            assert json.loads(done.stdout or "null") == {"counted": True}, done.stderr
            assert json.loads(running.get("/mikita/count.json")[1])["signatures"] == number
