"""The manifest: plain CSV, and nobody's name."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from campaign.press import manifest
from campaign.press.manifest import Entry, ManifestError

ENTRY = Entry(5, 2, 1, "m1", "ab" * 32)


def test_any_reader_of_csv_understands_it(tmp_path):
    path = tmp_path / "manifest.csv"
    manifest.start(path)
    manifest.add(path, [ENTRY])
    manifest.add(path, [ENTRY])
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert rows[0] == {
        "card": "5",
        "sheet": "2",
        "position": "1",
        "message": "m1",
        "text_sha256": "ab" * 32,
    }


def test_it_reads_back_as_it_was_written(tmp_path):
    manifest.start(tmp_path / "manifest.csv")
    manifest.add(tmp_path / "manifest.csv", [ENTRY])
    assert manifest.read(tmp_path / "manifest.csv") == [ENTRY]


def test_what_set_a_batch_is_said_once_beside_it(tmp_path):
    manifest.write_tools(tmp_path / "manifest.json", {"uharfbuzz": "0.57"}, {"A.ttf": "cd" * 32})
    said = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert said == {"versions": {"uharfbuzz": "0.57"}, "fonts": {"A.ttf": "cd" * 32}}


def test_one_from_before_that_says_it_on_each_line_is_still_read(tmp_path):
    path = tmp_path / "manifest.csv"
    path.write_text(
        "card,sheet,position,message,text_sha256,versions,fonts\r\n"
        f"5,2,1,m1,{'ab' * 32},uharfbuzz 0.57; zlib 1.2,A.ttf cdcdcdcdcdcdcdcd\r\n",
        encoding="utf-8",
    )
    assert manifest.read(path) == [ENTRY]


SAVED_BY_A_SPREADSHEET = {
    "with semicolons": (lambda text: text.replace(",", ";"), ":1: its columns"),
    "with a mark of its encoding": (lambda text: "\ufeff" + text, ":1: its columns"),
    "without a column": (lambda text: text.replace(",sheet", ""), ":1: its columns"),
    "with numbers as amounts": (lambda text: text.replace("5,2,1", "5.0,2.0,1.0"), ":2: is not a line"),
    "with rows of nothing": (lambda text: text + ",,,,\r\n", ":3: is not a line"),
    "cut short": (lambda text: text[:-70], ":2: is not a line"),
    "empty": (lambda text: "", ":1: its columns"),
}
WRITTEN_BY_SOMEBODY_ELSE = {
    "a number without end": (lambda text: text.replace("5,2", "9" * 5000 + ",2"), ":2: is not a line"),
    "a number in other digits": (lambda text: text.replace("5,2", "٥,2"), ":2: is not a line"),
    "a cell without end": (
        lambda text: text.replace("m1", "m" * 200_000),
        ": cannot be read as it was written (field",
    ),
    "a quotation without end": (
        lambda text: text + '"' + "x\n" * 100_000,
        ": cannot be read as it was written (field",
    ),
    "another digest": (lambda text: text[:-3] + "\r\n", ":2: is not a line"),
}


@pytest.mark.parametrize("how", [*SAVED_BY_A_SPREADSHEET, *WRITTEN_BY_SOMEBODY_ELSE])
def test_one_that_was_changed_is_refused_with_its_line_and_the_remedy(tmp_path, how):
    change, fault = (SAVED_BY_A_SPREADSHEET | WRITTEN_BY_SOMEBODY_ELSE)[how]
    path = tmp_path / "manifest.csv"
    manifest.start(path)
    manifest.add(path, [ENTRY])
    path.write_bytes(change(path.read_text(encoding="utf-8")).encode())
    with pytest.raises(ManifestError) as refused:
        manifest.read(path)
    assert str(refused.value).startswith(f"{path}{fault}")
    assert "batches CAMPAIGN reprint N" in str(refused.value)


def test_one_in_another_encoding_or_that_is_lost_is_refused(tmp_path):
    path = tmp_path / "manifest.csv"
    with pytest.raises(ManifestError, match="is missing"):
        manifest.read(path)
    path.write_bytes("card,ä".encode("cp1252"))
    with pytest.raises(ManifestError, match="not in UTF-8"):
        manifest.read(path)


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/null")])
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path, make):
    make(tmp_path / "manifest.csv")
    with pytest.raises(ManifestError, match=r"it is no file|Is a directory"):
        manifest.read(tmp_path / "manifest.csv")


def test_it_is_read_up_to_a_length(tmp_path):
    with (tmp_path / "manifest.csv").open("wb") as file:
        file.truncate(manifest.LONGEST + 1)  # a hole, which takes no room
    with pytest.raises(ManifestError, match="it is too long"):
        manifest.read(tmp_path / "manifest.csv")


def test_no_message_s_name_is_a_formula(tmp_path):
    """Whoever may write to the database chooses the name, and a spreadsheet opens the manifest."""
    entry = ENTRY._replace(message="=HYPERLINK(1)")
    manifest.start(tmp_path / "manifest.csv")
    manifest.add(tmp_path / "manifest.csv", [entry])
    assert ",'=HYPERLINK(1)," in (tmp_path / "manifest.csv").read_text()
    assert manifest.read(tmp_path / "manifest.csv") == [entry]
