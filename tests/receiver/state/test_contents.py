"""The receiver rereads content when it changes, and keeps what worked while it has a fault."""

from dataclasses import replace

import pytest

from campaign.errors import ContentErrors
from receiver.state import contents as contents_module
from receiver.state.contents import PAUSE, Contents


@pytest.fixture
def contents(content_dir, clock):
    return Contents(content_dir, "https://candle.example.org", clock)


def edit(content_dir, old, new):
    facts = content_dir / "mikita" / "campaign.toml"
    facts.write_text(facts.read_text().replace(old, new))


def test_a_change_is_seen_within_a_moment(contents, content_dir, clock):
    assert contents.get("mikita").name == "Mikita"
    edit(content_dir, 'name = "Mikita"', 'name = "Mikita K"')
    clock.advance(PAUSE)
    assert contents.get("mikita").name == "Mikita K"


def test_files_are_not_looked_at_more_than_once_a_moment(contents, content_dir, clock):
    contents.campaigns()
    edit(content_dir, 'name = "Mikita"', 'name = "Mikita K"')
    assert contents.get("mikita").name == "Mikita"


def test_a_fault_keeps_what_worked_and_its_mending_is_seen(contents, content_dir, clock, capsys):
    edit(content_dir, 'status = "open"', 'status = "opne"')
    clock.advance(PAUSE)
    assert contents.get("mikita").status == "open"
    edit(content_dir, 'status = "opne"', 'status = "closed"')
    clock.advance(PAUSE)
    assert contents.get("mikita").status == "closed"


def test_a_fault_at_the_start_is_raised(content_dir):
    edit(content_dir, 'status = "open"', 'status = "opne"')
    with pytest.raises(ContentErrors):
        Contents(content_dir, "https://candle.example.org")


def test_a_draft_with_a_fault_keeps_no_other_campaign_back(content_dir):
    draft = content_dir / "anna"
    draft.mkdir()
    (draft / "campaign.toml").write_text("  draft = true\n")
    assert list(Contents(content_dir, "https://candle.example.org").campaigns()) == ["mikita"]


def test_a_campaign_closes_while_the_receiver_runs(make_app, unlimited, content_dir, monkeypatch):
    app = make_app(replace(unlimited, content_dir=content_dir))
    client = app.test_client()
    assert client.get("/mikita/token").status_code == 200
    edit(content_dir, 'status = "open"', 'status = "closed"')
    monkeypatch.setattr(app.extensions["candle"].contents, "_next_look", 0)
    assert client.get("/mikita/token").status_code == 410


def test_links_between_texts_lead_to_the_page_s_origin(contents):
    edition = contents.get("mikita").edition
    assert 'href="/' not in edition.thanks.html


def test_whatever_an_editor_writes_the_form_that_worked_stays(content_dir, monkeypatch):
    contents = Contents(content_dir, "https://candle.example.org")
    monkeypatch.setattr(contents, "_next_look", 0)
    monkeypatch.setattr(contents_module, "load_all", lambda *_args, **_more: [][1])
    edit(content_dir, 'status = "open"', 'status = "closed"')
    assert contents.get("mikita").status == "open"
