"""Files and folders called otherwise than they should be: each is named with the name that was meant."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from tests.support.slips import found, sound_campaign

NEWS = "# Moved\n\nShe was moved.\n"


def only_fault(content: Path) -> tuple[str, str, str]:
    (told,) = found(content)
    return told.path.relative_to(content / "lena").as_posix(), told.fault, told.remedy


@pytest.mark.parametrize("name", ["ge", "DE", "german", "de "])
def test_a_language_s_folder_that_is_misspelt_is_named(tmp_path: Path, name: str):
    folder = sound_campaign(tmp_path)
    (folder / "de").rename(folder / name)
    fault = f'campaign.toml names "de" and no "{name}"'
    assert only_fault(tmp_path) == (name, fault, "name the folder de")


@pytest.mark.parametrize(
    ("name", "right"), [("Writing.md", "writing.md"), ("ilustration.md", "illustration.md")]
)
def test_a_text_that_may_be_missing_is_found_by_a_name_that_is_near(tmp_path: Path, name: str, right: str):
    folder = sound_campaign(tmp_path)
    for language in ("en", "de"):
        (folder / language / right).rename(folder / language / name)
    told = found(tmp_path)
    assert {one.fault for one in told} == {f"is not {right}"}
    assert {bool(one.fix) for one in told} == {name.lower() == right}


def test_a_text_without_its_ending_is_found(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    (folder / "en" / "story.md").rename(folder / "en" / "story")
    assert only_fault(tmp_path) == ("en/story", "is not story.md", "name it story.md")


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("2026-11-20.md", None),  # and not 2026-11-02-0.md
        ("20-11-2026-moved.md", "2026-11-20-moved.md"),
        ("05-11-2026-moved.md", None),  # which may be in May
        ("2026-11-31 moved.md", None),
        ("2026-11-20-Überführt.md", "2026-11-20-uberfuhrt.md"),
        ("2026-11-20-wesoły–Spaß.md", "2026-11-20-wesoly-spass.md"),
        ("2026-11-20-ıssız.md", "2026-11-20-issiz.md"),
        ("20261120-moved.md", "2026-11-20-moved.md"),
    ],
)
def test_an_entry_of_the_news_is_mended_into_its_own_day_alone(tmp_path: Path, name: str, right: str | None):
    path = sound_campaign(tmp_path) / "en" / "news" / name
    path.parent.mkdir()
    path.write_text(NEWS, "utf-8")
    (told,) = found(tmp_path)
    assert (told.fix and told.fix.new) == right


def test_a_folder_of_news_is_found_by_a_name_that_is_near(tmp_path: Path):
    folder = sound_campaign(tmp_path) / "en" / "News"
    folder.mkdir()
    (folder / "2026-11-20-moved.md").write_text(NEWS, "utf-8")
    assert only_fault(tmp_path)[:2] == ("en/News", "is not news")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_as_windows_has_it_is_called_what_it_is(tmp_path: Path, encoding: str):
    path = sound_campaign(tmp_path) / "de" / "story.md"
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    assert only_fault(tmp_path)[1] == 'not UTF-8 but UTF-16, which Windows calls "Unicode"'


def test_what_programs_lay_beside_a_text_is_no_fault(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    for name in ("Thumbs.db", "en/desktop.ini", "en/~$story.docx", "de/story.md~", ".DS_Store"):
        (folder / name).write_bytes(b"?")
    assert not found(tmp_path)


def test_a_mark_before_the_first_letter_may_be_there_twice(tmp_path: Path):
    path = sound_campaign(tmp_path) / "de" / "story.md"
    path.write_bytes(2 * codecs.BOM_UTF8 + path.read_bytes())
    assert not found(tmp_path)
