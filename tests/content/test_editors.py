"""docs/editors.md tells of every key, every placeholder and every fault."""

import dataclasses
import re
import typing
from functools import cache
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.content.campaign_toml import Facts
from campaign.content.placeholders import PLACEHOLDERS
from tests.content.test_faults import (
    FACT_FAULTS,
    FILE_FAULTS,
    PICTURE_FAULTS,
    TEXT_FAULTS,
    spoil_file,
    spoil_picture,
    spoil_text,
)
from tests.support.editing import faults, replace
from tests.support.lanes import first
from tests.support.table import table

EDITORS = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")


def keys(kind: type) -> list[str]:
    hints = typing.get_type_hints(kind)
    inner = (keys(hint) for hint in hints.values() if dataclasses.is_dataclass(hint))
    return [*hints, *(key for found in inner for key in found)]


@table("key", sorted(set(keys(Facts)) - {"form", "card", "recipient", "privacy"}))
def test_editors_are_told_of_every_key(key: str):
    assert f"`{key}`" in EDITORS or f"[{key}]" in EDITORS


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_editors_are_told_of_every_placeholder(placeholder: str):
    assert f"| `{{{{ {placeholder} }}}}` |" in EDITORS


@cache
def explained() -> list[re.Pattern[str]]:
    """Every fault of the page's tables, with anything where it shows an ellipsis."""
    rows = re.findall(r"^\| (`.+?) \|", EDITORS[EDITORS.index("## What a fault means") :], re.MULTILINE)
    faults = [fault for row in rows for fault in re.findall("`(.+?)`", row)]
    return [re.compile(".*".join(re.escape(part.strip()) for part in fault.split("…"))) for fault in faults]


KINDS = (FACT_FAULTS, TEXT_FAULTS, FILE_FAULTS, PICTURE_FAULTS)
ROWS = {name: row[2][1] for kind in KINDS[:3] for name, row in kind.items()}


@pytest.mark.parametrize("name", [name for kind in KINDS for name in first(8, kind)])
def test_editors_are_told_what_each_fault_means(folder: Path, name: str):
    if name in FACT_FAULTS:
        replace(folder / "campaign.toml", *FACT_FAULTS[name][:2])
    elif name in TEXT_FAULTS:
        spoil_text(folder, name)
    elif name in FILE_FAULTS:
        spoil_file(folder, name)
    else:
        spoil_picture(folder, name)
    for fault in faults(folder):
        assert any(pattern.search(fault.fault) for pattern in explained()), fault.fault
