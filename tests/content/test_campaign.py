"""Content: what an editor writes is read, and all faults of all campaigns are found at once."""

import datetime
import re
import shutil
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from campaign import ROOT
from campaign.content import heading_anchors
from campaign.content.campaign import LEFT_BEHIND, load, load_all, load_sound, load_without_texts
from campaign.content.campaign_folder import slug_faults
from campaign.content.campaign_toml.card import CardFacts
from campaign.errors import ContentErrors
from tests.support.closed_folder import close
from tests.support.editing import TODAY, faults, replace, the_fault, write_campaign


def test_a_campaign_holds_what_its_files_say(folder: Path):
    campaign = load(folder, today=TODAY)
    assert (campaign.slug, campaign.name, campaign.status) == ("mikita", "Mikita", "open")
    assert (campaign.signatures, campaign.signatures_as_of, campaign.goal) == (12000, TODAY, None)
    assert campaign.recipient.languages == ("be", "ru")
    assert campaign.recipient.address == 'Колония № 2\nname = "not a key"\nBelarus'
    assert campaign.recipient.address_verified_on == datetime.date(2026, 11, 1)
    assert campaign.form.message_limit == 60
    assert campaign.illustration == folder / "illustration.svg"


def test_what_campaign_toml_leaves_out_has_a_default(folder: Path):
    campaign = load(folder, today=TODAY)
    assert campaign.form.details == ("last_name", "email", "country")
    assert campaign.recipient.address_valid_days == 60
    assert campaign.card == CardFacts()
    assert (campaign.privacy.details_days, campaign.privacy.messages_days) == (90, 365)


def test_an_edition_holds_titles_as_words_and_texts_as_html(folder: Path):
    edition = load(folder, today=TODAY).edition
    assert (edition.story.title, edition.story.lead) == ("He waits", "The lead.")
    assert edition.story.lead_html == "<p>The lead.</p>\n"
    assert edition.story.body_html == "<p>The story of Mikita.</p>\n"
    assert edition.suggestions == ("Be strong.", "We think of you.")
    assert (edition.thanks.title, edition.thanks.html) == ("Thanks", "<p>It arrived.</p>\n")
    assert (edition.closed.title, edition.closed.html) == ("Closed", "<p>No more.</p>\n")


def test_what_is_wrong_with_a_text_stops_no_card_and_what_is_wrong_with_the_facts_does(folder: Path):
    whole = load(folder, today=TODAY)
    (folder / "en" / "story.md").write_text("# No such heading\n")
    with pytest.raises(ContentErrors):
        load(folder, today=TODAY)
    printed = load_without_texts(folder)
    assert (printed.card, printed.card_picture) == (whole.card, whole.card_picture)
    assert printed.recipient == whole.recipient
    assert not printed.editions
    (folder / "illustration.svg").unlink()
    with pytest.raises(ContentErrors):
        load_without_texts(folder)


def test_the_first_paragraph_of_privacy_stands_apart(folder: Path):
    edition = load(folder, today=TODAY).edition
    assert edition.privacy.lead_html == "<p>One sentence.</p>\n"
    assert edition.privacy.body_html == "<p>More of them.</p>\n"


def test_headings_of_a_section_stand_below_its_own(folder: Path):
    assert "<h3>Small print</h3>" in load(folder, today=TODAY).edition.steps.html


def test_the_illustration_is_described_in_its_own_file_or_by_the_name(folder: Path):
    assert load(folder, today=TODAY).edition.illustration_alt == "Mikita"
    (folder / "en" / "illustration.md").write_text("A boy with\na candle.\n")
    assert load(folder, today=TODAY).edition.illustration_alt == "A boy with a candle."


def test_a_name_can_be_written_in_another_script(folder: Path):
    replace(folder / "campaign.toml", "[form]", '[names]\nbe = "Мікіта"\nru = "Никита"\n\n[form]')
    replace(folder / "campaign.toml", '["en"]', '["en", "be"]')
    shutil.copytree(folder / "en", folder / "be")
    campaign = load(folder, today=TODAY)
    assert [edition.person["person"] for edition in campaign.editions.values()] == ["Mikita", "Мікіта"]
    assert campaign.editions["be"].story.body_html == "<p>The story of Мікіта.</p>\n"
    assert campaign.own_names >= {"Мікіта", "Никита"}  # in Russian, which is read and has no page
    assert campaign.edition.language == "en"


