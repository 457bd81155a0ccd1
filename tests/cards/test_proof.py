"""The proof passes what is right, in every script and layout."""

from __future__ import annotations

import io
import random
import unicodedata
from pathlib import Path

import pymupdf
import pytest

from campaign.cards import draw
from campaign.cards.draw import Card
from campaign.cards.imposition import imposition
from campaign.cards.proof.comparing import same_words
from campaign.cards.proof.proof import proof
from campaign.cards.proof.reading import page_text
from campaign.cards.type.typesetter import Typesetter
from tests.cards.proofed import A6, CARDS, expected, failed
from tests.support.sample_messages import MESSAGES
from tests.support.table import table

EMOJI = Path("/usr/share/unicode/emoji/emoji-test.txt")
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


# What a text ends with meets what the next one on its card begins with.
NEIGHBOURS: list[tuple[str, str, str]] = [
    ("We are with you.", "Anna", "en"),
    ("Stay", "1\ufe0f\u20e3" * 4, "en"),
    ("❤️ 🇵🇱 :)", "👩\u200d👧", "en"),
    ("頑張って「好」", "葛\U000e0100城", "ja"),
    ("ą́ ę́ є́", "я́", "be"),
    ("x\u0300\u0301", "q\u0301", "en"),
    ("Nguyễn ẩ̂", "Zoë", "vi"),
    ("יְרוּשָׁלַ\u034fִם", "אִ", "he"),
    ("שלום (a) 1", "דָוִד", "he"),
    ("كُن قويًّا، نحن معك", "مُحَمَّد", "ar"),
    ("(2026) مرحباً", "1", "ar"),
    ("Minecraft (1.21) هي لعبتي، يا Mikita!", "Salma", "ar"),
    ("ପ୍ରିୟ", "ଓଡ଼ିଆ", "or"),
    ("లావోస్·", "టిబెటన్:", "te"),
    ("e-mail 7-", "W" * 40, "en"),
]


@table("first", NEIGHBOURS, ids=lambda words: words[1][:4])
def test_any_two_messages_on_one_card_are_read(first):
    """Each reads by itself, so of two that meet nobody could say whose fault it is, and the batch waits."""
    typesetter = Typesetter(105, 148)
    for second in NEIGHBOURS:
        out = io.BytesIO()
        draw.draw_back(out, Card([typesetter.set(*first), typesetter.set(*second)]), typesetter)
        with pymupdf.open("pdf", out.getvalue()) as document:
            assert same_words([*first[:2], *second[:2]], page_text(document, 0)), (first, second)


def test_right_sheets_pass_in_every_script(written):
    cards = [[(text, name)] for _, text, name in SCRIPTS]
    path = written(cards, languages=[language for language, _, _ in SCRIPTS])
    report = proof(path, A6, expected(cards))
    assert failed(report) == {}
    assert [check.kind for check in report.checks] == [
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
    ("en", "e" + "\u0301" * 6 + " e" + "\u0331" * 8 + " Z\u0323\u0302\u0301\u0308\u0323", "Zo\u0308e"),
    ("en", "https://example.org/" + "never-ends/" * 20 + "?query=yes&more=" + "x" * 60, "Ann"),
    ("en", "ﬁ ﬂ Ⅷ ① ㎏ ½ ™ ℃ № ‰ † ¶ • · ‹› ‐ ‑ ‒ – — ― … ′ ⁄ ∞ ≠ ← → ∀ ∑ − × ■ ● ☎ ☮ ♀ ♠ ♫ ✝ ☪ ✚", "ﬁ"),
    ("ar", "بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ، لا إله إلا الله", "فَاطِمَة"),
    ("he", "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם", "נֹעָה"),
    ("ar", "Minecraft هي لعبتي، و«Lose Yourself» أغنيتي (2×)! " * 5 + "salma!", "Salma"),
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
        Card([typesetter.set(text, name, language)], i)
        for i, (language, text, name) in enumerate(messages, 1)
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


@pytest.mark.slow
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
    assert "words" not in [check.kind for check in report.checks]


@table(
    ("wanted", "seen", "same"),
    [
        (["a b c"], "a\nb  c\n", True),
        (["ab"], "a b", True),  # a line may break inside a word that is too long, or between Thai words
        (["a b"], "ab", False),
        (["a - b"], "a -b", True),  # MuPDF joins lines behind a hyphen
        (["a - b"], "a-b", False),
        (["a -", "b"], "a -b", True),
        (["a b"], "a c", False),
        (["a b"], "a", False),
        (["a"], "a b", False),
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
