"""The operator's settings: environment over `instance/config.toml` over defaults."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from campaign.errors import CandleError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "CANDLE_"
WEBHOOK_PREFIX = "WEBHOOK_SECRETS_"
SHORTEST_KEY = 32


class SettingsError(CandleError):
    """A setting that is unknown, missing or cannot be used."""


@dataclass(frozen=True)
class Settings:
    """Every setting, under the name of its environment variable without `CANDLE_`, in lower case.

    `site_url` is a tuple of origins of which the first is canonical; `staff_url` is the staff desk's origin
    when it is not the receiver's; `source_url` is where the source of the running version can be had, which
    every page links to as the AGPL asks; `flood` is "on", "off" or "auto": above `flood_per_minute` posts,
    while the limits are enabled; `age_recipients` are age public keys; `webhook_secrets` maps a campaign's
    slug to its secrets, the newest first.
    """

    database_url: str = "sqlite:///instance/candle.sqlite"
    secret_key: str = ""
    secret_key_fallbacks: tuple[str, ...] = ()
    approval_key: str = ""
    approval_key_fallbacks: tuple[str, ...] = ()
    site_url: tuple[str, ...] = ("http://127.0.0.1:8000",)
    receiver_url: str = "http://127.0.0.1:8001"
    staff_url: str = ""
    source_url: str = ""
    flood: str = "auto"
    flood_per_minute: int = 600
    limits_url: str = "memory://"
    ratelimit_enabled: bool = True
    proxy_hops: int = 0
    age_recipients: tuple[str, ...] = ()
    webhook_secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    content_dir: Path = ROOT / "content"
    build_dir: Path = ROOT / "_build"

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The key that signs tokens and receipts, then those that are still believed."""
        return (self.secret_key, *self.secret_key_fallbacks)

    @property
    def approval_keys(self) -> tuple[str, ...]:
        """The key that signs approvals, then those that are still believed."""
        return (self.approval_key, *self.approval_key_fallbacks)

    def require_keys(self) -> None:
        """Refuse to start without both signing keys: a guessable key lets anybody forge an approval.

        Raises:
            SettingsError: naming the missing or short key.
        """
        for name in ("secret_key", "approval_key"):
            if len(getattr(self, name)) < SHORTEST_KEY:
                raise SettingsError(
                    f"{PREFIX}{name.upper()}: missing or shorter than {SHORTEST_KEY} characters; "
                    'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
                )


def load(
    environ: Mapping[str, str] = os.environ, file: Path | None = ROOT / "instance" / "config.toml"
) -> Settings:
    """Read the settings; an unknown name is an error, because a misspelt one would be ignored in silence.

    Raises:
        SettingsError: naming the place (variable, or file and key), the fault and the remedy.
    """
    values: dict[str, Any] = {}
    if file is not None and file.exists():
        values |= _from_file(file)
    values |= _from_environment(environ)
    return _usable(replace(Settings(), **values))


def _from_file(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from error
    secrets = table.pop("webhook_secrets", {})
    if not isinstance(secrets, dict):
        raise SettingsError(f"{file}: webhook_secrets must be a table of one list of secrets a campaign")
    values = {name: _typed(f"{file}: {name}", name, value) for name, value in table.items()}
    if secrets:
        values["webhook_secrets"] = {slug: _words(f"{file}: {slug}", s) for slug, s in secrets.items()}
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    secrets: dict[str, tuple[str, ...]] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX)
        if name.startswith(WEBHOOK_PREFIX):
            slug = name.removeprefix(WEBHOOK_PREFIX).lower().replace("_", "-")
            secrets[slug] = tuple(text.split())
        else:
            values[name.lower()] = _typed(variable, name.lower(), text)
    if secrets:
        values["webhook_secrets"] = secrets
    return values


def _typed(place: str, name: str, value: Any) -> Any:
    """Turn one raw value into the type of its field."""
    known = {f.name: f for f in fields(Settings) if f.name != "webhook_secrets"}
    if name not in known:
        raise SettingsError(f"{place}: no such setting; the settings are {', '.join(sorted(known))}")
    default = getattr(Settings(), name)
    if isinstance(default, tuple):
        return _words(place, value)
    if isinstance(default, bool):
        return _boolean(place, value)
    if isinstance(default, int):
        return _whole_number(place, value)
    if isinstance(default, Path):
        return ROOT / str(value)
    return str(value).strip()


def _words(place: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise SettingsError(f"{place}: write words with spaces between them, or a list of strings")


def _boolean(place: str, value: Any) -> bool:
    text = str(value).strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise SettingsError(f"{place}: {value!r} is neither true nor false")


def _whole_number(place: str, value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise SettingsError(f"{place}: {value!r} is not a whole number") from None


def _usable(settings: Settings) -> Settings:
    """Check what a later failure would explain badly, and resolve the SQLite path against the root."""
    origins = [("SITE_URL", url) for url in settings.site_url] + [("RECEIVER_URL", settings.receiver_url)]
    if settings.staff_url:
        origins.append(("STAFF_URL", settings.staff_url))
    for variable, url in origins:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
            raise SettingsError(f"{PREFIX}{variable}: {url!r} is not an origin such as https://example.org")
    if settings.source_url and urlsplit(settings.source_url).scheme not in {"http", "https"}:
        raise SettingsError(f"{PREFIX}SOURCE_URL: {settings.source_url!r} is not an address to link to")
    if not settings.site_url:
        raise SettingsError(f"{PREFIX}SITE_URL: at least one origin is needed")
    for key in settings.age_recipients:
        if not re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", key):
            raise SettingsError(
                f"{PREFIX}AGE_RECIPIENTS: {key!r} is not an age public key; see `build.py keys new`"
            )
    if settings.proxy_hops < 0:
        raise SettingsError(f"{PREFIX}PROXY_HOPS: must be 0 or more")
    if settings.flood not in {"auto", "on", "off"} or settings.flood_per_minute < 1:
        raise SettingsError(f"{PREFIX}FLOOD: write auto, on or off, and at least 1 FLOOD_PER_MINUTE")
    return replace(
        settings,
        site_url=tuple(url.rstrip("/") for url in settings.site_url),
        receiver_url=settings.receiver_url.rstrip("/"),
        staff_url=settings.staff_url.rstrip("/"),
        database_url=_absolute_sqlite(settings.database_url),
    )


def _absolute_sqlite(url: str) -> str:
    path = url.removeprefix("sqlite:///")
    if path == url or path.startswith("/"):
        return url
    return f"sqlite:///{ROOT / path}"