def test_a_right_to_left_language_knows_its_direction(folder: Path):
    replace(folder / "campaign.toml", '["en"]', '["fa"]')
    (folder / "en").rename(folder / "fa")
    assert load(folder, today=TODAY).edition.direction == "rtl"


def test_links_between_texts_lead_to_the_page_from_any_origin(folder: Path):
    (folder / "en" / "thanks.md").write_text("# Thanks\n\nSee [privacy](privacy.md#kept).\n")
    here = load(folder, today=TODAY).edition.thanks.html
    assert '<a href="/mikita/en/privacy/#kept">' in here
    there = load(folder, site_url="https://candle.example", today=TODAY).edition.thanks.html
    assert '<a href="https://candle.example/mikita/en/privacy/#kept">' in there


def test_pictures_that_a_text_shows_are_named_with_their_files(folder: Path):
    for name in ("street.png", "unused.png"):
        Image.new("RGB", (2, 2)).save(folder / "en" / name)
    (folder / "en" / "story.md").write_text("# A\n\nB\n\n![A street](street.png)\n")
    edition = load(folder, today=TODAY).edition
    assert edition.pictures == {"street.png": folder / "en" / "street.png"}
    assert '<img src="/mikita/en/street.png" alt="A street" loading="lazy">' in edition.story.body_html


def test_files_of_windows_editors_are_read(folder: Path):
    for name in ("campaign.toml", "en/story.md"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(folder, today=TODAY).edition.story.title == "He waits"


@pytest.mark.parametrize("suffix", ["png", "jpg", "jpeg", "pdf"])
def test_the_illustration_may_be_a_raster_or_a_pdf(folder: Path, suffix: str):
    (folder / "illustration.svg").unlink()
    picture = folder / f"illustration.{suffix}"
    if suffix == "pdf":
        pdf = pymupdf.open()
        pdf.new_page()
        pdf.save(picture)
    else:
        Image.new("RGB", (3, 2)).save(picture)
    assert load(folder, today=TODAY).illustration == picture


@pytest.mark.parametrize("name", [*sorted(LEFT_BEHIND), ".git"])
def test_a_folder_that_a_system_leaves_is_no_campaign(folder: Path, name: str):
    (folder.parent / name).mkdir()
    assert list(load_all(folder.parent, today=TODAY)) == ["mikita"]


def test_every_campaign_is_read_by_its_slug(folder: Path):
    shutil.copytree(folder, folder.parent / "anna-2")
    (folder.parent / ".git").mkdir()
    (folder.parent / "README.md").write_text("no campaign")
    assert list(load_all(folder.parent, today=TODAY)) == ["anna-2", "mikita"]


def test_a_day_that_has_begun_somewhere_is_not_in_the_future(folder: Path):
    ahead = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=14)).date()
    replace(folder / "campaign.toml", "as_of = 2026-11-22", f"as_of = {ahead}")
    assert load(folder).signatures_as_of == ahead


@pytest.mark.parametrize(
    "slug", ["Mikita", "mi_kita", "мікіта", "-mikita", "m" * 65, "staff", "static", "hooks"]
)
def test_a_folder_that_cannot_be_an_address_is_refused(folder: Path, slug: str):
    other = folder.rename(folder.parent / slug)
    (fault,) = faults(other)
    assert (fault.path, fault.line) == (other, 0)
    assert "address" in fault.fault
    assert "name it" in fault.remedy


def test_a_language_without_a_folder_is_named(folder: Path):
    replace(folder / "campaign.toml", '["en"]', '["en", "be"]')
    assert the_fault(folder)[0] == "be"
    assert "story.md" in the_fault(folder)[3]


