"""docs/editors.md tells of every key and every placeholder."""

import dataclasses
import typing

from campaign import ROOT
from campaign.content.campaign_toml.facts import Facts
from campaign.content.placeholders import PLACEHOLDERS
from tests.support.table import table

EDITORS = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")


def keys(kind: type) -> list[str]:
    hints = typing.get_type_hints(kind)
    inner = (keys(hint) for hint in hints.values() if dataclasses.is_dataclass(hint))
    return [*hints, *(key for found in inner for key in found)]


@table("key", sorted(set(keys(Facts)) - {"form", "card", "recipient", "privacy"}))
def test_editors_are_told_of_every_key(key: str):
    assert f"`{key}`" in EDITORS or f"[{key}]" in EDITORS


@table("placeholder", PLACEHOLDERS)
def test_editors_are_told_of_every_placeholder(placeholder: str):
    assert f"| `{{{{ {placeholder} }}}}` |" in EDITORS
