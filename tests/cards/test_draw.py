"""Sheets open again with everything on them, and nothing else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tracemalloc
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest

from campaign import ROOT
from campaign.cards.dimensions import MARGIN
from campaign.cards.draw import Card, draw_sheets
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.cards.imposition import POINTS_PER_MM, Imposition, imposition
from campaign.cards.packing import GAP
from campaign.cards.type.set_words import Setting
from campaign.cards.type.typesetter import Typesetter
from tests.support import pdf, preflight
from tests.support.lanes import first
from tests.support.press import picture as plain_picture
from tests.support.sample_messages import MESSAGES, RIGHT_TO_LEFT, UNSPACED
from tests.support.table import table

CARD = Typesetter(105, 148)
SHEET = imposition("A6", "A4")


@pytest.fixture(scope="module")
def picture() -> Illustration:
    return load_illustration(ROOT / "content/mikita/illustration.svg")


@pytest.fixture(scope="module")
def all_scripts(picture: Illustration, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sheets with a card in every script."""
    path = tmp_path_factory.mktemp("sheets") / "sheets.pdf"
    path.write_bytes(drawn(picture, *MESSAGES))
    return path


def cards(*scripts: str, numbered: bool = True) -> Iterator[Card]:
    for number, script in enumerate(scripts, 1):
        language, text, first_name = MESSAGES[script]
        yield Card([CARD.set(text, first_name, language)], number if numbered else None)


def drawn(picture: Illustration, *scripts: str, numbered: bool = True, sheet: Imposition = SHEET) -> bytes:
    out = io.BytesIO()
    draw_sheets(out, sheet, picture, cards(*scripts, numbered=numbered), typesetter=CARD)
    return out.getvalue()


def back_as_mupdf_reads_it(path: Path) -> str:
    with pymupdf.open(path) as document:
        return document[1].get_text()


def back_as_poppler_reads_it(path: Path) -> str:
    return pdf.tool("pdftotext", "-f", "2", path, "-")


@pytest.mark.parametrize("script", first(8, MESSAGES))
def test_text_comes_out_as_it_went_in(picture, tmp_path, script):
    path = tmp_path / "sheet.pdf"
    path.write_bytes(drawn(picture, script, numbered=False))
    _, text, first_name = MESSAGES[script]
    wanted = f"{text} {first_name}".split()
    for read in (back_as_mupdf_reads_it, back_as_poppler_reads_it):
        found = read(path).split()
        if script in RIGHT_TO_LEFT:
            assert letters(found) == letters(wanted), read
        elif script in UNSPACED:
            assert "".join(found) == "".join(wanted), read
        else:
            assert found == wanted, read


def letters(words: list[str]) -> list[str]:
    """The letters of a text as a set with repetitions, without joiners and direction marks."""
    return sorted(char for char in "".join(words) if unicodedata.category(char) != "Cf")


def test_the_file_is_well_formed(all_scripts):
    pdf.check(all_scripts)


@pytest.mark.slow
def test_the_file_is_valid_for_archives(all_scripts):
    assert not preflight.faults(all_scripts)


LAYOUTS = [
    ("A6", "A4", "short-edge", "office", (0.0, 0.0)),
    ("A6", "A3", "long-edge", "office", (1.5, -0.75)),
    ("A5", "A4", "long-edge", "office", (-2.0, 2.0)),
    ("DL", "A4", "short-edge", "office", (0.25, 0.5)),
    ("4x6", "Letter", "long-edge", "office", (-0.5, 0.0)),
    ("A6", "SRA3", "short-edge", "print-shop", (0.5, -1.0)),
    ("A5", "SRA3", "long-edge", "print-shop", (0.0, 0.0)),
]


@pytest.mark.parametrize(("card", "sheet", "duplex", "profile", "offset"), first(2, LAYOUTS))
def test_foreign_readers_accept_every_layout(tmp_path, card, sheet, duplex, profile, offset):
    plan = imposition(card, sheet, duplex, profile, offset)
    path = laid_out(tmp_path, plan)
    pdf.check(path)
    assert all(font[-3:] == ["yes", "yes", "yes"] for font in pdf.fonts_of(path))
    inks = pdf.ink_of(path)
    assert len(inks) == 4
    assert all(sum(back[:3]) == 0 < back[3] for back in inks[1::2])
    width, height = (mm * 72 / 25.4 for mm in (plan.sheet.width, plan.sheet.height))
    assert f"{width:.6g} x {height:.6g} pts" in pdf.tool("pdfinfo", path)


