"""Script in every field that is stored: no file that the desk gives runs anything, whoever opens it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from werkzeug.test import TestResponse

from campaign.content.campaign import Campaign
from campaign.keeping import keepsake, made_keepsakes
from campaign.ledger import transitions
from campaign.press.next_batch import Press, next_batch
from campaign.settings import Settings
from campaign.storage.database import Database
from tests.conftest import NOW, TODAY
from tests.receiver.desk import Desk
from tests.support.press import approve, picture

pytestmark = pytest.mark.slow  # a batch and a keepsake are made
BACKSLASH = "\\"
EVIL = (
    "\"'><script>evil(1)</script>",
    '=HYPERLINK("http://evil.example";"click")',
    f") Tj ET /S /JavaScript /JS (evil{BACKSLASH}(2{BACKSLASH})) (",
    "</title><svg onload=evil(3)> endstream endobj",
    "@SUM(1+1)*cmd|' /C calc'!A0",
)
# What a PDF can do by itself, or when somebody touches it (ISO 32000-1, 12.6.4).
ACTIONS = re.compile(
    r"/(?:JavaScript|JS|OpenAction|AA|Launch|URI|SubmitForm|ImportData|GoToR|EmbeddedFile|RichMedia|Annots|AcroForm)\b"
)
PAGES = "/staff/mikita"


@pytest.fixture
def files(
    database: Database, campaign: Campaign, settings: Settings, desk: Desk, tmp_path: Path
) -> dict[str, TestResponse]:
    """Everything that can be downloaded once such messages were printed, posted and kept."""
    content = replace(campaign, illustration=picture(tmp_path))
    approve(database, [(words, f"{words[:20]}") for words in EVIL])
    run = next_batch(database, content, settings, NOW, final=True)
    assert not run.complaints
    database.write(lambda c: transitions.mark_printed(c, "mikita", 1, NOW) and None)
    database.write(lambda c: transitions.mark_posted(c, "mikita", 1, TODAY, TODAY) and None)
    output = made_keepsakes.default_file(settings.build_dir, "mikita")
    keepsake.make(Press.from_settings(database, content, settings, NOW), output)
    names = ("batches/1/files.zip", "keepsake.pdf", "calibration.pdf")
    return {name: desk.get(f"{PAGES}/{name}") for name in names}


def unpacked(files: dict[str, TestResponse]) -> Iterator[tuple[str, bytes]]:
    for name, answer in files.items():
        if not name.endswith(".zip"):
            yield name, answer.data
            continue
        archive = zipfile.ZipFile(io.BytesIO(answer.data))
        yield from ((entry, archive.read(entry)) for entry in archive.namelist())


def test_no_file_that_is_downloaded_does_anything(files: dict[str, TestResponse]) -> None:
    for name, answer in files.items():
        assert answer.status_code == 200, name
        assert answer.mimetype in ("application/zip", "application/pdf")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert re.fullmatch(r'attachment; filename="[A-Za-z0-9.-]+"', answer.headers["Content-Disposition"])
    kinds = set()
    for name, content in unpacked(files):
        assert re.fullmatch(r"(?:mikita-batch-0001/)?[a-z0-9./-]+", name)
        assert ".." not in name
        kinds.add(name.rpartition(".")[2])
        {"pdf": is_still, "csv": is_plain, "json": json.loads}[name.rpartition(".")[2]](content)
    assert kinds == {"pdf", "csv", "json"}


def is_still(content: bytes) -> None:
    """Hold every object of a PDF to what is drawn: words are shown, and nothing is done."""
    with pymupdf.open(stream=content) as document:
        for number in range(1, document.xref_length()):
            assert not ACTIONS.search(document.xref_object(number)), document.xref_object(number)
        assert document.embfile_count() == 0


def is_plain(content: bytes) -> None:
    """Let no cell be a formula, and none hold a supporter's words."""
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row), row
        assert "evil" not in "".join(row)


def test_what_is_shown_is_there_as_words(files: dict[str, TestResponse]) -> None:
    with pymupdf.open(stream=files["keepsake.pdf"].data) as document:
        words = "".join("".join(page.get_text() for page in document).split())
    assert "<script>evil(1)</script>" in words
