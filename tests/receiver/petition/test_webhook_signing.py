"""Standard Webhooks 1.0, held to the specification's vector and to the reference library as sender."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from campaign.errors import SettingsError
from campaign.keys.webhook_secrets import decode_secrets
from receiver.petition.webhook_signing import WebhookRefused, sign, verify_webhook
from tests.support.table import table

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"another secret of 24 byt").decode()
NOW = 1_614_265_330
BODY = b'{"test": 2432232314}'
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
VECTOR = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def accepted(identifier=ID, timestamp=str(NOW), signatures=VECTOR, body=BODY, now=float(NOW), keys=(SECRET,)):
    try:
        verify_webhook(decode_secrets("mikita", keys), identifier, timestamp, signatures, body, now=now)
    except WebhookRefused:
        return False
    return True


def test_the_specification_s_own_vector_is_accepted():
    assert accepted()
    assert sign(*decode_secrets("mikita", [SECRET]), ID, str(NOW), BODY) == VECTOR.encode()


def test_what_the_reference_library_sends_is_accepted():
    moment = datetime.fromtimestamp(NOW, UTC)
    signature = Webhook(SECRET).sign(ID, moment, BODY.decode())
    assert accepted(signatures=signature)


def test_any_of_several_secrets_and_of_several_signatures_is_enough():
    assert accepted(keys=(OTHER, SECRET))
    assert accepted(keys=(SECRET, OTHER))
    assert not accepted(keys=(OTHER,))
    assert not accepted(keys=())
    assert accepted(signatures=f"v1,{'A' * 43}= {VECTOR} v2,unknown")


@pytest.mark.parametrize(
    ("skew", "good"), [(-301, False), (-299, True), (0, True), (299, True), (301, False)]
)
def test_five_minutes_are_tolerated(skew, good, figure):
    found = accepted(now=float(NOW + skew))
    figure(f"a webhook, its clock {skew:+d} s", "taken" if found else "refused")
    assert found == good


def flipped(text: str):
    for place in range(len(text)):
        for bit in range(7):
            yield text[:place] + chr(ord(text[place]) ^ (1 << bit)) + text[place + 1 :]


def test_every_flipped_bit_of_headers_and_body_is_refused(figure):
    answers = [accepted(signatures=changed) for changed in flipped(VECTOR)]
    answers += [accepted(identifier=changed) for changed in flipped(ID)]
    answers += [accepted(timestamp=changed, now=float(NOW)) for changed in flipped(str(NOW))]
    for place in range(len(BODY)):
        for bit in range(8):
            changed_body = bytearray(BODY)
            changed_body[place] ^= 1 << bit
            answers.append(accepted(body=bytes(changed_body)))
    figure("each bit of a signed webhook flipped", f"{answers.count(False)} of {len(answers)} refused")
    assert not any(answers)


@table("junk", [None, "", " ", "é", "\x00", "v1", "v1,", "v1,é", "v1,====", ",", "v1," * 2000])
def test_malformed_headers_are_refused_and_never_raise_anything_else(junk):
    assert not accepted(signatures=junk)
    assert not accepted(identifier=junk if junk != "v1" else "")
    assert not accepted(timestamp=junk)


@table(
    "timestamp", ["1614265330.5", "+1614265330", "１６１４２６５３３０", "1e9", "nan", "9" * 400, "-1", "0x1"]
)
def test_a_timestamp_is_plain_digits(timestamp):
    assert not accepted(timestamp=timestamp)


@table("secret", ["", "whsec_", "whsec_%%%", "not base64!", "whsec_é"])
def test_a_secret_that_is_none_stops_the_receiver_at_its_start(secret):
    with pytest.raises(SettingsError, match="CANDLE_WEBHOOK_SECRETS_TWO_WORDS: number 2 is no secret; "):
        decode_secrets("two-words", [SECRET, secret])
