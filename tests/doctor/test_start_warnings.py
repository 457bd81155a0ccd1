"""What the doctor sees in the settings alone, and the receiver tells at each start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from campaign.doctor import exposed_secrets, signing_keys
from campaign.settings import Settings


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o600, False), (0o640, False), (0o644, True), (0o660, True), (0o602, True)]
)
def test_settings_that_others_can_read_or_change_are_warned_of(
    settings: Settings, tmp_path: Path, mode: int, warned: bool
) -> None:
    config = tmp_path / "config.toml"
    config.touch()
    config.chmod(mode)
    found = list(exposed_secrets.find(settings, config))
    assert found == ([f"{config}: others can read or change it; chmod o=,g-w {config}"] if warned else [])


def test_a_secret_age_key_beside_the_database_is_warned_of(
    settings: Settings, tmp_path: Path, age_keys: tuple[str, str]
) -> None:
    beside = tmp_path / "instance"
    beside.mkdir()
    (beside / "key-1.txt").write_text(f"# public key: {age_keys[0]}\n{age_keys[1]}\n")
    (beside / "candle.sqlite").write_text(age_keys[0])
    (beside / "link").symlink_to(beside / "key-1.txt")
    (warning,) = exposed_secrets.find(settings, tmp_path / "none.toml")
    assert warning.startswith(f"{beside}/key-1.txt: holds a secret age key")
    assert age_keys[1] not in warning
    tried = replace(settings, site_url=("http://127.0.0.1:8000",), receiver_url="http://localhost:8001")
    assert list(exposed_secrets.find(tried, tmp_path / "none.toml")) == []


def test_a_key_from_chance_is_taken_for_no_guess() -> None:
    """Neither one of 48 bytes, as docs/operators.md makes it, nor the shortest that is let through."""
    import random

    chance = random.Random(11)  # the same keys each time
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    for kinds, length in ((letters, 64), (letters[:6] + "0123456789", 64), (letters, 32)):
        keys = ["".join(chance.choices(kinds, k=length)) for _ in range(300)]
        found = Settings(site_url=("https://a.example",), secret_key=keys[0], approval_key=keys[1])
        several = replace(found, approval_key_fallbacks=tuple(keys[2:20]))
        assert list(signing_keys.find_weak(several)) == []
        for key in keys:
            assert list(signing_keys.find_weak(replace(found, secret_key=key, approval_key=""))) == []


def test_a_webhook_s_secret_of_few_bytes_is_warned_of() -> None:
    secrets = {"short-one": ("whsec_YQ==",), "mikita": ("whsec_" + "MTIzNDU2Nzg5MDEyMzQ1Ng==",)}
    (warning,) = signing_keys.find_weak(Settings(site_url=("https://a.example",), webhook_secrets=secrets))
    assert warning.startswith("CANDLE_WEBHOOK_SECRETS_SHORT_ONE: can be guessed; ")
