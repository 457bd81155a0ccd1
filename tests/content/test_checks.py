"""What `build.py check` finds: what an editor would be sorry to publish."""

import shutil
from pathlib import Path

import pymupdf
import pytest
from babel.messages.catalog import Catalog

from campaign import ROOT
from campaign.cards.imposition import GeometryError
from campaign.content import checks, scaffold
from campaign.content.campaign import load, load_all
from campaign.content.proofreading import proofreader
from campaign.errors import ContentError
from campaign.language import extraction, po_files
from campaign.language.catalogue import read_catalogue, update
from tests.support.editing import TODAY, all_faults, replace
from tests.support.english import english_alone


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the first campaign, which has no fault."""
    return english_alone(Path(shutil.copytree(ROOT / "content" / "mikita", tmp_path / "content" / "mikita")))


@pytest.fixture
def few_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interface of one string, so that nothing has to be collected."""
    strings = Catalog(locale="en")
    strings.add("Send my message")
    monkeypatch.setattr(extraction, "strings", lambda: strings)


def the_fault(folder: Path) -> ContentError:
    found = all_faults(folder.parent)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def test_the_content_of_this_repository_has_no_fault():
    assert not all_faults(ROOT / "content")


def test_a_picture_that_may_not_be_read_is_a_fault_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, few_strings: None
):
    picture = folder / "illustration.svg"
    shutil.copytree(folder, folder.parent / "lena")
    (folder.parent / "lena" / "en" / "story.md").write_text("No.\n", "utf-8")

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(picture))

    monkeypatch.setattr(checks, "_as_printed", refused)
    told = {(one.path, one.fault) for one in all_faults(folder.parent)}
    assert (picture, "cannot be read: Permission denied") in told
    assert {path.name for path, _ in told} == {"illustration.svg", "story.md"}


@pytest.mark.parametrize("name", ["notes.md", "en/stroy.md", "en/old.png", "drafts/x.md", "illustration.md"])
def test_a_file_that_nothing_uses_is_named(folder: Path, name: str):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")
    fault = the_fault(folder)
    assert fault.path in (path, path.parent)
    assert (fault.fault, fault.remedy[:12]) == ("nothing uses this file", "take it away")


def test_hidden_files_are_nobodys_business(folder: Path):
    (folder / ".DS_Store").write_text("x")
    (folder / "en" / ".story.md.swp").write_text("x")
    (folder.parent / "README.md").write_text("x")
    assert not all_faults(folder.parent)


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        (f"# {'Wort ' * 15}\n\nLead.\n", 1, "the heading has 74 characters"),
        (f"# A\n\n<!-- note -->\n\n{'word ' * 70}\n", 5, "the first paragraph has 349 characters"),
    ],
)
def test_a_beginning_that_is_too_long_is_named(folder: Path, text: str, line: int, fault: str):
    (folder / "en" / "story.md").write_text(text)
    found = the_fault(folder)
    assert (found.path, found.line, found.fault) == (folder / "en" / "story.md", line, fault)


def test_what_loading_refuses_is_among_the_faults(folder: Path):
    shutil.copytree(folder, folder.parent / "anna")
    (folder / "en" / "story.md").unlink()
    (folder.parent / "anna" / "extra.txt").write_text("x")
    assert [fault.path.name for fault in all_faults(folder.parent)] == ["extra.txt", "story.md"]


def test_no_campaign_at_all_is_a_fault(tmp_path: Path):
    (fault,) = all_faults(tmp_path)
    assert "holds no campaign" in fault.fault


@pytest.mark.usefixtures("few_strings")
def test_a_language_that_is_only_a_copy_is_named(folder: Path, tmp_path: Path):
    add_belarusian(folder)
    shutil.copy(folder / "en" / "thanks.md", folder / "be" / "thanks.md")
    update("be", tmp_path)
    found = all_faults(folder.parent, tmp_path)
    assert [(fault.path.name, fault.line) for fault in found] == [("be.po", 21), ("thanks.md", 1)]
    assert '"Send my message" is not translated' in str(found[0])
    assert "is the same as en/thanks.md; translate it" in str(found[1])


@pytest.mark.usefixtures("few_strings")
def test_a_language_without_an_interface_is_named_once(folder: Path, tmp_path: Path):
    add_belarusian(folder)
    (fault,) = all_faults(folder.parent, tmp_path)
    assert "python build.py translate be" in fault.remedy