def test_all_faults_are_found_at_once_and_sorted(folder: Path):
    replace(folder / "campaign.toml", '"open"', '"opn"')
    replace(folder / "campaign.toml", "12000", "x")
    (folder / "illustration.svg").unlink()
    (folder / "en" / "story.md").write_text("# A\n\n{{ b }}\n\n<i>\n")
    (folder / "en" / "thanks.md").unlink()
    places = [(str(fault.path.relative_to(folder)), fault.line) for fault in faults(folder)]
    assert places == [
        ("campaign.toml", 4),
        ("en/story.md", 3),
        ("en/story.md", 5),
        ("en/thanks.md", 0),
        ("illustration.svg", 0),
    ]


def test_a_fault_is_one_line_with_place_fault_and_remedy(folder: Path):
    (folder / "en" / "story.md").write_text("# A\n\n{{ b }}\n")
    with pytest.raises(ContentErrors) as caught:
        load(folder, today=TODAY)
    line = str(caught.value)
    assert line.startswith(f"{folder}/en/story.md:3: unknown placeholder {{{{ b }}}}; write one of: name, ")
    assert "\n" not in line


def test_the_faults_of_all_campaigns_are_found_at_once(folder: Path):
    shutil.copytree(folder, folder.parent / "anna")
    for slug in ("anna", "mikita"):
        (folder.parent / slug / "en" / "story.md").unlink()
    with pytest.raises(ContentErrors) as caught:
        load_all(folder.parent, today=TODAY)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("exists", [True, False])
def test_a_content_folder_without_a_campaign_is_a_fault(tmp_path: Path, exists: bool):
    if exists:
        (tmp_path / "content").mkdir()
    with pytest.raises(ContentErrors, match=r"holds no campaign; begin one with: python build.py new SLUG"):
        load_all(tmp_path / "content")


def test_nothing_that_is_passed_over_could_be_a_campaign():
    assert all(slug_faults(Path(name), name) for name in LEFT_BEHIND)


@pytest.mark.parametrize("name", ["_anna", "Anna", "anna copy", "anna~"])
def test_any_other_folder_is_named_with_its_fault(folder, name):
    shutil.copytree(folder, folder.with_name(name))
    with pytest.raises(ContentErrors, match="cannot be part of an address"):
        load_all(folder.parent)


def test_a_heading_of_seven_signs_is_no_conflict(folder: Path):
    (folder / "en" / "thanks.md").write_text("Thanks!\n=======\n\nIt arrived.\n")
    assert load(folder, today=TODAY).edition.thanks.title == "Thanks!"


@pytest.mark.parametrize(
    "name", ["thank.md", "Thanks.md", "thanks.md.txt", "thanks (1).md", "thanks.markdown"]
)
def test_a_misspelt_file_is_told_what_it_should_be(folder: Path, name: str):
    (folder / "en" / "thanks.md").rename(folder / "en" / name)
    assert the_fault(folder) == (f"en/{name}", 0, "is not thanks.md", "name it thanks.md")


def test_a_heading_can_be_linked_to(folder: Path):
    (folder / "en" / "story.md").write_text(
        "# A\n\nB\n\n## Жыць & *любіць*\n\n[c](#жыць-любіць)\n\n## Write\n"
    )
    html = load(folder, today=TODAY).edition.story.body_html
    assert '<h2 id="жыць-любіць">' in html
    assert 'href="#жыць-любіць"' in html
    assert '<h2 id="write_1">' in html  # the page's own has the other


def test_no_heading_takes_an_id_of_the_page():
    templates = "".join(file.read_text("utf-8") for file in (ROOT / "site" / "templates").glob("*.html"))
    assert set(re.findall(r'\bid="([\w-]+)"', templates)) <= heading_anchors.TAKEN


def test_a_folder_that_is_closed_to_us_is_a_fault_and_the_others_are_read(tmp_path, monkeypatch):
    for slug in ("anna", "zoe"):
        write_campaign(tmp_path / slug)
    close(monkeypatch, tmp_path / "anna")
    campaigns, found = load_sound(tmp_path)
    assert list(campaigns) == ["zoe"]
    assert [one.fault for one in found] == ["cannot be read: Permission denied"]
