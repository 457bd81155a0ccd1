"""The manifest: plain CSV, and nobody's name."""

from __future__ import annotations

import csv

from campaign.cards import manifest
from campaign.cards.manifest import Entry

ENTRY = Entry(
    5, 2, 1, "m1", "ab" * 32, manifest.listed({"uharfbuzz": "0.57"}), manifest.listed({"A.ttf": "cd" * 32})
)


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
        "versions": "uharfbuzz 0.57",
        "fonts": "A.ttf cdcdcdcdcdcdcdcd",
    }


def test_it_reads_back_as_it_was_written(tmp_path):
    manifest.start(tmp_path / "manifest.csv")
    manifest.add(tmp_path / "manifest.csv", [ENTRY])
    assert manifest.read(tmp_path / "manifest.csv") == [ENTRY]
