"""Settings: environment over file over defaults, and a loud refusal of what cannot be meant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.errors import SettingsError
from campaign.keys import sealing
from campaign.settings import Settings, load, readable_approval_keys
from tests.support.table import table

PUBLIC, SECRET = sealing.new_key()


def given(**variables: str) -> Settings:
    return load({f"CANDLE_{name}": value for name, value in variables.items()}, file=None)


def written(tmp_path: Path, toml: str, **variables: str) -> Settings:
    file = tmp_path / "config.toml"
    file.write_text(toml, encoding="utf-8")
    return load({f"CANDLE_{name}": value for name, value in variables.items()}, file)


def test_without_anything_the_defaults_hold() -> None:
    settings = given()
    assert settings.database_url == f"sqlite:///{ROOT}/instance/candle.sqlite"
    assert (settings.limits_url, settings.proxy_hops, settings.ratelimit_enabled) == ("memory://", 0, True)


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    toml = 'receiver_url = "https://a.example"\nproxy_hops = 1\nratelimit_enabled = false'
    settings = written(tmp_path, toml, RECEIVER_URL="https://b.example")
    assert (settings.receiver_url, settings.proxy_hops) == ("https://b.example", 1)
    assert settings.ratelimit_enabled is False


def test_a_file_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert load({}, tmp_path / "none.toml") == given()


def test_other_variables_are_none_of_ours() -> None:
    assert load({"PATH": "/bin", "SITE_URL": "x"}, None) == given()


def test_the_line_end_of_another_system_is_part_of_no_folder() -> None:
    assert given(CONTENT_DIR="content\r", BUILD_DIR=" _build ") == given()


def test_webhook_secrets_are_named_by_campaign_and_merged(tmp_path: Path) -> None:
    toml = '[webhook_secrets]\nmikita = ["whsec_old"]\nanother = "whsec_a whsec_b"\nflood = "whsec_4"'
    settings = written(
        tmp_path, toml, WEBHOOK_SECRETS_MIKITA="whsec_2 whsec_1", WEBHOOK_SECRETS_TWO_WORDS="whsec_3"
    )
    assert settings.webhook_secrets == {
        "mikita": ("whsec_2", "whsec_1"),
        "another": ("whsec_a", "whsec_b"),
        "two-words": ("whsec_3",),
        "flood": ("whsec_4",),
    }


@table(
    ("url", "origin"),
    [
        ("https://Example.org/", "https://example.org"),
        ("https://example.org:443", "https://example.org"),
        ("http://example.org:80", "http://example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://пример.рф", "https://xn--e1afmkfd.xn--p1ai"),
        ("http://abcdefghij.onion", "http://abcdefghij.onion"),
    ],
)
def test_an_origin_is_written_as_browsers_send_it(url: str, origin: str) -> None:
    assert given(SITE_URL=f"https://first.example {url}").site_url == ("https://first.example", origin)


def test_a_desk_at_the_receiver_s_own_address_is_not_served_there_alone() -> None:
    both = given(RECEIVER_URL="https://post.example.org", STAFF_URL="https://Post.example.org:443/")
    assert both.staff_url == ""


@pytest.mark.parametrize(
    ("variable", "value", "fault"),
    [
        ("SITE_URL", " ", "at least one origin"),
        ("SITE_URL", "example.org", "is not an origin such as"),
        ("SITE_URL", "https://example.org/mikita", "is not an origin"),
        ("SITE_URL", "https://example.org?x", "is not an origin"),
        ("SITE_URL", "https://user@example.org", "is not an origin"),
        ("SITE_URL", "https://example.org, https://x.onion", "is not an origin"),
        ("SITE_URL", "https://[::1", "is not an origin"),
        ("SITE_URL", "https://example.org:port", "is not an origin"),
        ("RECEIVER_URL", "ftp://example.org", "is not an origin"),
        ("STAFF_URL", "staff", "is not an origin"),
        ("SOURCE_URL", "javascript:alert(1)", "is not an address to link to"),
        ("SOURCE_URL", "https://[x", "is not an address to link to"),
        ("PROXY_HOPS", "-1", "0 or more"),
        ("PROXY_HOPS", "one", "'one' is not a whole number"),
        ("BACKUP_DAYS", "0", "1 or more"),
        ("BACKUP_DAYS", "100000000000", "36500 at the most"),
        ("RATELIMIT_ENABLED", "maybe", "'maybe' is neither true nor false"),
        ("FLOOD", "sometimes", "auto, on or off"),
        ("AGE_RECIPIENTS", "age1wrong", "'age1wrong' is not an age public key"),
        pytest.param(
            "AGE_RECIPIENTS",
            PUBLIC[:-1] + ("q" if PUBLIC[-1] != "q" else "p"),
            "is not an age public key",
            id="AGE_RECIPIENTS-one letter wrong",
        ),
        ("AGE_RECIPIENTS", os.fsdecode(b"age1\xa0"), "is not an age public key"),
        ("SECRETKEY", "x", "no such setting; the settings are"),
        ("WEBHOOK_SECRETS", "x", "no such setting"),
    ],
)
def test_what_cannot_be_meant_is_named(variable: str, value: str, fault: str) -> None:
    with pytest.raises(SettingsError, match=fault) as refused:
        given(**{variable: value})
    assert f"CANDLE_{variable}" in str(refused.value)


def test_a_secret_key_among_the_recipients_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="number 2 is a secret key") as refused:
        given(AGE_RECIPIENTS=f"{PUBLIC} {SECRET}")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ("secret_key", "not valid TOML"),
        ("secret_key = 5", "secret_key: write it in quotation marks"),
        ("secret_key = {a = 1}", "write it in quotation marks"),
        ("site_url = [1]", "write words with spaces between them, or a list of strings"),
        ('sekret_key = "x"', "sekret_key: no such setting"),
        ('webhook_secrets = "x"', "webhook_secrets must be a table"),
        ("[webhook_secrets]\nmikita = 5", "mikita: write words"),
        ('[webhook_secrets]\nflood = "on"', r"flood: is below \[webhook_secrets\]; write it above"),
        ("[webhook_secrets]\nproxy_hops = 1", "proxy_hops: is below"),
        ("proxy_hops = 1.5", "'1.5' is not a whole number|1.5 is not a whole number"),
    ],
)
def test_a_fault_in_the_file_is_named_with_its_place(tmp_path: Path, toml: str, fault: str) -> None:
    with pytest.raises(SettingsError, match=fault) as refused:
        written(tmp_path, toml)
    assert "config.toml" in str(refused.value)


def test_the_mark_that_some_editors_begin_a_file_with_is_passed_over(tmp_path: Path) -> None:
    assert written(tmp_path, "\ufeffproxy_hops = 1").proxy_hops == 1


def test_a_file_in_another_encoding_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes("source_url = 'ў'".encode("cp1251", "ignore") + b"\xff")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load({}, tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("sqlite:///instance/x.sqlite", f"sqlite:///{ROOT}/instance/x.sqlite"),
        ("sqlite:////var/lib/x.sqlite", "sqlite:////var/lib/x.sqlite"),
        ("sqlite+pysqlite:///x.sqlite", f"sqlite+pysqlite:///{ROOT}/x.sqlite"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
    ],
)
def test_a_relative_database_lies_below_the_root(url: str, resolved: str) -> None:
    assert given(DATABASE_URL=url).database_url == resolved


@pytest.mark.parametrize("short", ["SECRET_KEY", "APPROVAL_KEY"])
def test_a_short_key_is_refused_at_start(short: str) -> None:
    keys = {"SECRET_KEY": "s" * 40, "APPROVAL_KEY": "a" * 40}
    given(**keys).require_keys()
    with pytest.raises(SettingsError, match=f"CANDLE_{short}: missing or shorter than 32"):
        given(**(keys | {short: "short"})).require_keys()


@pytest.mark.parametrize("name", ["SECRET_KEY", "APPROVAL_KEY"])
def test_a_fallback_that_can_be_guessed_is_refused_too(name: str) -> None:
    """One with spaces in it was taken for several, each a word, and all that these sign was believed."""
    keys = {"SECRET_KEY": "s" * 40, "APPROVAL_KEY": "a" * 40}
    given(**keys, **{f"{name}_FALLBACKS": "o" * 40}).require_keys()
    with pytest.raises(SettingsError, match=f"CANDLE_{name}_FALLBACKS: one is shorter than 32"):
        given(**keys, **{f"{name}_FALLBACKS": "a pass phrase of several words"}).require_keys()


def test_printed_settings_show_no_secret() -> None:
    secrets = {
        "SECRET_KEY": "hidden-1",
        "SECRET_KEY_FALLBACKS": "hidden-2",
        "APPROVAL_KEY": "hidden-3",
        "APPROVAL_KEY_FALLBACKS": "hidden-4",
        "DATABASE_URL": "postgresql+psycopg://u:hidden-5@h/d",
        "LIMITS_URL": "redis://:hidden-6@h",
        "WEBHOOK_SECRETS_MIKITA": "hidden-7",
    }
    assert "hidden" not in repr(given(**secrets))


def test_keys_come_with_the_one_that_signs_first() -> None:
    settings = given(SECRET_KEY="new", SECRET_KEY_FALLBACKS="old older", APPROVAL_KEY="a")
    assert settings.secret_keys == ("new", "old", "older")
    assert settings.approval_keys == ("a",)


@contextmanager
def nobody() -> Iterator[None]:
    """Be somebody who owns no file here, if that can be done."""
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def key_file(tmp_path: Path, text: str) -> str:
    file = tmp_path / "approval_key"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return str(file)


KEY, OLD, OLDER = ("k" * 40, "o" * 40, "p" * 40)


@pytest.mark.parametrize("text", [KEY, f"{KEY}\n", f"  {KEY}\r\n\r\n", f"\ufeff{KEY}\n"])
def test_a_key_may_lie_in_a_file_of_its_own(tmp_path: Path, text: str) -> None:
    file = key_file(tmp_path, text)
    for settings in (given(APPROVAL_KEY_FILE=file), written(tmp_path, f"approval_key_file = '{file}'")):
        assert settings.approval_keys == (KEY,)
        assert KEY not in repr(settings)


def test_older_keys_may_lie_in_a_file_one_a_line(tmp_path: Path) -> None:
    file = key_file(tmp_path, f"{OLD}\n{OLDER}\n")
    assert given(APPROVAL_KEY=KEY, APPROVAL_KEY_FALLBACKS_FILE=file).approval_keys == (KEY, OLD, OLDER)


def test_there_may_be_no_older_key_in_their_file(tmp_path: Path) -> None:
    """As in containers, where the file is always lent."""
    file = key_file(tmp_path, "\n")
    assert given(APPROVAL_KEY=KEY, APPROVAL_KEY_FALLBACKS_FILE=file).approval_keys == (KEY,)


def test_a_relative_key_file_lies_below_the_root() -> None:
    with pytest.raises(SettingsError, match=f"{ROOT}/instance/no-such-key: No such file"):
        given(APPROVAL_KEY_FILE="instance/no-such-key")


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("APPROVAL_KEY_FILE", b"", "holds no key"),
        ("APPROVAL_KEY_FILE", b"\n \n", "holds no key"),
        ("APPROVAL_KEY_FILE", b"\xff\xfe", "is not UTF-8"),
        ("APPROVAL_KEY_FALLBACKS_FILE", b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_a_key_file_without_a_key_is_named(tmp_path: Path, name: str, data: bytes, fault: str) -> None:
    (tmp_path / "key").write_bytes(data)
    with pytest.raises(SettingsError, match=f"{tmp_path}/key: {fault}; write the key into it"):
        given(**{name: str(tmp_path / "key")})


def test_a_key_in_a_file_may_be_of_words(tmp_path: Path) -> None:
    assert (
        given(APPROVAL_KEY_FILE=key_file(tmp_path, "a key of many words\n")).approval_key
        == "a key of many words"
    )


def test_a_key_file_holds_one_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="approval_key: holds more than one key"):
        given(APPROVAL_KEY_FILE=key_file(tmp_path, f"{KEY}\n{OLD}\n"))


@pytest.mark.parametrize("name", ["APPROVAL_KEY", "APPROVAL_KEY_FALLBACKS"])
def test_a_key_and_a_file_for_it_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"CANDLE_{name}: given, and CANDLE_{name}_FILE too"):
        written(tmp_path, f"{name.lower()}_file = '{key_file(tmp_path, OLD)}'", **{name: KEY})


def test_who_may_not_read_the_key_s_file_goes_without_it(tmp_path: Path) -> None:
    file = key_file(tmp_path, KEY)
    with nobody():
        settings = given(APPROVAL_KEY_FILE=file, APPROVAL_KEY_FALLBACKS_FILE=file, SECRET_KEY="s" * 40)
    assert settings.approval_keys == ("",)
    settings.require_keys("secret_key")
    with pytest.raises(
        SettingsError, match=f"{file}: this process is not permitted to read the approval_key"
    ):
        settings.require_keys()


def test_a_short_key_in_a_file_is_named_by_the_file(tmp_path: Path) -> None:
    file = key_file(tmp_path, "short")
    with pytest.raises(SettingsError, match=f"{file}: missing or shorter than 32"):
        given(APPROVAL_KEY_FILE=file).require_keys("approval_key")


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"SECRET_KEY": KEY, "APPROVAL_KEY": KEY}, "CANDLE_APPROVAL_KEY: also one of"),
        (
            {"SECRET_KEY": KEY, "APPROVAL_KEY": OLD, "APPROVAL_KEY_FALLBACKS": KEY},
            "CANDLE_APPROVAL_KEY: also",
        ),
        ({"SECRET_KEY": KEY, "SECRET_KEY_FALLBACKS": f"{OLD} {KEY}"}, "CANDLE_SECRET_KEY_FALLBACKS: holds"),
        ({"APPROVAL_KEY": KEY, "APPROVAL_KEY_FALLBACKS": KEY}, "CANDLE_APPROVAL_KEY_FALLBACKS: holds"),
    ],
)
def test_equal_keys_are_refused_and_not_repeated(keys: dict[str, str], fault: str) -> None:
    with pytest.raises(SettingsError, match=fault) as refused:
        given(**keys)
    assert KEY not in str(refused.value)


def test_equal_keys_are_refused_in_files_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="also one of"):
        given(SECRET_KEY=KEY, APPROVAL_KEY_FILE=key_file(tmp_path, KEY))


def test_each_place_of_a_readable_approval_key_is_named(tmp_path: Path) -> None:
    """Also one that is overridden: who breaks in reads the file, not the settings."""
    file, config = key_file(tmp_path, KEY), tmp_path / "config.toml"
    config.write_text(f'approval_key = "{KEY}"\napproval_key_fallbacks_file = "{file}"\n')
    environ = {"CANDLE_APPROVAL_KEY_FALLBACKS": OLD, "CANDLE_APPROVAL_KEY": "", "CANDLE_SECRET_KEY": KEY}
    assert readable_approval_keys(environ, config) == [
        "CANDLE_APPROVAL_KEY_FALLBACKS",
        f"{config}: approval_key",
        file,
    ]
    config.write_text(f'approval_key_file = "{file}"\n')
    assert readable_approval_keys({}, config) == [file]
    config.chmod(0o644)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)  # pytest's own
    with nobody():
        assert readable_approval_keys({}, config) == []


@table(
    ("addresses", "fault"),
    [
        ({"RECEIVER_URL": "http://127.0.0.1:8001"}, ""),
        ({"RECEIVER_URL": "http://[::1]:8001"}, ""),
        ({"RECEIVER_URL": "https://post.example.org"}, "off is for a desk on 127.0.0.1"),
        ({"STAFF_URL": "https://desk.example.org"}, "not at https://desk.example.org"),
        ({"RECEIVER_URL": "http://127.0.0.1.example.org"}, "off is for a desk on 127.0.0.1"),
        ({"STAFF_URL": "https://[x"}, "is not an origin"),
    ],
)
def test_a_password_alone_is_enough_on_this_machine_only(addresses: dict[str, str], fault: str) -> None:
    if not fault:
        assert given(**addresses, SECOND_FACTOR="off").second_factor == "off"
        return
    with pytest.raises(SettingsError, match=fault):
        given(**addresses, SECOND_FACTOR="off")


def test_a_second_factor_is_on_or_off() -> None:
    assert given().second_factor == "on"
    with pytest.raises(SettingsError, match="write on or off"):
        given(SECOND_FACTOR="no")
