"""Claims of docs/threat-model.md that no other test holds, and that the tests it names are there."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest

from campaign import ROOT
from campaign.content.campaign import load
from campaign.errors import ContentErrors
from campaign.messages import queries
from campaign.storage import tables
from receiver.app import create_app
from tests.support.table import table

MODEL = ROOT / "docs" / "threat-model.md"
CLAIM = re.compile(r"`((?:\w+/)*test_\w+)?::(test_\w+)`")


def named_tests() -> list[tuple[str, str]]:
    """List the tests that the threat model names; one without a file is in the file named before it."""
    found, file = [], ""
    for named, test in CLAIM.findall(MODEL.read_text(encoding="utf-8")):
        file = named or file
        found.append((file, test))
    return found


@table(("file", "test"), named_tests())
def test_a_claim_is_held_by_the_test_that_it_names(file, test):
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob(f"{file}.py"))
    assert f"def {test}(" in sources


def test_every_table_is_told_of():
    told = MODEL.read_text(encoding="utf-8")
    assert [name for name in tables.metadata.tables if f"`{name}`" not in told] == []


@pytest.mark.parametrize(
    "line",
    [
        'age_recipients = ["age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3290gq"]',
        'approval_key = "a key of the editor\'s own, long enough"',
        'receiver_url = "https://elsewhere.example"',
        'site_url = "https://elsewhere.example"',
    ],
)
def test_an_editor_cannot_name_a_key_or_an_address_of_the_operator(tmp_path, line):
    shutil.copytree(ROOT / "content" / "mikita", tmp_path / "mikita")
    facts = tmp_path / "mikita" / "campaign.toml"
    facts.write_text(f"{line}\n{facts.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(ContentErrors, match="no such key"):
        load(tmp_path / "mikita")


def test_a_receipt_code_in_an_address_does_nothing(database, settings, submit):
    receipt = submit(database)
    client = create_app(replace(settings, ratelimit_enabled=False), database).test_client()
    page = client.get(f"/mikita/withdraw?receipt={receipt.code}")
    assert receipt.code not in page.text
    with database.read() as connection:
        assert queries.get(connection, receipt.message).state == "waiting"
