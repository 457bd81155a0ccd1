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

from campaign import ROOT
from campaign.errors import SettingsError
from campaign.keys import key_files, refused_keys
from campaign.keys.recipients import check_recipients

PREFIX = "CANDLE_"
WEBHOOK_PREFIX = "WEBHOOK_SECRETS_"
APPROVING = ("approval_key", "approval_key_fallbacks")
CONFIG = ROOT / "instance" / "config.toml"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9._:-]+")
LONGEST_KEPT = 36_500  # days


@dataclass(frozen=True)
class Settings:
    """Every setting, under the name of its environment variable without `CANDLE_`, in lower case.

    `approval_key_file` holds the approval key alone: to a process that may not read it, there is none;
    `site_url` is a tuple of origins of which the first is canonical; `staff_url` is the staff desk's origin
    when it is not the receiver's; `source_url` is where the source of this version can be had, when it is
    not packed beside the page, as the AGPL asks; `flood` is "on", "off" or "auto": above `flood_per_minute`
    posts, while the limits are enabled; `age_recipients` are age public keys; `second_factor` is "on", or
    "off" for a receiver that is reached on this machine alone; `webhook_secrets` maps a campaign's slug to
    its secrets, the newest first; `staff` is who works at this machine's shell, for the log; `lists_dir` is
    the folder of what is kept beside a database that is no file; `backup_days` is how long a backup is
    kept, so that an erasure can say until when. What is secret is not shown when settings are printed.
    """

    database_url: str = field(default="sqlite:///instance/candle.sqlite", repr=False)
    secret_key: str = field(default="", repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    approval_key: str = field(default="", repr=False)
    approval_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    approval_key_file: str = ""
    approval_key_fallbacks_file: str = ""
    site_url: tuple[str, ...] = ("http://127.0.0.1:8000",)
    receiver_url: str = "http://127.0.0.1:8001"
    staff_url: str = ""
    source_url: str = ""
    flood: str = "auto"
    flood_per_minute: int = 600
    limits_url: str = field(default="memory://", repr=False)
    ratelimit_enabled: bool = True
    second_factor: str = "on"
    proxy_hops: int = 0
    age_recipients: tuple[str, ...] = ()
    webhook_secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    staff: str = ""
    backup_days: int = 30
    lists_dir: str = ""
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

    @property
    def erasures_file(self) -> Path:
        """Where the list of erasures is kept: in `lists_dir`, beside SQLite's file, or in `instance/`."""
        scheme, found, path = self.database_url.partition(":///")
        beside = Path(path).parent if scheme.startswith("sqlite") and found and path else "instance"
        return ROOT / (self.lists_dir or beside) / "erasures.txt"

    def require_keys(self, *names: str) -> None:
        """Refuse to start without the signing keys of these names, or both: a guessable one can be forged.

        Raises:
            SettingsError: naming the missing or short key, or the file that this process may not read.
        """
        for name in names or ("secret_key", "approval_key"):
            file, older = getattr(self, f"{name}_file", ""), getattr(self, f"{name}_fallbacks")
            refused_keys.require(name, file, getattr(self, name), older)


def load(environ: Mapping[str, str] = os.environ, file: Path | None = CONFIG) -> Settings:
    """Read the settings; an unknown name is an error, because a misspelt one would be ignored in silence.

    Raises:
        SettingsError: naming the place (variable, or file and key), the fault and the remedy.
    """
    written = _from_file(file) if file is not None and file.exists() else {}
    given = _from_environment(environ)
    secrets = written.get("webhook_secrets", {}) | given.get("webhook_secrets", {})
    return _usable(replace(Settings(), **(written | given | {"webhook_secrets": secrets})))


def given(environ: Mapping[str, str] = os.environ, file: Path | None = None) -> frozenset[str]:
    """Name the settings that somebody gave, rather than left at their defaults."""
    written = _from_file(file) if file is not None and file.exists() else {}
    return frozenset(_from_environment(environ) | written)


def readable_approval_keys(environ: Mapping[str, str] = os.environ, file: Path = CONFIG) -> list[str]:
    """Name each place where this process can read a key that approvals are signed with, used or not."""
    written = _from_file(file) if file.exists() else {}
    given = _from_environment(environ)
    approving = [f"{PREFIX}{name.upper()}" for name in APPROVING if given.get(name)]
    approving += [f"{file}: {name}" for name in APPROVING if written.get(name)]
    named = [values.get(f"{name}_file") for values in (given, written) for name in APPROVING]
    return approving + [
        str(ROOT / path) for path in dict.fromkeys(named) if path and key_files.readable(ROOT / path)
    ]


def _from_file(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}; let the receiver's user read it") from error
    secrets = table.pop("webhook_secrets", {})
    if not isinstance(secrets, dict):
        raise SettingsError(f"{file}: webhook_secrets must be a table of one list of secrets a campaign")
    for name in secrets.keys() & vars(Settings()).keys():
        if "whsec_" not in str(secrets[name]):  # else a campaign is called so
            raise SettingsError(f"{file}: {name}: is below [webhook_secrets]; write it above that line")
    values = {name: _typed(f"{file}: {name}", name, value) for name, value in table.items()}
    return values | {"webhook_secrets": {slug: _words(f"{file}: {slug}", s) for slug, s in secrets.items()}}


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
    return values | {"webhook_secrets": secrets}


def _typed(place: str, name: str, value: Any) -> Any:
    """Turn one raw value into the type of its field."""
    known = {f.name: f for f in fields(Settings) if f.name != "webhook_secrets"}
    if name not in known:
        raise SettingsError(f"{place}: no such setting; the settings are {', '.join(sorted(known))}")
    default = getattr(Settings(), name)
    for kind, read in ((tuple, _words), (bool, _boolean), (int, _whole_number)):
        if isinstance(default, kind):
            return read(place, value)
    if not isinstance(value, str):
        raise SettingsError(f"{place}: write it in quotation marks")
    return ROOT / value.strip() if isinstance(default, Path) else value.strip()


def _words(place: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise SettingsError(f"{place}: write words with spaces between them, or a list of strings")


def _boolean(place: str, value: Any) -> bool:
    true, false = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
    if (text := str(value).strip().lower()) in true + false:
        return text in true
    raise SettingsError(f"{place}: {value!r} is neither true nor false")


def _whole_number(place: str, value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise SettingsError(f"{place}: {value!r} is not a whole number") from None


def _usable(settings: Settings) -> Settings:
    """Check what a later failure would explain badly, and write origins and paths in one way."""
    if not settings.site_url:
        raise SettingsError(f"{PREFIX}SITE_URL: at least one origin is needed")
    if settings.source_url and _scheme(settings.source_url) not in DEFAULT_PORTS:
        raise SettingsError(f"{PREFIX}SOURCE_URL: {settings.source_url!r} is not an address to link to")
    if settings.proxy_hops < 0:
        raise SettingsError(f"{PREFIX}PROXY_HOPS: must be 0 or more")
    if len(settings.staff) > 64 or len(settings.staff.split()) > 1 or not settings.staff.isprintable():
        raise SettingsError(f"{PREFIX}STAFF: {settings.staff!r}: write one name, as `staff list` shows it")
    if not 1 <= settings.backup_days <= LONGEST_KEPT:
        raise SettingsError(f"{PREFIX}BACKUP_DAYS: must be 1 or more, and {LONGEST_KEPT} at the most")
    if settings.flood not in {"auto", "on", "off"} or settings.flood_per_minute < 1:
        raise SettingsError(f"{PREFIX}FLOOD: write auto, on or off, and at least 1 FLOOD_PER_MINUTE")
    check_recipients(settings.age_recipients)
    settings = _with_approval_keys(settings)
    refused_keys.check_different(settings.secret_keys, settings.approval_keys)
    settings = replace(
        settings,
        site_url=tuple(_origin("SITE_URL", url) for url in settings.site_url),
        receiver_url=_origin("RECEIVER_URL", settings.receiver_url),
        staff_url=_origin("STAFF_URL", settings.staff_url) if settings.staff_url else "",
        database_url=_absolute_sqlite(settings.database_url),
    )
    _check_second_factor(settings)
    if settings.staff_url == settings.receiver_url:  # nothing is apart: else no supporter was answered there
        return replace(settings, staff_url="")
    return settings


def _with_approval_keys(settings: Settings) -> Settings:
    """Read the keys that lie in files of their own, which are to be read by fewer than the settings are."""
    for name in APPROVING:
        if getattr(settings, name) and getattr(settings, f"{name}_file"):
            variable = f"{PREFIX}{name.upper()}"
            raise SettingsError(f"{variable}: given, and {variable}_FILE too; take one of them away")
    keys: dict[str, Any] = {}
    if settings.approval_key_file:
        path = ROOT / settings.approval_key_file
        keys |= {"approval_key": key_files.read_key(path), "approval_key_file": str(path)}
    if settings.approval_key_fallbacks_file:
        keys["approval_key_fallbacks"] = key_files.read_keys(ROOT / settings.approval_key_fallbacks_file)
    return replace(settings, **keys)


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _origin(variable: str, url: str) -> str:
    """Write an origin as browsers send it: small letters, punycode, no default port, no slash."""
    wrong = SettingsError(f"{PREFIX}{variable}: {url!r} is not an origin such as https://example.org")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError):
        raise wrong from None
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in DEFAULT_PORTS or not HOST.fullmatch(host) or more:
        raise wrong
    host = f"[{host}]" if ":" in host else host
    shown = f":{port}" if port and port != DEFAULT_PORTS[parts.scheme] else ""
    return f"{parts.scheme}://{host}{shown}"


def _check_second_factor(settings: Settings) -> None:
    """Let a password be enough only where nobody else can reach the desk."""
    reached = settings.staff_url or settings.receiver_url
    if settings.second_factor not in {"on", "off"}:
        raise SettingsError(f"{PREFIX}SECOND_FACTOR: write on or off")
    if settings.second_factor == "off" and urlsplit(reached).hostname not in LOOPBACK:
        raise SettingsError(f"{PREFIX}SECOND_FACTOR: off is for a desk on 127.0.0.1, not at {reached}")


def _absolute_sqlite(url: str) -> str:
    """Resolve a relative file against the project's root, wherever the command is run."""
    scheme, found, path = url.partition(":///")
    if not found or not scheme.startswith("sqlite") or path.startswith("/") or path in {"", ":memory:"}:
        return url
    return f"{scheme}:///{ROOT / path}"
