"""The proof names what is wrong: a word, a place, a font, an ink, a page."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pymupdf
import pytest

from campaign.cards import draw
from campaign.cards.imposition import POINTS_PER_MM, imposition
from campaign.cards.proof import black_ink
from campaign.cards.proof.black_ink import colour_faults
from campaign.cards.proof.proof import ProofError, proof
from tests.cards.proofed import A6, CARDS, changed, expected, failed
from tests.support.table import table


@pytest.mark.parametrize(
    ("printed", "card"),
    [
        ([[("We are with you", "Anna"), ("Трымайся!", "Алесь")], CARDS[1], CARDS[2]], 1),
        ([CARDS[0], [("Stay strong.", "Zoe")], CARDS[2]], 2),
        ([CARDS[0], [("Staystrong.", "Zoë")], CARDS[2]], 2),
        ([CARDS[0], CARDS[1], [("Hope.", "Ida"), ("Hope.", "Ida")]], 3),
        ([CARDS[0], CARDS[1], [("Ida", "Hope.")]], 3),
        ([CARDS[0][::-1], CARDS[1], CARDS[2]], 1),
    ],
)
def test_a_card_with_other_words_is_named(written, printed, card):
    faults = failed(proof(written(printed), A6, expected(CARDS)))
    assert faults == {"words": (f"card {card}: its words are not those approved",)}


def test_backs_of_the_other_flip_are_found(written):
    other = imposition("A6", "A4", "short-edge")
    assert "words" in failed(proof(written(CARDS), other, expected(CARDS)))


def test_a_card_that_is_missing_is_named(written):
    report = proof(written(CARDS[:2]), A6, expected([*CARDS, *CARDS]))
    assert "card 3: its words are not those approved" in report.faults
    assert "card 5: is not in the file" in report.faults


def test_a_card_too_many_is_found(written):
    assert "words" in failed(proof(written([*CARDS, CARDS[0]]), A6, expected(CARDS)))


def test_words_too_near_to_a_cut_are_named(written, monkeypatch):
    monkeypatch.setattr(draw, "MARGIN", 4.0)
    faults = failed(proof(written(CARDS), A6, expected(CARDS)))
    assert faults["ink"][0] == "card 1: its words reach too near to a cut"


def test_a_picture_too_near_to_a_cut_is_named(written, monkeypatch):
    monkeypatch.setattr(draw, "SAFE_ZONE", 5.0)
    faults = failed(proof(written(CARDS), A6, expected(CARDS)))
    assert faults["ink"] == tuple(f"card {n}: its picture reaches too near to a cut" for n in (1, 2, 3))


def test_words_in_a_font_that_is_not_in_the_file_are_named(written):
    def add(document: pymupdf.Document) -> None:
        document[1].insert_text((300, 200), "advert", fontname="helv")

    faults = failed(proof(changed(written(CARDS), add), A6, expected(CARDS)))
    assert faults["words"]
    assert faults["fonts"] == ("Helvetica: is a Type1 font, and must be a subset of our own",)


def test_words_between_the_cards_are_found(written):
    plan = imposition("A6", "SRA3", profile="print-shop")

    def add(document: pymupdf.Document) -> None:
        document[1].insert_text(
            (plan.sheet.width * POINTS_PER_MM / 2 - 20, 10), "printed by X", fontname="helv"
        )

    faults = failed(proof(changed(written(CARDS, plan), add), plan, expected(CARDS)))
    assert faults["words"] == ("sheet 1: words outside its cards, or across a cut",)


def edited(path: Path, page: int, change) -> Path:
    """Change what draws a page."""

    def rewrite(document: pymupdf.Document) -> None:
        (xref,) = document[page].get_contents()
        document.update_stream(xref, change(document.xref_stream(xref)))

    return changed(path, rewrite)


def test_two_cards_that_changed_places_are_both_named(written):
    def swap(drawn: bytes) -> bytes:
        one, other = re.findall(rb"q [-\d. ]+ cm BT", drawn)[1:3]
        return drawn.replace(one, b"@").replace(other, one).replace(b"@", other)

    faults = failed(proof(edited(written(CARDS), 1, swap), A6, expected(CARDS)))
    assert faults == {"words": tuple(f"card {n}: its words are not those approved" for n in (2, 3))}


def test_one_card_that_slipped_is_named(written):
    def shift(drawn: bytes) -> bytes:
        second = re.findall(rb"q [-\d. ]+ cm BT", drawn)[1]
        a, b, c, d, left, up = map(float, second.split()[1:7])
        moved = b"q %g %g %g %g %g %g cm BT" % (a, b, c, d, left - 6 * POINTS_PER_MM, up)
        return drawn.replace(second, moved)

    faults = failed(proof(edited(written(CARDS), 1, shift), A6, expected(CARDS)))
    assert faults == {"ink": ("card 2: its words reach too near to a cut",)}


@pytest.mark.parametrize(
    "operator", [b"3 Tr", b"1 1 1 rg", b"/P Do", b"0 0 9 9 re f", b"0 0 0 1 k", b"/GS gs"]
)
def test_a_back_may_do_nothing_but_set_words_in_black(written, operator):
    faults = failed(
        proof(edited(written(CARDS), 1, lambda drawn: drawn + b" " + operator), A6, expected(CARDS))
    )
    assert "backs" in faults


DRAWN = b"0 g\nq 1 0 0 1 9 9 cm BT\n9 0 0 9 28 251 Tm/T 1 Tf\n[(\\(a)18(b)]TJ 3 Ts[(c)]TJ\nT*[(d)]TJ\nET Q"


@table(
    "was, written, named",
    [
        (b"ET Q", b"ETQ", "ETQ"),
        (b"cm BT", b"cm/P DoBT", "DoBT"),
        (b"T*[", b"T*Do[", "T*Do"),
        (b"T*[", b"T*'[", "T*'"),
        (b"0 g", b"0 g1 1 1 rg", "g1"),
        (b"0 g", b"10 g", "grey"),
        (b"0 g", b"0 0 0 1 k 0 g", "k"),
        (b"[(d)]TJ", b"(d)Tj", "Tj"),
        (b"[(d)]TJ", b"[(d)]TJ(e)'", "'"),
        (b"[(d)]TJ", b"[(d)(\\)]TJ 3 Tr (]TJ", "Tr"),
        (b"251 Tm", b"251 Tm 3 Tr", "Tr"),
        (b" 1 Tf", b" 1 Tf/GS gs", "gs"),
        (b"\nET", b"\n/Span<</ActualText(\\))>>BDC 1 0 0 RG EMC\nET", "RG"),
        (b"\nET", b"\nBI /W 1 ID x EI\nET", "BI"),
    ],
)
def test_whatever_stands_beside_what_sets_words_is_named(was, written, named):
    assert list(colour_faults(DRAWN)) == []
    assert named in " ".join(colour_faults(DRAWN.replace(was, written)))


def test_a_sheet_as_it_was_drawn_needs_but_one_look(written, monkeypatch):
    monkeypatch.setattr(black_ink, "_word_by_word", lambda _: pytest.fail("looked at it word by word"))
    plan = imposition("A6", "SRA3", profile="print-shop")
    for sheets, imposed in ((CARDS, plan), ([[("سنة 2026 (a) é̂", "Zoë")], [("क्षितिज 👍", "好")]], A6)):
        assert proof(written(sheets, imposed), imposed, expected(sheets)).passed


def test_a_font_whose_program_was_lost_is_named(written):
    def lose(document: pymupdf.Document) -> None:
        for xref in range(1, document.xref_length()):
            if document.xref_get_key(xref, "Type")[1] == "/FontDescriptor":
                document.xref_set_key(xref, "FontFile2", "null")

    faults = failed(proof(changed(written(CARDS), lose), A6, expected(CARDS)))
    assert any("Alegreya-Regular: is not embedded" in fault for fault in faults["fonts"])


def test_a_font_that_is_not_cut_down_is_named(written):
    def rename(document: pymupdf.Document) -> None:
        for xref in range(1, document.xref_length()):
            if document.xref_get_key(xref, "Subtype")[1].startswith("/CIDFontType"):
                document.xref_set_key(xref, "BaseFont", "/Alegreya-Regular")

    faults = failed(proof(changed(written(CARDS), rename), A6, expected(CARDS)))
    assert "Alegreya-Regular: is not cut down to the glyphs that are used" in faults["fonts"]


def test_a_sheet_too_many_is_found(written):
    path = changed(written(CARDS), lambda document: document.fullcopy_page(0) or document.fullcopy_page(1))
    faults = failed(proof(path, A6, expected(CARDS)))
    assert "sheet 2: its words are not those approved" in faults["words"]


def test_boxes_of_the_print_shop_that_moved_are_found(written):
    plan = imposition("A6", "SRA3", profile="print-shop")
    path = changed(written(CARDS, plan), lambda document: document[0].set_trimbox((50, 50, 400, 400)))
    (fault,) = failed(proof(path, plan, expected(CARDS)))["boxes"]
    assert fault.startswith("page 1: its TrimBox is not")


def test_words_on_a_front_are_found(written):
    def add(document: pymupdf.Document) -> None:
        document[0].insert_text((100, 200), "www.example.org", fontname="helv")

    faults = failed(proof(changed(written(CARDS), add), A6, expected(CARDS)))
    assert faults["fronts"] == ("sheet 1: words on its front",)


def test_notes_scripts_and_names_are_found(written):
    def add(document: pymupdf.Document) -> None:
        document[1].add_text_annot((100, 100), "note")
        document.set_metadata({"author": "Olga Petrova"})
        document.xref_set_key(document.pdf_catalog(), "OpenAction", "<</S/JavaScript/JS(1)>>")

    faults = failed(proof(changed(written(CARDS), add), A6, expected(CARDS)))
    assert faults["extras"] == ("page 2: has Annots", "the file has OpenAction", "the file names its author")


@pytest.mark.parametrize(
    ("entries", "kind", "fault"),
    [
        ({"Annots": "[]"}, "extras", "page 6: has Annots"),
        ({"Rotate": "90"}, "extras", "page 6: has Rotate"),
        ({"MediaBox": "[0 0 9 9]"}, "boxes", "page 6: its MediaBox is not 210 × 297 mm"),
    ],
)
def test_a_later_page_that_says_something_else_of_itself_is_found(written, entries, kind, fault):
    def write(document: pymupdf.Document) -> None:
        for name, value in entries.items():
            document.xref_set_key(document.page_xref(5), name, value)

    cards = CARDS[:1] * 12
    assert fault in failed(proof(changed(written(cards), write), A6, expected(cards)))[kind]


def test_a_page_with_as_many_entries_as_others_but_not_the_same_is_found(written):
    path = written(CARDS[:1] * 12)
    before, found, after = path.read_bytes().rpartition(b"/Type/Page/")
    path.write_bytes(before + b"/CropBox[]/" + after)
    assert found
    assert failed(proof(path, A6, expected(CARDS[:1] * 12)))["extras"] == ("page 6: has CropBox",)


def test_a_sheet_of_another_size_is_found(written):
    plan = imposition("A6", "Letter")
    faults = failed(proof(written(CARDS), plan, expected(CARDS)))
    assert faults["boxes"][0] == "page 1: its MediaBox is not 215.9 × 279.4 mm"


def test_a_missing_back_is_found(written):
    path = changed(written(CARDS), lambda document: document.delete_page(1))
    assert failed(proof(path, A6, expected(CARDS)))["pages"][0] == "page 1: its back is missing"


def test_many_faults_are_counted(written):
    cards = [CARDS[1]] * 40
    report = proof(written([CARDS[2]] * 40), A6, expected(cards))
    assert report.faults[-1] == "and 20 more"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.pdf")
    with pytest.raises(ProofError, match=r"x\.pdf: is no file"):
        proof(tmp_path / "x.pdf", A6)


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.4\n"])
def test_what_is_no_pdf_is_refused(tmp_path, content):
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    with pytest.raises(ProofError, match=r"x\.pdf: cannot be opened as a PDF"):
        proof(path, A6)


def test_wherever_a_file_is_cut_it_never_passes_and_never_ends_the_program(written):
    path = written(CARDS)
    whole = path.read_bytes()
    for length in range(200, len(whole) - 20, len(whole) // 60):
        path.write_bytes(whole[:length])
        assert not passes(path), length


def passes(path: Path) -> bool:
    try:
        return proof(path, A6, expected(CARDS)).passed
    except ProofError:
        return False