@pytest.mark.usefixtures("few_strings")
def test_a_broken_translation_is_named_once(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    add_belarusian(folder)
    monkeypatch.setattr(po_files, "FOLDER", tmp_path)
    monkeypatch.setattr(read_catalogue, "__defaults__", (tmp_path,))
    (tmp_path / "be.po").write_text('msgid "a"\nfoo "b"\n')
    (fault,) = all_faults(folder.parent, tmp_path)
    assert (fault.path.name, fault.line) == ("be.po", 2)


def add_belarusian(folder: Path) -> None:
    facts = folder / "campaign.toml"
    facts.write_text(facts.read_text(encoding="utf-8").replace('["en"]', '["en", "be"]'), encoding="utf-8")
    (folder / "be").mkdir()
    for text in (folder / "en").iterdir():
        (folder / "be" / text.name).write_bytes(text.read_bytes() + b"\n<!-- be -->\n")


def test_a_new_campaign_is_named_file_by_file_until_it_is_written(folder: Path):
    new = scaffold.new(folder.parent, "anna")
    assert not all_faults(folder.parent)  # a draft keeps nothing back
    replace(new / "campaign.toml", "draft = true", "draft = false")
    found = all_faults(folder.parent)
    assert {fault.path for fault in found} == {new / "illustration.svg", *(new / "en").iterdir()}
    assert all(fault.fault == "is still the example's" for fault in found)
    for text in (new / "en").iterdir():
        text.write_bytes((folder / "en" / text.name).read_bytes())
    shutil.copy(folder / "illustration.svg", new / "illustration.svg")
    assert not all_faults(folder.parent)


def test_what_the_example_says_well_may_stay_without_its_advice(folder: Path):
    counted = "On {{ signatures_as_of }} the petition had {{ signatures }} signatures."
    kept = (
        "Messages are erased after {{ messages_days }} days, or after {{ waiting_days }} when they are never"
    )
    for name, sentence in (("story.md", counted), ("privacy.md", f"{kept} printed.")):
        with (folder / "en" / name).open("a", encoding="utf-8") as text:
            text.write(f"\n{sentence}\n")
    assert not all_faults(folder.parent)


def test_a_sheet_that_cannot_be_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise GeometryError("card A6 of 105 × 148 mm: does not fit")

    monkeypatch.setattr("campaign.cards.imposition.imposition", refuse)
    fault = the_fault(folder)
    assert (fault.path.name, fault.fault) == ("campaign.toml", "card A6 of 105 × 148 mm: does not fit")
    assert "[card]" in fault.path.read_text(encoding="utf-8").split("\n")[fault.line - 1]


def test_a_suggestion_that_no_card_can_show_is_named(folder: Path):
    path = folder / "en" / "suggestions.md"
    path.write_text("- One.\n- Two\n  lines.\n- \U00012000\U00012001 wedges.\n", encoding="utf-8")
    fault = the_fault(folder)
    assert (fault.path, fault.line) == (path, 4)
    assert "U+12000" in fault.fault


def test_an_illustration_that_would_print_otherwise_is_named(folder: Path):
    turned = pymupdf.open()
    turned.new_page().set_rotation(90)
    (folder / "illustration.svg").unlink()
    turned.save(folder / "illustration.pdf")
    fault = the_fault(folder)
    assert (fault.path.name, fault.remedy) == ("illustration.pdf", "save it upright")


def test_the_content_of_this_repository_lacks_only_who_answers_for_it():
    (campaign,) = load_all(ROOT / "content").values()
    (told,) = proofreader.warnings(campaign, campaign.signatures_as_of)
    assert told.fault == "contact: nobody is named who answers for this campaign"  # that is not ours to say


@pytest.mark.parametrize("name", ["illustration.md", "writing.md"])
def test_a_paragraph_of_its_own_that_is_still_a_copy_is_named(tmp_path: Path, name: str):
    folder = Path(shutil.copytree(ROOT / "content" / "mikita", tmp_path / "content" / "mikita"))
    shutil.copyfile(folder / "en" / name, folder / "de" / name)
    fault = the_fault(folder)
    assert (fault.path, fault.fault) == (folder / "de" / name, f"is the same as en/{name}")


def test_a_name_in_other_letters_than_its_page_is_looked_at(folder: Path):
    def told() -> list[str]:
        found = proofreader.warnings(load(folder), TODAY)
        return [str(one) for one in found if "is written" in one.fault]

    add_belarusian(folder)
    (found,) = told()
    assert "names: nothing says how Mikita is written on the page in be; write [names.be]" in found
    with (folder / "campaign.toml").open("a", encoding="utf-8") as facts:
        facts.write('\n[names.be]\nnominative = "Мікіта"\n')
    assert told() == []
