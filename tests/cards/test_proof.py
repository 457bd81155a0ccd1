"""The proof: it passes what is right in every script and layout, and names what is wrong."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pymupdf
import pytest

from campaign.cards import draw, illustration
from campaign.cards.draw import Card
from campaign.cards.proof import Expected, ProofError, Report, proof
from campaign.cards.proof.comparing import same_words
from campaign.cards.sheet import POINTS_PER_MM, Imposition, imposition
from campaign.cards.type import Typesetter
from tests.support.press import picture as plain_picture
from tests.support.tongues import MESSAGES

A6 = imposition("A6", "A4")
EMOJI = Path("/usr/share/unicode/emoji/emoji-test.txt")
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


ODD = (  # language, text, first name: all that an approved message may hold
    *(("en", char * 300, "Ann") for char in "AW-.…—👍(م好กក"),
    *(("en", "Hold on!", name) for name in ("W" * 40, "好" * 40, "ក" * 40, "👨‍👩‍👧" * 20, "A (b)", "7")),
    ("en", "Hold on!", "Wolfeschlegelsteinhausenbergerdorff Maximiliana"),
    ("ur", "ہے" * 100, "ے" * 40),
    ("hi", "क्ष" * 100, "क्ष" * 40),
    ("my", "မြန်" * 40, "မြ" * 40),
    ("km", "ក្រ" * 100, "ស្រីមុំ"),
    *(
        ("en", text, "Ann")
        for text in ("a", "5", "(", "“", "👍", "❤", "-", "שלום", "Hold on! -", "we - you - " * 30)
    ),
    ("en", "first" + "\n" * 300 + "last", "Ann"),
    ("en", "\n\n  Hold   on \n \n\n", " Ann "),
    ("en", "tab\there, non\u00a0breaking\u00a0space, ideographic\u3000space", "A\tB"),
    ("fa", "می\u200cخواهم خانه\u200cهای", "زهرا"),
    ("hi", "क्\u200dष क्\u200cष र्\u200dय", "राम"),
    ("en", "e" + "\u0301" * 8 + " Z" + "\u0323\u0302\u0301\u0308" * 2, "Zo\u0308e"),
    ("en", "https://example.org/" + "never-ends/" * 20 + "?query=yes&more=" + "x" * 60, "Ann"),
    ("en", "ﬁ ﬂ Ⅷ ① ㎏ ½ ™ ℃ № ‰ † ¶ • · ‹› ‐ ‑ ‒ – — ― … ′ ⁄ ∞ ≠ ← → ∀ ∑ − × ■ ● ☎ ☮ ♀ ♠ ♫ ✝ ☪ ✚", "ﬁ"),
    ("ar", "بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ، لا إله إلا الله", "فَاطِمَة"),
    ("he", "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם", "נֹעָה"),
    ("ar", "رقم 12345 و 3.14 و ١٢٣ (نعم) 50% Stay strong، 10-20", "Ann Lee"),
    ("he", 'מספרים: 1,234.5 ו-50% (100$) "ציטוט" 12/3/2024', "Ann"),
    ("en", r"()[]{}\\/ \( \) <<>> %", r"A\(b"),
)


@pytest.mark.parametrize("alone", [False, True])
def test_right_sheets_pass_whatever_was_written_and_whoever_signed_it(tmp_path, picture, alone):
    shuffled = random.Random(1)
    known = list(MESSAGES.values())
    messages = [*ODD, *((language, text, shuffled.choice(known)[2]) for language, text, _ in known)]
    words = [word for _, text, _ in known for word in text.split()]
    for language, _, name in known * 3:
        messages.append((language, " ".join(shuffled.sample(words, shuffled.randint(1, 25))), name))
    typesetter = Typesetter(105, 148, alone=alone)
    drawn = (
        Card([typesetter.set(text, name, tongue)], i) for i, (tongue, text, name) in enumerate(messages, 1)
    )
    path = tmp_path / "sheets.pdf"
    with path.open("wb") as out:
        draw.draw_sheets(out, A6, picture, drawn, typesetter=typesetter)
    assert failed(proof(path, A6, expected([[(text, name)] for _, text, name in messages]))) == {}


# Language, first and last consonant, and the sign that binds two of them into one.
BINDING = (
    *(("hi", 0x915, 0x939, 0x94D), ("bn", 0x995, 0x9B9, 0x9CD), ("pa", 0xA15, 0xA39, 0xA4D)),
    *(("gu", 0xA95, 0xAB9, 0xACD), ("ta", 0xB95, 0xBB9, 0xBCD), ("te", 0xC15, 0xC39, 0xC4D)),
    *(("kn", 0xC95, 0xCB9, 0xCCD), ("ml", 0xD15, 0xD39, 0xD4D), ("si", 0xD9A, 0xDC6, 0xDCA)),
    *(("km", 0x1780, 0x17A2, 0x17D2), ("my", 0x1000, 0x1021, 0x1039)),
)


@pytest.mark.parametrize(("language", "first", "last", "sign"), BINDING, ids=[row[0] for row in BINDING])
def test_a_letter_is_not_lost_behind_one_that_ends_in_the_same(written, language, first, last, sign):
    letters = [chr(point) for point in range(first, last + 1) if unicodedata.category(chr(point)) == "Lo"]
    cards = [
        [(f"{a}{chr(sign)}{b}{b} {b}{chr(sign)}{a}{a}{a}", "Ann")]
        for a in letters
        for b in letters[letters.index(a) :: 7]
    ]
    path = written(cards, languages=[language] * len(cards))
    assert failed(proof(path, A6, expected(cards))) == {}


def test_marks_that_come_back_in_another_order_are_the_same_letters(written):
    """A mark makes one letter with the letter before it, and of two that change places none does."""
    cards = [[("غیر ہوج یٔیا ۓطیکس وکہِ رکِہ", "احمد")], [("کےںئ ےئگ یّںہی ااُرو یٔسا قجُح", "زینب")]]
    report = proof(written(cards, languages=["ur", "ur"]), A6, expected(cards))
    assert failed(report) == {}


def test_every_emoji_is_drawn_whole_and_read_back(written):
    if not EMOJI.exists():
        pytest.skip("no emoji-test.txt: `make tools` installs Debian's unicode-data")
    rows = [line.split(";") for line in EMOJI.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()]
    known = [points for points, kind, *_ in rows if kind.split()[0] == "fully-qualified"]
    sequences = ["".join(chr(int(point, 16)) for point in points.split()) for points in known]
    assert len(sequences) > 3500
    cards = [[(" ".join(sequences[i : i + 20]), "Ann")] for i in range(0, len(sequences), 20)]
    assert failed(proof(written(cards), A6, expected(cards))) == {}


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Stay strong always.", "Zoë"),
        ("Stay.", "Zoë"),
        ("Stay strong.", "Zoë Petrova"),
        ("Stay strong.", ""),
        ("Stay strong.\nwww.example.org", "Zoë"),
        ("strong Stay.", "Zoë"),
    ],
)
def test_a_word_more_or_less_is_found(written, text, name):
    wanted = [CARDS[0], [(text, name)], CARDS[2]]
    faults = failed(proof(written(CARDS), A6, expected(wanted)))
    assert faults == {"words": ("card 2: its words are not those approved",)}


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


@pytest.mark.parametrize(
    ("wanted", "seen", "same"),
    [
        (["a b c"], "a\nb  c\n", True),
        (["ab"], "a b", True),  # a line may break inside a word that is too long, or between Thai words
        (["a b"], "ab", False),
        (["a - b"], "a -b", True),  # MuPDF joins lines behind a hyphen
        (["a - b"], "a-b", False),
        (["a -", "b"], "a -b", True),
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