def test_the_offset_moves_the_ink_to_the_right_and_up_as_its_documents_say(tmp_path):
    corners = []
    for offset in ((0.0, 0.0), (2.0, 3.0)):
        with pymupdf.open(laid_out(tmp_path, imposition("A6", "A4", back_offset=offset))) as document:
            corners.append(document[1].get_text("words")[0][:2])
    (left, top), (moved_left, moved_top) = corners
    assert moved_left - left == pytest.approx(2.0 * 72 / 25.4, abs=0.01)
    assert top - moved_top == pytest.approx(3.0 * 72 / 25.4, abs=0.01)  # MuPDF counts from above
    for file, words in {
        "docs/editors.md": "`[right, up]`",
        "campaign/content/example/campaign.toml": "to the right and up",
        "campaign/cards/imposition.py": "to the right and upwards",
    }.items():
        assert words in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_sheet_of_the_print_shop_is_valid_for_archives(tmp_path):
    assert not preflight.faults(laid_out(tmp_path, imposition("A6", "SRA3", profile="print-shop")))


def laid_out(folder: Path, plan: Imposition) -> Path:
    """Two sheets of short messages."""
    typesetter = Typesetter(plan.card.width, plan.card.height)
    some = (
        Card([typesetter.set("Трымайся!", "Ўля", "be")], number + 1) for number in range(plan.per_sheet + 1)
    )
    path = folder / "sheets.pdf"
    with path.open("wb") as out:
        draw_sheets(out, plan, load_illustration(plain_picture(folder)), some, typesetter=typesetter)
    return path


def test_nothing_but_the_picture_is_on_a_front_and_it_is_stored_once(all_scripts):
    with pymupdf.open(all_scripts) as document:
        assert not any(page.get_text().strip() for page in list(document)[::2])
        forms = [
            x for x in range(1, document.xref_length()) if document.xref_get_key(x, "Subtype")[1] == "/Form"
        ]
        assert len(forms) == 1


def test_the_last_sheet_may_hold_fewer_cards(picture):
    with pymupdf.open("pdf", drawn(picture, *list(MESSAGES)[:5])) as document:
        assert len(document) == 4
        assert document[2].get_pixmap(dpi=20).samples != document[0].get_pixmap(dpi=20).samples


def test_the_printer_is_told_not_to_scale_and_how_to_turn_the_sheet(picture):
    for duplex, flip in (("long-edge", "/DuplexFlipLongEdge"), ("short-edge", "/DuplexFlipShortEdge")):
        data = drawn(picture, "English", sheet=imposition("A6", "A4", duplex))
        with pymupdf.open("pdf", data) as document:
            preferences = "ViewerPreferences/{}".format
            catalogue = document.pdf_catalog()
            assert document.xref_get_key(catalogue, preferences("PrintScaling"))[1] == "/None"
            assert document.xref_get_key(catalogue, preferences("Duplex"))[1] == flip


def test_the_print_shop_gets_bleed_and_its_boxes(picture):
    data = drawn(picture, "English", sheet=imposition("A6", "SRA3", profile="print-shop"))
    with pymupdf.open("pdf", data) as document:
        front = document[0]
        assert front.mediabox.contains(front.bleedbox)
        assert front.bleedbox.contains(front.trimbox)
        assert round((front.bleedbox.width - front.trimbox.width) / 72 * 25.4, 2) == 6


def test_a_number_can_be_left_off(picture):
    for numbered in (True, False):
        with pymupdf.open("pdf", drawn(picture, "Greek", numbered=numbered)) as document:
            assert document[1].get_text().split()[-1] == ("1" if numbered else "Ελένη")


def test_the_file_names_nobody(all_scripts):
    with pymupdf.open(all_scripts) as document:
        assert not any(value for name, value in document.metadata.items() if name not in ("format", "title"))
        assert "Cards" in document.get_xml_metadata()


