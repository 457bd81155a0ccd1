"""A translation that lags is named, from the day on which somebody kept what it was made from."""

import shutil
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.content import checks, translated_from
from campaign.content.campaign import load
from campaign.content.proofreading.lagging import FILE
from campaign.content.translated_from import TranslatingError
from tests.support.editing import replace
from tests.support.slips import found, sound_campaign


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign whose German was kept as made from its English."""
    made = sound_campaign(tmp_path)
    translated_from.keep(made, "de")
    return made


def lagging(folder: Path) -> list[tuple[str, int]]:
    return [
        (f"{one.path.parent.name}/{one.path.name}", one.line)
        for one in found(folder.parent)
        if "made from a paragraph that has changed" in one.fault
    ]


def test_nothing_lags_without_the_file_nor_right_after_it_was_written(folder):
    assert not found(folder.parent)
    (folder / "de" / FILE).unlink()
    replace(folder / "en" / "story.md", "Her town is small", "Her town is large")
    assert not found(folder.parent)


def test_a_changed_paragraph_an_entry_and_a_link_name_the_line_of_the_translation(folder):
    replace(folder / "en" / "story.md", "Her town is small", "Her town is large")
    replace(folder / "en" / "suggestions.md", "I wish you a warm room", "I wish you a cold room")
    replace(folder / "en" / "story.md", "- the news of the football club", "- the news of the chess club")
    names = [name for name, _ in lagging(folder)]
    assert names == ["de/story.md", "de/story.md", "de/suggestions.md"]
    lines = (folder / "de" / "story.md").read_text(encoding="utf-8").split("\n")
    town, club = (lines[line - 1] for name, line in lagging(folder) if name == "de/story.md")
    assert town.startswith("Ihre Stadt")
    assert club.startswith("- ")


def test_the_warning_says_where_to_read_and_what_to_do(folder):
    replace(folder / "en" / "story.md", "Her town is small", "Her town is large")
    (one,) = found(folder.parent)
    assert one.level == "warning"
    assert "read en/story.md:5 and change it" in one.remedy
    assert "python build.py translate de lena --still-right" in one.remedy


def test_a_paragraph_that_was_changed_too_lags_no_more(folder):
    replace(folder / "en" / "story.md", "Her town is small", "Her town is large")
    replace(folder / "de" / "story.md", "Ihre Stadt ist klein", "Ihre Stadt ist groß")
    assert not lagging(folder)


def test_keeping_again_hides_nothing_that_lags_unless_somebody_says_it_is_right(folder):
    replace(folder / "en" / "story.md", "Her town is small", "Her town is large")
    _, left = translated_from.keep(folder, "de")
    assert len(left) == len(lagging(folder)) == 1
    translated_from.keep(folder, "de", still_right=True)
    assert not lagging(folder)
    replace(folder / "en" / "story.md", "Her town is large", "Her town is huge")
    assert len(lagging(folder)) == 1


def test_paragraphs_that_change_places_do_not_lag(folder):
    for language in ("en", "de"):
        path = folder / language / "closed.md"
        heading, words = path.read_text(encoding="utf-8").split("\n\n")
        path.write_text(f"{heading}\n\nOne more [{language}](story.md), first.\n\n{words}", encoding="utf-8")
    assert not lagging(folder)


def test_a_paragraph_too_many_keeps_what_was_known(folder):
    path = folder / "de" / "closed.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nNoch einer.\n", encoding="utf-8")
    before = (folder / "de" / FILE).read_text(encoding="utf-8").splitlines()
    translated_from.keep(folder, "de")
    after = (folder / "de" / FILE).read_text(encoding="utf-8").splitlines()
    assert after == before


@pytest.mark.parametrize("spoilt", [b"<<<<<<< HEAD\n", b"\xff\xfe", b"story.md x y\n", b""])
def test_a_file_of_other_lines_makes_nothing_lag(folder, spoilt):
    (folder / "de" / FILE).write_bytes(spoilt)
    replace(folder / "en" / "story.md", "Her town is small", "Her town is large")
    assert not lagging(folder)


@pytest.mark.parametrize("code", ["en", "pl", "dee"])
def test_only_a_translation_is_kept(folder, code):
    with pytest.raises(TranslatingError, match="is not translated into"):
        translated_from.keep(folder, code)


@pytest.mark.slow
def test_our_own_campaign_names_the_languages_in_which_a_sentence_was_not_corrected(tmp_path):
    folder = Path(shutil.copytree(ROOT / "content" / "mikita", tmp_path / "content" / "mikita"))
    day = load(folder).signatures_as_of
    assert not checks.findings(folder.parent, today=day)[1:]  # [contact], which is a real group's to write
    for code, words in (("en", "it will not get lost"), ("be", "не згубіцца")):
        replace(folder / code / "thanks.md", words, f"{words} ever" if code == "en" else f"{words} ніколі")
    told = [one for one in checks.findings(folder.parent, today=day) if "changed since" in one.fault]
    assert {one.path.parent.name for one in told} == {"de", "pl", "ru", "uk"}
