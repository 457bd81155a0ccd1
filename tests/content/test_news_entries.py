"""News that nobody would find: a translation named otherwise, a link before its day."""

from pathlib import Path

import pytest

from campaign.content import fixing
from tests.support.slips import found, sound_campaign

TEXTS = {"en": "# Moved\n\nShe was taken to another place.\n", "de": "# Verlegt\n\nSie ist jetzt anderswo.\n"}


def write(folder: Path, language: str, name: str) -> Path:
    path = folder / language / "news" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXTS[language], encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_translation_that_bears_another_name_is_told_the_right_one(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    write(folder, "en", "2026-11-20-moved.md")
    german = write(folder, "de", "2026-11-20-verlegt.md")

    (told,) = found(tmp_path)
    assert (told.path, told.level) == (german, "warning")
    assert "name it 2026-11-20-moved.md" in told.remedy
    list(fixing.fix_all(lambda: found(tmp_path)))
    assert not found(tmp_path)
    assert (folder / "de" / "news" / "2026-11-20-moved.md").read_text(encoding="utf-8") == TEXTS["de"]


def test_an_entry_of_a_year_that_fingers_turned_is_told(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    for language in TEXTS:
        for name in ("1981-12-09-arrested.md", "2027-11-19-visit.md"):
            write(folder, language, name)
    told = {(one.path.name, one.fault) for one in found(tmp_path)}
    assert told == {("2027-11-19-visit.md", "is shown from 2027-11-19 on")}


def test_two_entries_of_a_day_that_one_language_lacks_are_left_alone(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    for name in ("2026-11-20-moved.md", "2026-11-20-visited.md"):
        write(folder, "en", name)
    write(folder, "de", "2026-11-20-besucht.md")
    assert not found(tmp_path)


@pytest.mark.slow
def test_a_link_to_an_entry_of_a_day_to_come_leads_nowhere_yet(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    for language, thanks in (("en", "in the next days"), ("de", "in den nächsten Tagen")):
        write(folder, language, "2026-12-24-moved.md")
        path = folder / language / "thanks.md"
        words = path.read_text(encoding="utf-8")
        path.write_text(words.replace(thanks, f"[{thanks}](news/2026-12-24-moved.md)"), encoding="utf-8")
    assert {(one.path.name, one.line) for one in found(tmp_path)} == {("thanks.md", 3)}
    assert all("2026-12-24" in one.fault for one in found(tmp_path))


def test_a_link_to_a_heading_of_another_entry_leads_nowhere(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    for language in TEXTS:
        write(folder, language, "2026-11-20-moved.md")
        path = write(folder, language, "2026-11-21-visited.md")
        path.write_text(f"# {language}\n\n[{language}](2026-11-20-moved.md#why)\n", encoding="utf-8")
    assert {one.fault for one in found(tmp_path)} == {
        "a link to #why, which is no heading in 2026-11-20-moved.md"
    }
