"""Sheets open again with everything on them, and nothing else."""

import io
import shutil
import subprocess

import pymupdf
import pytest

from campaign.cards import illustration
from campaign.cards.draw import Card, draw_sheets
from campaign.cards.sheet import imposition
from campaign.cards.type import Typesetter
from campaign.settings import ROOT

CARD = Typesetter(105, 148)
SHEET = imposition("A6", "A4")


@pytest.fixture(scope="module")
def picture():
    return illustration.load(ROOT / "content/mikita/illustration.svg")


def sheets(picture, *messages, number=1):
    out = io.BytesIO()
    settings = [CARD.set(text, name, language) for text, name, language in messages]
    cards = [Card([setting], number and number + i) for i, setting in enumerate(settings)]
    drawn = draw_sheets(out, SHEET, picture, cards, typesetter=CARD)
    return out.getvalue(), drawn


MESSAGES = [
    ("Дарагі Мікіта! Ты не адзін — “мы” з табой.", "Ўладзіслава", "be"),
    ("Любий Микито, ґанок, їжак, є надія.", "Олена", "uk"),
    ("First fjord, affine offices.", "Zoë", "en"),
    ("Ẹ kú àárọ̀ Mikita.", "Adébáyọ̀", "yo"),
    ("Αγαπητέ Μικίτα.", "Ελένη", "el"),
]


def test_text_comes_out_as_it_went_in(picture):
    data, drawn = sheets(picture, *MESSAGES, number=None)
    assert (drawn.cards, drawn.sheets) == (5, 2)
    with pymupdf.open("pdf", data) as document:
        found = " ".join(page.get_text() for page in document).split()
    expected = " ".join(f"{text} {name}" for text, name, _ in MESSAGES).split()
    assert sorted(found) == sorted(expected)


def test_fronts_come_before_backs_and_the_last_sheet_may_be_partly_empty(picture):
    data, _ = sheets(picture, *MESSAGES)
    with pymupdf.open("pdf", data) as document:
        assert [bool(page.get_text().strip()) for page in document] == [False, True, False, True]
        assert [round(side / 72 * 25.4) for side in document[0].mediabox[2:]] == [210, 297]


def test_the_same_cards_give_the_same_bytes(picture):
    assert sheets(picture, *MESSAGES)[0] == sheets(picture, *MESSAGES)[0]


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_the_file_is_well_formed(picture, tmp_path):
    file = tmp_path / "sheets.pdf"
    file.write_bytes(sheets(picture, *MESSAGES)[0])
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
