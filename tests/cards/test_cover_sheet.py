"""The cover: numbers that staff rely on, and an address only while somebody vouches for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pymupdf
import pytest

from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.documents import cover_sheet
from campaign.cards.documents.cover_sheet import Address, Summary
from campaign.cards.documents.page import PageError
from campaign.cards.imposition import imposition
from tests.conftest import TODAY
from tests.support import pdf

ADDRESS = Address("Воспитательная колония\nНикита\nг. Бобруйск\nБЕЛАРУСЬ / BELARUS", TODAY, 60)
SUMMARY = Summary(
    "Mikita", 7, TODAY, 1234, 480, 120, ["sheets.pdf"], imposition("A6", "A4"), "", ADDRESS, TODAY
)


def text_of(tmp_path: Path, summary: Summary = SUMMARY) -> str:
    path = tmp_path / "cover.pdf"
    with path.open("wb") as out:
        cover_sheet.write(out, summary)
    return pdf.text_of(path)


def test_the_cover_tells_the_counts_and_the_files(tmp_path):
    text = text_of(tmp_path)
    for words in ("Batch7", "Mikita", "1234", "480", "120", "sheets.pdf", "22November2026"):
        assert words in text.replace("\u2009", "")


def test_it_is_one_page_that_foreign_programs_accept(tmp_path):
    text_of(tmp_path)
    pdf.check(tmp_path / "cover.pdf")
    assert "Pages:           1" in pdf.tool("pdfinfo", tmp_path / "cover.pdf")
    assert all(font[1:] == ["yes", "yes", "yes"] for font in pdf.fonts_of(tmp_path / "cover.pdf"))


@pytest.mark.parametrize("duplex", ["long-edge", "short-edge"])
def test_it_names_what_to_choose_in_the_print_dialog(tmp_path, duplex):
    text = text_of(tmp_path, replace(SUMMARY, imposition=imposition("A6", "A4", duplex)))
    assert f"fliponthe{duplex.replace('-', '')}" in text
    assert "actualsize(100%)" in text


def test_it_names_the_printer_where_there_are_several(tmp_path):
    assert "Fortheprinter" not in text_of(tmp_path)
    assert "Fortheprinterhome,andfornoother" in text_of(tmp_path, replace(SUMMARY, printer="home"))


def test_a_long_name_keeps_clear_of_the_batch_s_number(tmp_path):
    name = "Mikita Zalatarou and Aliaksandra-Maria Herasimenia-Kavaliova"
    text_of(tmp_path, replace(SUMMARY, batch=128, name=name))
    with pymupdf.open(tmp_path / "cover.pdf") as cover_sheet:
        places = {word[4]: word for word in cover_sheet[0].get_text("words")}
    assert places["128"][2] + 10 < places["Mikita"][0]


def test_it_says_how_to_cut(tmp_path):
    assert "Cutthesheetintoequalparts" in text_of(tmp_path)
    marked = replace(SUMMARY, imposition=imposition("A6", "SRA3", profile="print-shop"))
    assert "Cutalongthecropmarks" in text_of(tmp_path, marked)


def test_it_names_no_numbers_where_none_are_printed(tmp_path):
    assert "orderoftheirnumbers" in text_of(tmp_path)
    assert "orderoftheirsheets" in text_of(tmp_path, replace(SUMMARY, numbered=False))


# By hand: the card's area times the paper, up to 0.1 g; 1,875 g for cards in a letter of 2 kg.
PAPERS = {
    ("A6", 480): [
        "160 g/m² 2.5 g 1.20 kg 750 1",
        "200 g/m² 3.2 g 1.54 kg 585 1",
        "250 g/m² 3.9 g 1.87 kg 480 1",
        "300 g/m² 4.7 g 2.26 kg 398 2",
    ],
    ("A5", 100): [
        "160 g/m² 5.0 g 500 g 375 1",
        "200 g/m² 6.3 g 630 g 297 1",
        "250 g/m² 7.8 g 780 g 240 1",
        "300 g/m² 9.4 g 940 g 199 1",
    ],
    ("DL", 1200): [
        "160 g/m² 3.4 g 4.08 kg 551 3",
        "200 g/m² 4.2 g 5.04 kg 446 3",
        "250 g/m² 5.2 g 6.24 kg 360 4",
        "300 g/m² 6.3 g 7.56 kg 297 5",
    ],
}


@pytest.mark.parametrize(("card", "cards"), PAPERS)
def test_each_paper_has_its_own_weight_and_number_of_letters(tmp_path, card, cards):
    text_of(tmp_path, replace(SUMMARY, imposition=imposition(card, "A3"), cards=cards))
    told = [row for row in pdf.rows_of(tmp_path / "cover.pdf") if "g/m²" in row]
    assert told == PAPERS[card, cards]


def test_the_label_is_printed_while_the_address_is_vouched_for(tmp_path):
    for age in (0, 60):
        address = replace(ADDRESS, verified_on=TODAY - timedelta(days=age))
        text = text_of(tmp_path, replace(SUMMARY, address=address))
        assert "Воспитательнаяколония" in text
        assert "БЕЛАРУСЬ/BELARUS" in text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (Address("", TODAY, 60), "Noaddressisknownforthiscampaign."),
        (Address(" \n ", TODAY, 60), "Noaddressisknownforthiscampaign."),
        (replace(ADDRESS, verified_on=None), "Nobodyhasverifiedtheaddress."),
        (
            replace(ADDRESS, verified_on=date(2026, 9, 22)),
            "Theaddresswasverifiedon22September2026,whichwasgooduntil21November2026.",
        ),
    ],
)
def test_without_a_verified_address_the_cover_says_so_in_its_place(tmp_path, address, words):
    text = text_of(tmp_path, replace(SUMMARY, address=address))
    assert words in text
    assert "Nolabelisprinted." in text
    assert "БЕЛАРУСЬ" not in text


def test_an_address_that_no_font_draws_is_refused_by_name(tmp_path):
    with pytest.raises(PageError, match="no font of the cards draws \ue000"):
        text_of(tmp_path, replace(SUMMARY, address=replace(ADDRESS, lines="\ue000")))


def test_what_runs_from_right_to_left_reads_so(tmp_path):
    address = replace(ADDRESS, lines="زندان زنان\nخیابان ۱۲ شیراز\nIRAN")
    rows = text_of(tmp_path, replace(SUMMARY, name="سمیرا", address=address))
    assert all(word in rows for word in ("سمیرا", "زندان", "زنان", "خیابان", "۱۲", "شیراز", "IRAN"))
    assert rows.index("زندان") < rows.index("زنان")


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("вуліца Сікорскага, дом 1, горад Бабруйск, Магілёўская", 4),
        ("WychowawczakoloniapoprawczadlanieletnichimieniaJanaNowakaiJanaKowalskiego", 2),
        ("زندان زنان", 12),
        ("中华人民共和国北京市朝阳区建国门外大街甲十二号监狱第三监区", 3),
    ],
)
def test_every_line_of_the_address_stands_inside_its_label(tmp_path, line, count):
    text_of(tmp_path, replace(SUMMARY, address=replace(ADDRESS, lines="\n".join([line] * count))))
    width, height = (side / 25.4 * 72 for side in cover_sheet.LABEL)
    left, foot = 20 / 25.4 * 72, 277 / 25.4 * 72
    with pymupdf.open(tmp_path / "cover.pdf") as cover:
        all_words = cover[0].get_text("words")
    words = [word for word in all_words if word[0] < left + width and word[3] > foot - height]
    assert sorted("".join(word[4] for word in words)) == sorted("".join(line.split()) * count)
    assert all(left < x0 and x1 < left + width and foot - height < y1 < foot for x0, _, x1, y1, *_ in words)
    assert (min(word[0] for word in words) > left + width / 2) == (count == 12)  # Persian begins at the right


def test_it_has_a_line_for_each_hand_that_the_cards_go_through(tmp_path):
    text = text_of(tmp_path)
    assert "Doneby" in text
    for step in ("printed", "cutandcounted", "readthrough", "posted"):
        assert f"{step}on" in text


@pytest.mark.parametrize(("card", "piles"), [("A6", 4), ("A5", 2), ("DL", 3), ("4x6", 4)])
def test_the_largest_envelope_takes_the_cards_in_as_many_piles_as_fit(tmp_path, card, piles):
    width, height = cover_sheet.ENVELOPE_SIZE
    size = CARD_SIZES[card]
    lying = (width // size.width) * (height // size.height), (width // size.height) * (height // size.width)
    assert max(lying) == piles
    text = text_of(tmp_path, replace(SUMMARY, imposition=imposition(card, "A3")))
    assert f"takesthecardsin{piles}pilessidebyside" in text
