"""What is read again after a save, and what stays on show while there is a fault."""

import shutil

import pytest

from campaign.pages.preview.latest import Reader
from tests.support.editing import replace, write_campaign


@pytest.fixture
def two_languages(content):
    folder = content / "anna"
    shutil.copytree(folder / "en", folder / "de")
    replace(folder / "campaign.toml", 'languages = ["en"]', 'languages = ["en", "de"]')
    return folder


def test_only_the_language_of_a_changed_file_is_read_again(content, two_languages):
    write_campaign(content / "boris")
    reader = Reader(content)
    before = reader.read().campaigns
    replace(two_languages / "de" / "story.md", "The lead.", "Der Anfang.")
    after = reader.read().campaigns
    assert after["boris"] is before["boris"]
    assert after["anna"].editions["en"] is before["anna"].editions["en"]
    assert after["anna"].editions["de"].story.lead == "Der Anfang."


def test_a_changed_fact_reaches_every_language(content, two_languages):
    reader = Reader(content)
    reader.read()
    replace(two_languages / "campaign.toml", 'name = "Mikita"', 'name = "Anna"')
    editions = reader.read().campaigns["anna"].editions
    assert {one.person["person"] for one in editions.values()} == {"Anna"}


def test_the_last_sound_state_stays_while_there_is_a_fault(content):
    reader = Reader(content)
    before = reader.read()
    replace(content / "anna" / "en" / "story.md", "{{ name }}", "{{ nmae }}")
    broken = reader.read()
    assert broken.campaigns["anna"] is before.campaigns["anna"]
    assert [fault.line for fault in broken.faults] == [5]
    replace(content / "anna" / "en" / "story.md", "{{ nmae }}", "{{ name }}")
    assert not reader.read().faults


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda content: (content / "anna/campaign.toml").write_text("name = \n"), "no value"),
        (lambda content: (content / "anna/en/thanks.md").unlink(), "missing"),
        (lambda content: (content / "anna/illustration.svg").write_text("<svg"), "picture"),
        (lambda content: (content / "anna/en/story.md").write_bytes(b"# \xff\n"), "UTF-8"),
        (lambda content: shutil.rmtree(content / "anna"), "holds no campaign"),
        (lambda content: shutil.rmtree(content), "holds no campaign"),
    ],
)
def test_whatever_the_content_is_it_is_read_and_the_fault_named(content, spoil, fault):
    spoil(content)
    latest = Reader(content).read()
    assert not latest.campaigns
    assert fault in "\n".join(map(str, latest.faults))


def test_faults_of_texts_facts_and_picture_are_told_at_once(content):
    (content / "anna/campaign.toml").write_text("name = \n")
    (content / "anna/en/thanks.md").unlink()
    (content / "anna/illustration.svg").write_text("<svg")
    told = {fault.path.name for fault in Reader(content).read().faults}
    assert {"campaign.toml", "thanks.md", "illustration.svg"} <= told


def test_a_campaign_that_was_taken_away_is_gone(content):
    write_campaign(content / "boris")
    reader = Reader(content)
    assert set(reader.read().campaigns) == {"anna", "boris"}
    shutil.rmtree(content / "boris")
    assert set(reader.read().campaigns) == {"anna"}


def test_the_folder_that_was_meant_for_a_missing_language_is_named_once_it_is_there(content):
    replace(content / "anna/campaign.toml", 'languages = ["en"]', 'languages = ["en", "be"]')
    reader = Reader(content)
    assert "make it with" in str(reader.read().faults)
    shutil.copytree(content / "anna/en", content / "anna/by")
    assert "name the folder be" in str(reader.read().faults)
