"""docs/operators.md names every setting as it is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from campaign.settings import PREFIX, ROOT, WEBHOOK_PREFIX, Settings

PAGE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(CANDLE_[A-Z_<>]+)` \| (?:`([^`]*)`|none) \|", re.MULTILINE)


def shown(value: object) -> str:
    """Write a default as somebody would in the environment."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Path):
        return str(value.relative_to(ROOT))
    return " ".join(map(str, value)) if isinstance(value, (tuple, dict)) else str(value)


def test_the_table_has_every_setting_with_its_default():
    expected = {}
    for field in fields(Settings):
        variable = f"{PREFIX}{field.name.upper()}"
        if field.name == "webhook_secrets":
            variable = f"{PREFIX}{WEBHOOK_PREFIX}<CAMPAIGN>"
        expected[variable] = shown(getattr(Settings(), field.name))
    assert dict(ROW.findall(PAGE)) == expected


def test_every_setting_that_the_page_speaks_of_exists():
    known = {field.name for field in fields(Settings)} | {"webhook_secrets"}
    blocks = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    names = {name for block in blocks for name in re.findall(r"^\[?(\w+)", block, re.MULTILINE)}
    assert names - {"mikita"} <= known


def test_the_page_and_the_units_agree_on_the_port():
    from receiver.__main__ import main

    (port,) = (option.default for option in main.params if option.name == "port")
    assert f"python -m receiver --port {port}" in PAGE
    assert f"--port {port}" in (ROOT / "deploy" / "candle-receiver.service").read_text(encoding="utf-8")
    assert f"server 127.0.0.1:{port};" in (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
