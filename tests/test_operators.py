"""docs/operators.md names settings, ports and units as they are."""

from __future__ import annotations

import re
from dataclasses import fields
from fnmatch import fnmatch

from campaign import ROOT
from campaign.settings import Settings

PAGE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")


def test_every_setting_that_the_page_speaks_of_exists():
    known = {field.name for field in fields(Settings)} | {"webhook_secrets"}
    blocks = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    names = {name for block in blocks for name in re.findall(r"^\[?(\w+)", block, re.MULTILINE)}
    assert names - {"mikita"} <= known


def test_what_it_has_people_write_beside_the_program_is_no_change_of_it():
    """Else each build would say of itself that no revision holds it, and `verify` would warn of that."""
    ignored = [line[1:] for line in (ROOT / ".gitignore").read_text().splitlines() if line.startswith("/")]
    written = set(re.findall(r"(?: > | -o )(\w[\w-]*\.\w+)", PAGE))
    assert {"nginx.conf", "opened.sqlite"} <= written
    assert "--home /srv/candle " in PAGE  # where a shell and pip write too
    written |= {".bash_history", ".cache/"}
    assert not {name for name in written if not any(fnmatch(name, pattern) for pattern in ignored)}


def test_the_page_the_units_and_the_proxy_agree_on_the_ports():
    from receiver.__main__ import main

    (port,) = (option.default for option in main.params if option.name == "port")
    assert f"python -m receiver --port {port}" in PAGE
    deploy, proxy = ROOT / "deploy", (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for half, unit, upstream, own in (
        ("public", "receiver", "receiver", port),
        ("desk", "desk", "desk", 8002),
    ):
        assert f"python -m receiver --only {half} --port {own}" in PAGE
        started = (deploy / f"candle-{unit}.service").read_text(encoding="utf-8")
        assert f"-m receiver --only {half} --host 127.0.0.1 --port {own} --workers auto\n" in started
        assert re.search(rf"upstream {upstream} \{{\s+server 127\.0\.0\.1:{own};", proxy)
