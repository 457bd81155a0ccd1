"""The proof: it passes what is right in every script and layout, and names what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf
import pytest

from campaign.cards import draw, illustration
from campaign.cards.comparing import same_words
from campaign.cards.draw import Card
from campaign.cards.proof import Expected, ProofError, Report, proof
from campaign.cards.sheet import POINTS_PER_MM, Imposition, imposition
from campaign.cards.type import Typesetter
from tests.press import picture as plain_picture

A6 = imposition("A6", "A4")
Message = tuple[str, str]
SCRIPTS: list[tuple[str, str, str]] = [
    ("en", "Stay strong — we think of you “every day”, à bientôt! Office, waffle, fjord.", "Zoë"),
    ("vi", "Chúng tôi luôn ở bên bạn, hãy mạnh mẽ lên nhé. Ǟ̃ ẩ̂", "Nguyễn"),
    ("be", "Трымайся, дружа: хай хутчэй прыйдзе воля! Ўсё будзе добра, ґанак.", "Алесь"),
    ("uk", "Тримайся! Їжак, єнот, ґава — ми поруч.", "Ніна"),
    ("el", "Ζήσε με ελπίδα· είμαστε μαζί σου.", "Γιάννης"),
    ("hy", "Ուժեղ եղիր, մենք քեզ հետ ենք։", "Արամ"),
    ("ka", "იყავი ძლიერი, ჩვენ შენთან ვართ.", "ნინო"),
    ("he", "תהיה חזק, אנחנו איתך (2026)!", "דוד"),
    ("ar", "كن قويا، نحن معك. سنة 2026", "ليلى"),
    ("ur", "ہمت رکھو، ہم تمہارے ساتھ ہیں۔", "سارہ"),
    ("hi", "हिम्मत रखो, हम तुम्हारे साथ हैं। क्षितिज", "अनिल"),
    ("bn", "শক্ত থেকো, আমরা তোমার সাথে আছি।", "রীতা"),
    ("ta", "தைரியமாக இரு, நாங்கள் உன்னுடன் இருக்கிறோம்.", "கவிதா"),
    ("th", "สวัสดีมิกิตา เราอยู่เคียงข้างคุณเสมอ ขอให้เข้มแข็งและได้กลับบ้านเร็วๆ นี้", "สมชาย"),
    ("km", "យើងនៅជាមួយអ្នក សូមរឹងមាំ", "ដារា"),
    ("am", "በርታ፣ ከአንተ ጋር ነን።", "ሰላም"),
    ("zh", "我们与你同在,愿你早日回家。", "李"),
    ("ja", "私たちはあなたと共にいます。がんばって!", "さくら"),
    ("ko", "우리는 당신과 함께 있어요. 힘내세요!", "지민"),
    ("en", "Hold on! 🕯️❤️ 👨‍👩‍👧 👍🏽", "Sam"),
    ("en", "Hello שלום and مرحبا together, line one\nline two\n\nline three", "Mia"),
]


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> illustration.Illustration:
    """A picture that takes no time."""
    return illustration.load(plain_picture(tmp_path_factory.mktemp("art")))


@pytest.fixture
def written(tmp_path: Path, picture: illustration.Illustration):
    """Write cards, each a list of messages, and give the file."""

    def written(
        cards: Sequence[Sequence[Message]],
        plan: Imposition = A6,
        *,
        first: int = 1,
        languages: Sequence[str] = (),
    ) -> Path:
        typesetter = Typesetter(plan.card.width, plan.card.height)
        path = tmp_path / "sheets.pdf"
        drawn = (
            Card([typesetter.set(*m, languages[i] if languages else "en") for m in card], first + i)
            for i, card in enumerate(cards)
        )
        with path.open("wb") as out:
            draw.draw_sheets(out, plan, picture, drawn, typesetter=typesetter)
        return path

    return written


def expected(cards: Sequence[Sequence[Message]], first: int = 1) -> list[Expected]:
    return [Expected(number, card) for number, card in enumerate(cards, first)]


def failed(report: Report) -> dict[str, tuple[str, ...]]:
    return {check.what: check.faults for check in report.checks if not check.passed}


def changed(path: Path, change) -> Path:
    """Change a written file through MuPDF."""
    document = pymupdf.open(path)
    change(document)
    other = path.with_name("changed.pdf")
    document.save(other)
    document.close()
    return other


CARDS = [
    [("We are with you.", "Anna"), ("Трымайся!", "Алесь")],
    [("Stay strong.", "Zoë")],
    [("Hope.", "Ida")],
]


def test_right_sheets_pass_in_every_script(written):
    cards = [[(text, name)] for _, text, name in SCRIPTS]
    path = written(cards, languages=[language for language, _, _ in SCRIPTS])
    report = proof(path, A6, expected(cards))
    assert failed(report) == {}
    assert [check.what for check in report.checks] == [
        "pages",
        "boxes",
        "words",
        "fronts",
        "ink",
        "backs",
        "fonts",
        "extras",
    ]


def test_right_sheets_pass_when_every_script_shares_a_card_with_every_other(written):
    texts = [(text, name) for _, text, name in SCRIPTS]
    cards = [[texts[i], texts[(i + step) % len(texts)]] for step in (1, 5, 8) for i in range(len(texts))]
    report = proof(written(cards), A6, expected(cards))
    assert failed(report) == {}


@pytest.mark.parametrize("duplex", ["long-edge", "short-edge"])
@pytest.mark.parametrize(
    ("card", "sheet", "profile"),
    [
        ("A6", "A4", "office"),
        ("A6", "A3", "office"),
        ("A6", "Letter", "office"),
        ("DL", "A4", "office"),
        ("4x6", "A4", "office"),
        ("A6", "SRA3", "print-shop"),
        ("4x6", "A3", "print-shop"),
        ("A5", "SRA3", "print-shop"),
    ],
)
def test_right_sheets_pass_in_every_layout(written, card, sheet, profile, duplex):
    plan = imposition(card, sheet, duplex, profile, (0.75, -1.5))  # type: ignore[arg-type]
    cards = CARDS * 3
    assert failed(proof(written(cards, plan), plan, expected(cards))) == {}


def test_a_blank_card_must_be_blank_on_both_sides(written):
    cards = [CARDS[0], [], CARDS[1]]
    assert failed(proof(written(cards), A6, expected(cards))) == {}
    assert "fronts" in failed(proof(written(CARDS), A6, expected(cards)))


def test_without_words_to_compare_the_rest_is_proofed(written):
    report = proof(written(CARDS), A6)
    assert report.passed
    assert "words" not in [check.what for check in report.checks]


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


def test_cards_in_each_others_places_are_both_named(written):
    report = proof(written([CARDS[1], CARDS[0], CARDS[2]]), A6, expected(CARDS))
    assert [fault[:6] for fault in report.faults] == ["card 1", "card 2"]


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


def test_a_back_in_another_ink_than_black_is_named(written):
    def redden(document: pymupdf.Document) -> None:
        (xref,) = document[1].get_contents()
        document.update_stream(xref, document.xref_stream(xref).replace(b"0 g", b"1 0 0 rg", 1))

    report = proof(changed(written(CARDS), redden), A6, expected(CARDS))
    assert failed(report) == {"backs": ("sheet 1: its back uses rg, which may print other than black text",)}


def test_a_grey_back_is_named(written):
    def grey(document: pymupdf.Document) -> None:
        (xref,) = document[1].get_contents()
        document.update_stream(xref, document.xref_stream(xref).replace(b"0 g", b"0.5 g", 1))

    report = proof(changed(written(CARDS), grey), A6, expected(CARDS))
    assert failed(report) == {"backs": ("sheet 1: its back is grey, not black",)}


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


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.4\n"])
def test_what_is_no_pdf_is_refused(tmp_path, content):
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    with pytest.raises(ProofError, match=r"x\.pdf: cannot be opened as a PDF"):
        proof(path, A6)


def test_a_file_cut_short_is_found(written):
    path = written(CARDS)
    path.write_bytes(path.read_bytes()[:-400])
    assert "extras" in failed(proof(path, A6, expected(CARDS)))


@pytest.mark.parametrize(
    ("wanted", "seen", "same"),
    [
        (["a b c"], "a\nb  c\n", True),
        (["ab"], "a b", True),  # a line may break inside a word that is too long, or between Thai words
        (["a b"], "ab", False),
        (["a b"], "a c", False),
        (["e\u0301"], "é", True),
        (["a\u200db"], "ab", True),
        (["שלום עולם"], "םלוע םולש", True),
        (["שלום עולם"], "שלום עול", False),
        (["a b", "שלום", "c d"], "a b םולש c d", True),
        (["ab", "שלום"], "ba םולש", False),
        (["שלום", "ab"], "ab םולש", False),
        (["שלום"], "םולש a", False),
    ],
)
def test_words_are_the_same_wherever_lines_break(wanted, seen, same):
    assert same_words(wanted, seen) is same
