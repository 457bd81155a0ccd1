"""PO files: plural forms, places, and how much is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from campaign.errors import ContentError
from campaign.language.catalogue import faults, read_catalogue, update

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {}\\n"\n\n'
ARABIC = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
)
LINES = ("%(lines)d line of %(most)d", "%(lines)d lines of %(most)d")
FORMS = ("لا أسطر من %(most)d", "سطر واحد من %(most)d", "سطران من %(most)d", *["%(lines)d من %(most)d"] * 3)


def written(folder: Path, *forms: str, plurals: str = ARABIC, before: str = "") -> Path:
    entry = f'msgid "{LINES[0]}"\nmsgid_plural "{LINES[1]}"\n'
    entry += "".join(f'msgstr[{place}] "{form}"\n' for place, form in enumerate(forms))
    (folder / "ar.po").write_text(HEAD.format(plurals) + before + entry, encoding="utf-8")
    return folder


def counted() -> Catalog:
    strings = Catalog(locale="en")
    strings.add(LINES)
    return strings


def test_a_form_for_one_number_alone_may_say_it_in_words(tmp_path: Path) -> None:
    assert list(faults("ar", counted(), written(tmp_path, *FORMS))) == []
    assert read_catalogue("ar", tmp_path).ngettext(*LINES, 2) % {"lines": 2, "most": 9} == "سطران من 9"


@pytest.mark.parametrize(
    ("place", "form", "fault"),
    [
        (3, "أسطر من %(most)d", "msgstr[3] lacks the place %(lines)d"),  # for 3 to 10
        (2, "سطران", "msgstr[2] lacks the place %(most)d"),  # the count alone goes without saying
        (5, "%(lines)d من %(mots)d", "msgstr[5] has a place %(mots)s"),
    ],
)
def test_any_other_place_that_is_lost_is_named_with_its_form(
    tmp_path: Path, place: int, form: str, fault: str
) -> None:
    forms = [*FORMS]
    forms[place] = form
    (found,) = faults("ar", counted(), written(tmp_path, *forms))
    assert fault in found.fault


@pytest.mark.parametrize(
    "plurals",
    ["nplurals=x; plural=n;", "nplurals=2; plural=n**2;", "nplurals=2; plural=5/n;", "nplurals=2; plural=n;",
     "nplurals=99999999; plural=0;", "nplurals=2; plural=" + "(" * 99 + "n" + ")" * 99 + ";"],
)  # fmt: skip
def test_plural_forms_that_no_page_could_ask_are_refused(tmp_path: Path, plurals: str) -> None:
    folder = written(tmp_path, *FORMS[2:4], plurals=plurals)
    with pytest.raises(
        ContentError, match=r"plural forms of its header .* write \"Plural-Forms: nplurals=6; "
    ):
        read_catalogue("ar", folder)
    (found,) = faults("ar", counted(), folder)
    assert "plural forms" in found.fault


def test_every_label_that_is_refused_is_named_at_once(tmp_path: Path) -> None:
    wrong = 'msgid "%(a)s b"\nmsgstr "ب"\n\nmsgid "%(c)s d"\nmsgstr "د"\n\n'
    found = list(faults("ar", counted(), written(tmp_path, *FORMS, before=wrong)))
    assert [one.fault for one in found] == [
        '"%(a)s b": lacks the place %(a)s of the English',
        '"%(c)s d": lacks the place %(c)s of the English',
    ]


def test_of_many_that_are_missing_the_first_is_named_and_how_many(tmp_path: Path) -> None:
    strings = counted()
    for number in range(30):
        strings.add(f"label {number}")
    (found,) = faults("ar", strings, written(tmp_path, *FORMS))
    assert found.fault == '30 of 31 labels are not translated; "label 0" is not translated'


def test_a_new_file_says_which_numbers_each_form_is_for(tmp_path: Path) -> None:
    text = update("ar", tmp_path).read_text(encoding="utf-8")
    assert "# msgstr[2] is for 2\n# msgstr[3] is for 3, 4, 5, 6, 7 …\n" in text
    assert update("ar", tmp_path).read_text(encoding="utf-8") == text


NOTES = "# Translated by Rim.\n#\n# PO-Revision-Date: last week\n# Ask the library before you call it that.\n"


def test_a_translator_s_notes_above_the_header_stay(tmp_path: Path) -> None:
    file = written(tmp_path, *FORMS) / "ar.po"
    file.write_text(NOTES + file.read_text("utf-8"), "utf-8")
    for _ in range(2):
        update("ar", tmp_path)
        comments = file.read_text("utf-8").partition("msgid")[0]
        assert comments.startswith("# Candle's words")
        assert comments.count("# msgstr[") == 6
        assert comments.endswith(f"\n{NOTES}")


def test_a_file_without_a_header_gets_none_of_babel_s_notes(tmp_path: Path) -> None:
    (tmp_path / "be.po").write_text('msgid "Country"\nmsgstr "Краіна"\n', "utf-8")
    assert "PROJECT project" not in update("be", tmp_path).read_text("utf-8")


@pytest.mark.parametrize(
    "date",
    [
        *("", " YEAR-MO-DA HO:MI+ZONE", " 2026-13-40", " 2026-11-30 10:00+9999", " 2026-11-30 10:00Z"),
        " 2026-11-30 10:00+0200 ",
    ],
)
@pytest.mark.parametrize("name", ["POT-Creation-Date", "PO-Revision-Date"])
def test_a_date_of_the_header_that_is_none_keeps_no_file_from_being_read(
    tmp_path: Path, name: str, date: str
) -> None:
    file = written(tmp_path, *FORMS) / "ar.po"
    file.write_text(file.read_text("utf-8").replace('"Content', f'"{name}:{date}\\n"\n"Content'), "utf-8")
    assert list(faults("ar", counted(), tmp_path)) == []
    before = update("ar", tmp_path).read_text("utf-8")
    assert update("ar", tmp_path).read_text("utf-8") == before