@pytest.mark.slow
def test_the_same_cards_give_the_same_bytes_whatever_was_set_before(picture, tmp_path):
    program = (
        "import sys, hashlib\n"
        "from tests.cards.test_draw import *\n"
        "if sys.argv[1] == 'other': drawn(load_illustration(PICTURE), *reversed(list(MESSAGES)))\n"
        "sys.stdout.write(hashlib.sha256(drawn(load_illustration(PICTURE), *MESSAGES)).hexdigest())\n"
    ).replace("PICTURE", "ROOT / 'content/mikita/illustration.svg'")
    hashes = set()
    for seed, before in (("1", "none"), ("2", "other")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", program, before]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
        hashes.add(done.stdout)
    assert len(hashes) == 1


@pytest.mark.slow
def test_memory_does_not_grow_with_the_cards(picture):
    def peak(count: int) -> int:
        tracemalloc.start()
        with Path(os.devnull).open("wb") as out:
            some = (card for _ in range(count // 10) for card in cards(*list(MESSAGES)[:10]))
            draw_sheets(out, SHEET, picture, some, typesetter=CARD)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)
    assert peak(4000) - peak(400) < 3600 * 150


@pytest.mark.parametrize("script", ["Hebrew", "Arabic", "Urdu"])
def test_lines_from_right_to_left_begin_at_the_right_margin(script, tmp_path):
    language, text, first_name = MESSAGES[script]
    words = f"{text}\n{text[: len(text) // 2]}"
    setting = CARD.set(words, first_name, language)
    assert len(setting.lines) > 2
    rows = ink_of(setting, tmp_path)
    right = max(right for _, right in rows)
    edge = (105 - MARGIN) * POINTS_PER_MM
    assert right == pytest.approx(edge, abs=2)
    lines = rows[: len(setting.lines)]
    assert [end for _, end in lines] == pytest.approx([edge] * len(lines), abs=7)  # Urdu's letters hang over
    assert min(start for start, _ in rows) > MARGIN * POINTS_PER_MM - 2
    assert rows[-1][0] == pytest.approx(MARGIN * POINTS_PER_MM, abs=7)  # the name, at the far end


def ink_of(setting: Setting, folder: Path) -> list[tuple[float, float]]:
    """Give the leftmost and rightmost ink of each line of a card without a picture, in points."""
    path = folder / "one.pdf"
    out = io.BytesIO()
    plain = load_illustration(plain_picture(folder))
    draw_sheets(out, imposition("A6", "A4"), plain, [Card([setting], None)], typesetter=CARD)
    path.write_bytes(out.getvalue())
    with pymupdf.open(path) as document:
        cell = SHEET.backs[0].box
        shown = document[1].get_text("words")
    left = cell.left * POINTS_PER_MM
    lines: dict[int, list[tuple[float, float]]] = {}
    for x0, _, x1, y1, *_ in shown:
        near = next((known for known in lines if abs(known - y1) < 6), round(y1))
        lines.setdefault(near, []).append((x0 - left, x1 - left))
    return [(min(a for a, _ in some), max(b for _, b in some)) for _, some in sorted(lines.items())]


def test_the_spare_space_lies_evenly_around_several_messages(picture):
    setting = CARD.set("Stay strong", "Ann")
    tops = {}
    for count in (2, 3, 4):
        out = io.BytesIO()
        draw_sheets(out, SHEET, picture, [Card([setting] * count, None)], typesetter=CARD)
        with pymupdf.open(stream=out.getvalue()) as document:
            found = sorted({round(word[3], 2) for word in document[1].get_text("words")})
        height = SHEET.sheet.height - SHEET.backs[0].box.top
        tops[count] = [(y / POINTS_PER_MM) - height for y in found]
        assert len(found) == count
    for count, places in tops.items():
        gaps = {round(b - a, 1) for a, b in pairwise(places)}
        assert len(gaps) == 1, count
        taken = (2 * count + GAP * (count - 1)) * CARD.leading / 2
        spare = (CARD.capacity * CARD.leading / 2 - taken) / (count + 1)
        assert gaps.pop() * POINTS_PER_MM == pytest.approx((2 + GAP) * CARD.leading / 2 + spare, abs=0.3)
    above = {count: places[0] * POINTS_PER_MM for count, places in tops.items()}
    first = (CARD.capacity * 6.5 - (4 + GAP) * 6.5) / 3 - (CARD.capacity * 6.5 - (8 + 3 * GAP) * 6.5) / 5
    assert above[2] - above[4] == pytest.approx(first, abs=0.3)


@table(
    "words", [("Dear Mikita,\n\nstay strong.", "Ann"), ("Hold on.", "Ann", "en", "Halte durch.", "de")], str
)
def test_on_a_full_card_it_is_seen_where_a_message_ends(picture, words):
    """Two paragraphs of one, and a translation and its original, were as far apart as two messages."""
    setting, out = CARD.set(*words), io.BytesIO()
    draw_sheets(out, SHEET, picture, [Card([setting] * 9, None)], typesetter=CARD)
    assert (setting.height + GAP) * 10 > CARD.capacity + GAP
    with pymupdf.open(stream=out.getvalue()) as document:
        shown = [char for span in document[1].get_texttrace() for char in span["chars"]]
    gaps = [
        below - above - CARD.leading for above, below in pairwise(sorted({y for _, _, (_, y), _ in shown}))
    ]
    assert len(gaps) == 17
    assert min(gaps[1::2]) >= 2 * max(gaps[::2])
