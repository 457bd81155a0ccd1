"""Who answers for a campaign: named with a way to reach them, or asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.content.campaign import load
from campaign.content.proofreading import proofreader
from tests.support.editing import TODAY, the_fault


def named(folder: Path, name: str = '"Friends of Mikita"', address: str = '"friends@example.org"') -> Path:
    facts = folder / "campaign.toml"
    lines = [f"{key} = {value}" for key, value in {"name": name, "address": address}.items() if value]
    text = facts.read_text("utf-8")
    before = text.partition("\n[contact]")[0]
    facts.write_text("\n".join([before.rstrip("\n"), "", "[contact]", *lines, ""]), encoding="utf-8")
    return folder


def test_whoever_answers_is_read_with_where_a_link_leads(folder: Path):
    assert load(named(folder), today=TODAY).contact.url == "mailto:friends@example.org"
    page = '"https://example.org/about"'
    assert load(named(folder, address=page), today=TODAY).contact.url == "https://example.org/about"


def test_a_campaign_for_which_nobody_answers_is_pointed_out_with_what_to_write(folder: Path):
    facts = folder / "campaign.toml"
    facts.write_text(facts.read_text("utf-8").partition("\n[contact]")[0] + "\n", encoding="utf-8")
    (told,) = proofreader.warnings(load(folder, today=TODAY), TODAY)
    assert (told.path, told.level) == (facts, "warning")
    assert told.fault == "contact: nobody is named who answers for this campaign"
    assert told.remedy.startswith('write [contact] at the end, and below it name = "')
    named(folder)
    assert not list(proofreader.warnings(load(folder, today=TODAY), TODAY))


@pytest.mark.parametrize(
    ("name", "address", "fault", "remedy"),
    [
        ('"Friends"', "", "contact: address is missing", "write both"),
        ("", '"friends@example.org"', "contact: name is missing", "write both"),
        (
            '"Friends"',
            '"javascript:alert(1)"',
            '[contact] address: "javascript:alert(1)" is no address',
            "write",
        ),
        ('"Friends"', '"http://example.org"', "[contact] address: ", 'write "https://example.org"'),
        ('"Friends"', '"friends@example"', "[contact] address: ", 'write "https://example.org/about" or'),
        ('"Friends"', '"a@example.org?bcc=b@example.org"', "[contact] address: ", "write"),
    ],
)
def test_half_a_contact_or_an_address_that_leads_nowhere_is_named(
    name: str, address: str, fault: str, remedy: str, folder: Path
):
    file, line, told, said = the_fault(named(folder, name, address))
    assert (file, line > 0) == ("campaign.toml", True)
    assert told.startswith(fault)
    assert said.startswith(remedy)
