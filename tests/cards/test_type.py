"""A message is set whole, in its own script, or refused by name."""

import random
import re
import sys
import unicodedata
from itertools import accumulate, pairwise, product

import pytest
from icu4py.breakers import CharacterBreaker, LineBreaker

from campaign.cards import fitting
from campaign.cards.card_picture import preview
from campaign.cards.card_words import Wording
from campaign.cards.fonts import faces
from campaign.cards.type import breaking
from campaign.cards.type.lines import Paragraph
from campaign.cards.type.punctuation import HALF, QUARTER
from campaign.cards.type.reading_back import read_back
from campaign.cards.type.rows import Row, Way, broken, shaper
from campaign.cards.type.typesetter import CannotSet, Typesetter
from tests.support.sample_messages import MESSAGES
from tests.support.table import table

CARD = Typesetter(105, 148)


def test_a_short_message_takes_one_line_with_its_name():
    setting = CARD.set("Трымайся!", "Ўладзіслава", "be")
    assert setting.height == 2
    assert setting.lines == ["Трымайся!"]


def test_the_name_gets_its_own_line_where_the_last_one_is_full():
    text = "Дарагі Мікіта, мы думаем пра цябе."
    assert CARD.set(text, "Ян", "be").height == 2
    assert CARD.set(text, "Ян Вітаўт Казімір", "be").height == 4


def test_words_stay_in_order_and_whole():
    text = "We think of you every day and hope that you will soon be at home with your family. " * 3
    assert " ".join(CARD.set(text, "Ann").lines) == text.strip()


def test_a_paragraph_begins_a_line_and_an_empty_one_half_a_line_more():
    assert CARD.set("One\ntwo", "Ann").height == 4
    assert CARD.set("One\n\ntwo", "Ann").height == 5


def test_what_a_line_of_a_poem_turns_over_is_indented_where_there_is_room():
    lines = [
        "The candle in the window burns all night, and nobody can say",
        "for whom",
        "it burns",
        "so bright",
    ]
    turned = re.compile(rb"^1\.500 ", re.MULTILINE)
    for text, indented in (
        ("\n".join(lines), 1),
        ("\n\n".join(lines), 0),
        ("\n".join([*lines, "la " * 60]), 0),
    ):
        assert len(turned.findall(CARD.set(text, "Ann").body)) == indented
    bodies = [
        CARD.set("\n".join([*lines[1:], lines[0] + " o" * more]), "Josephine").body for more in range(20)
    ]
    indents = {float(left) for body in bodies for left in re.findall(rb"^(\d\.\d+) -", body, re.MULTILINE)}
    assert max(indents) == 1.5  # and less where the name stands beside
    assert min(indents) < 1.5


@pytest.mark.parametrize(
    ("verse", "times", "size"),
    [
        ("The candle burns all night, and we keep it.", 4, 13),
        ("The candle in the window burns all night for you.", 4, 11),
        ("The candle in the window burns all night for you.", 3, 15),  # no poem
        ("The candle in the window burns all night for you, and nobody blows it out.", 4, 15),  # in any size
    ],
)
def test_a_poem_alone_is_set_as_large_as_its_lines_hold(verse, times, size):
    assert Typesetter(105, 148, alone=True).set("\n".join([verse] * times), "Ann").size == size


@table(
    ("text", "name", "size"),
    [
        ("abcdefghijklmnopqrstuvwxyzabcdefghij", "Ann", 13),
        ("Dear one, abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst", "Ann", 11),
        ("abcdefghijklmnopqrstuvwxyz" * 2, "Ann", 15),  # in any size
        ("Dear one", "Abcdefghijklmnopqrstuvwxyzabcdefghijklmno", 13),
    ],
)
def test_a_word_alone_is_set_as_large_as_it_stays_whole(text, name, size):
    assert Typesetter(105, 148, alone=True).set(text, name).size == size


def test_a_message_longer_than_the_card_is_refused_with_its_excess():
    with pytest.raises(CannotSet, match="too long for the card by 4 lines") as refused:
        CARD.set("line\n" * 30 + "end", "Ann")
    assert refused.value.lines == 4


@pytest.mark.parametrize(
    ("text", "name", "characters"),
    [
        ("Hello 𓀀 and 𓁐", "Ann", ("𓀀", "𓁐")),
        ("Hello", "Ann 𓀀", ("𓀀",)),
        ("Hello \ue000", "Ann", ("\ue000",)),
    ],
)
def test_characters_that_no_font_draws_are_named(text, name, characters):
    with pytest.raises(CannotSet) as refused:
        CARD.set(text, name)
    assert refused.value.characters == characters
    assert f"U+{ord(characters[0]):04X}" in str(refused.value)


def test_a_word_wider_than_the_line_is_broken_between_characters():
    setting = CARD.set("а" * 120, "Ann", "ru")
    assert len(setting.lines) == 3
    assert "".join(setting.lines) == "а" * 120


@pytest.mark.parametrize("word", ["а", "W", "é", "ш"])
def test_a_last_resort_leaves_three_letters_and_shows_a_hyphen_that_is_no_text(word):
    for length in range(30, 140):
        text = word * length
        setting = CARD.set(text, "Ann", "ru")
        assert min(map(len, setting.lines)) >= 3
        shown = setting.body.count(b"ActualText(\xfe\xff\x00\xad)")
        assert shown == len(setting.lines) - 1
        assert read_back(setting.body, setting.used).count("\u00ad") == shown
    read = preview(text, "Ann", "ru").text().replace("\u00ad", "")
    assert "".join(read.split()) == f"{text}Ann"


@table("text", ["1" * 200, "!" * 300, "好" * 90, "क" * 200, "א" * 150, "W1" * 60])
def test_where_no_word_is_parted_no_hyphen_is_shown(text):
    assert b"\x00\xad)" not in CARD.set(text, "Ann", "en").body or "W" in text
    assert fitting.misfit("A6", text, "Ann", "en") is None


@table(
    ("text", "halves"),
    [
        ("少年。”（这是", 2),
        ("！“愿", 1),
        ("「『好』」", 2),
        ("好，好", 0),
        ("“好”", 0),
        ("a”（b", 1),
        ("）。”、", 3),
        ("（门。）「好！」", 3),
        ("𠮷、𡃁仔", 0),  # from the font of the rare ones
    ],
)
def test_full_width_signs_in_a_row_are_closed_up(text, halves):
    (_, measured, ends), scale = broken(text, Way(faces.CJK, "zh", 0, True), 99_000, 0), faces.CJK.scale
    full = sum(shaper(faces.CJK, "zh").width(char) for char in text)
    assert measured.width(0, ends[-1]) == pytest.approx(full - halves * HALF * scale)
    assert fitting.misfit("A6", text, text, "zh") is None
    assert "".join(preview(text, "a", "zh").text().split()) == f"{text}a"


@table(
    "text, language, quarters",
    [
        ("（門。）「好！」", "zh-Hant", 4),  # after ） a half
        ("好。「好？」", "zh-HK", 2),
        ("「春？」。「夏！」", "ja", 6),
    ],
)
def test_no_sign_in_the_middle_of_its_square_runs_into_the_next(text: str, language: str, quarters: int):
    (_, measured, ends), scale = broken(text, Way(faces.CJK, language, 0, True), 99_000, 0), faces.CJK.scale
    full = sum(part.width for part in map(shaper(faces.CJK, language).part, text))
    assert measured.width(0, ends[-1]) == pytest.approx(full - quarters * QUARTER * scale)


@table("language", ["zh-Hant", "zh-HK", "zh-Hans", "ja"])
def test_a_sign_behind_latin_letters_has_its_language_s_form(language: str):
    known = shaper(faces.CJK, language)
    assert known.part("门。").glyphs.endswith(known.part("Tom。").glyphs[-len(known.part("。").glyphs) :])


def test_one_letter_words_do_not_end_a_line_in_slavic_languages():
    text = "Мы думаем і пра цябе і пра тваіх і верым у цябе і ў тваю моц і ў тваё святло і ў твой дом " * 2
    for line in CARD.set(text, "Ян", "be").lines:
        assert line.split()[-1] not in ("і", "у", "ў")


@table(
    ("text", "language"),
    [
        (
            "Пусть этот свет греет тебя — мы рядом — мы помним — мы ждём — мы верим — мы с тобой — всегда",
            "ru",
        ),
        ("we hope - and wait - and hope - " * 8, "en"),
        ("۱۰ " + "عزیز – " * 20, "fa"),
    ],
)
def test_a_dash_does_not_begin_a_line(text, language):
    for line in CARD.set(text, "Ян", language).lines:
        assert line[0] not in "—–-"


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(
    "name", ["Wolfeschlegelsteinhausenbergerdorff Maximiliana Annabella", "W" * 40, "好" * 40]
)
def test_a_name_wider_than_the_card_is_broken_like_words(name, alone):
    setting = Typesetter(105, 148, alone=alone).set("Hold on!", name)
    assert setting.lines == ["Hold on!"]
    assert setting.height >= 6  # a line for the words, and at least two for the name


def test_only_beside_others_a_paragraph_is_nearer_than_packing_reckons():
    text = "Hold on!\n\nWe wait."
    alone, beside = Typesetter(105, 148, alone=True).set(text, "Ann"), CARD.set(text, "Ann")
    assert (alone.spared, beside.spared) == (0, CARD.leading / 4)
    assert (_lead(alone.body), _lead(beside.body)) == (1.5 * 19 / 15, 1.25 * 13 / 11)


def _lead(body: bytes):
    """Tell how many ems below its first line the second one stands."""
    return pytest.approx(-float(re.findall(rb"(-\d\S+) Td", body)[0]), abs=1e-4)


def test_lines_too_long_for_the_eye_are_set_larger_where_the_words_have_room():
    lying = Typesetter(210, 148)
    letter = lying.set("You are not alone, and we say your name at supper. " * 4, "Ann")
    assert (letter.size, CARD.set("You are not alone.", "Ann").size) == (15, 11)
    assert max(map(len, letter.lines)) < 90
    assert letter.height * lying.leading >= 2 * 19 * len(letter.lines)  # it takes its room from the next one
    assert lying.set("Hold on!\n" * 24, "Ann").size == 11


@table(
    "first",
    ["№", "§", "10", "10-12", "1.000.000", "2.5", "(7:30", "24.", "10 h", "J.", "т.", "Dr.", "№ 5 J. K."],
)
def test_what_goes_before_more_ends_no_line(first):
    """10 km, 7:30 a.m., 24. Dezember, J. K. Smith, т. д.: the number or the initial looks lost there."""
    for before in range(1, 60):
        lines = CARD.set(f"{'x' * before} {'y' * 10} {first} dddd is ours, and we keep it", "Ann").lines
        assert any(f"{first} dddd" in line for line in lines)


@table(
    ("language", "word", "mark"),
    [("th", "เร็ว", "ๆ"), ("km", "ល្អ", "ៗ"), ("km", "ល្អ", "។"), ("my", "ကောင်း", "။")],
)
def test_a_mark_of_repetition_or_of_a_sentence_s_end_begins_no_line(language, word, mark):
    for before in range(1, 60):
        lines = CARD.set(f"{'x' * before} {f'{word}{mark} {word} {mark} ' * 8}", "Ann", language).lines
        assert not [line for line in lines if line.startswith(mark)]


def test_an_opening_bracket_of_japanese_hangs_in_the_margin():
    body = CARD.set("「がんばって」", "さくら", "ja").body
    assert float(body.split(b" Td", 1)[0].split()[-2]) < 0


@pytest.mark.parametrize("text", ["A friend 👨‍🐶", "👩‍🦴"])
def test_a_sequence_of_emoji_that_no_font_joins_is_refused_by_name(text):
    sequence = text.split()[-1]
    with pytest.raises(CannotSet) as refused:
        CARD.set(text, "Ann")
    assert refused.value.characters == (sequence,)
    assert sequence in str(refused.value)


@table("sequence", ["👨‍👩‍👧", "👩🏽‍🚀", "🇺🇦", "1️⃣", "❤️‍🔥"])
def test_a_sequence_of_emoji_is_one_picture(sequence):
    assert width(sequence) == pytest.approx(width("👨"), rel=0.1)


def width(text):
    (row, _), *_ = CARD.set(text, "Ann").rows
    return sum(part.width for part in row.parts)


def test_a_ragged_edge_is_smoothed_at_the_same_number_of_lines():
    words = ["aaaaaaaaaa", "aaaaaaaaaa", "aaaaaaaa", "aaa", "aaaa", "aaaaaaaaaaaaaaaaa", "aaaa", "aaaaaaaaaa"]
    totals = list(accumulate(len(word) + 1.0 for word in words))
    paragraph = Paragraph(words, totals, 1.0, tight=False, opening=(), closing=())
    for measure in range(24, 60):
        greedy, smooth = paragraph._greedy(measure), paragraph.broken(measure)
        assert len(smooth) == len(greedy)
        assert shortest(paragraph, smooth) >= shortest(paragraph, greedy)
    assert any(paragraph.broken(m) != paragraph._greedy(m) for m in range(24, 60))


@pytest.mark.parametrize("seed", range(3))
def test_rough_lines_are_as_many_and_leave_the_name_as_much_room(seed):
    chance = random.Random(seed)
    words = ["a" * chance.randint(1, 12) for _ in range(40)]
    totals = list(accumulate(len(word) + 1.0 for word in words))
    paragraph = Paragraph(words, totals, 1.0, tight=False, opening=("a",), closing=("aa",))
    different = 0
    for measure, room in product(range(24, 60), (0, 5, 12)):
        rough, smooth = (paragraph.broken(measure, room, rough=rough) for rough in (True, False))
        assert len(rough) == len(smooth)
        assert len({paragraph.width(*ends[-2:]) + room > measure for ends in (rough, smooth)}) == 1
        different += rough != smooth
    assert different


def shortest(paragraph, ends):
    """The shortest line but the last."""
    return min((paragraph.width(start, end) for start, end in pairwise((0, *ends[:-1]))), default=0)


def test_each_paragraph_runs_its_own_way():
    """The full stop of an English one stood at its left where more of the text was Hebrew."""
    for text in ("שלום!\nDear friend, (it is) late!\n10!", "Hi!\nHere!\nשלום לך, (מה)!\n10!"):
        rows = [row for row, _ in CARD.set(text, "Ann").rows]
        assert [row.shaper.rtl for row in rows[:-1]] == ["ש" in line for line in text.split("\n")[:-1]]
        assert type(rows[0]) is type(rows[1]) is Row


@table("name", ["ليلى", "زینب", "សុខា"])
def test_a_name_in_taller_letters_has_more_room_on_its_own_line_alone(name):
    for text in ("Stay strong. " * 30, "Hi.", "Stay strong.\n" * 9):
        plain, tall = CARD.set(text, "Ann"), CARD.set(text, name)
        assert plain.height <= tall.height <= plain.height + 2
        assert preview(text, name, "en").reads(Wording(text, name, "en"))


def test_the_name_is_in_italic_where_there_is_one():
    assert re.search(rb"/I \S+ Tf\n\S+ 0.0000 Td[^\n]*TJ$", CARD.set("Stay strong", "Ann").body)
    assert b"/I " not in CARD.set("Stay strong", "好").body


@pytest.mark.parametrize("language", ["th", "km", "lo"])
def test_lines_without_spaces_end_only_where_the_dictionary_lets_them(language):
    text = next(words for of, words, _ in MESSAGES.values() if of == language)
    paragraph = text.replace("\n", " ")
    allowed = set(accumulate(len(piece) for piece in LineBreaker(paragraph * 2, language)))
    lines = CARD.set(paragraph * 2, "Ann", language).lines
    assert len(lines) > 1
    at = 0
    for line in lines[:-1]:
        at = (paragraph * 2).index(line, at) + len(line)
        while (paragraph * 2)[at : at + 1] == " ":
            at += 1
        assert at in allowed, line


@table("name", ["葛\U000e0100城", "辻\U000e0101", "神\ufe00", "é\ufe0f", "א\ufe00"])
def test_a_variation_that_no_font_knows_is_left_out(name):
    shown = "".join(char for char in name if unicodedata.category(char) != "Mn")
    assert width(name) == pytest.approx(width(shown))
    assert fitting.misfit("A6", name, name, "ja") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("السلام عليكم والحرية لك", "ar"),
        ("مع هذه الأيام ستعود", "ar"),
        ("Ուժ քու մնաս մենք", "hy"),
        ("άλλους", "el"),
    ],
)
def test_forms_and_ligatures_tell_their_letters_by_themselves(text, language):
    """Each was stated beside its form, which made three times as many bytes of a message in Arabic."""
    assert b"ActualText" not in CARD.set(text, "Ann", language).body
    assert preview(text, "Ann", language).reads(Wording(text, "Ann", language))


@table("unseen", ["\ufe00", "\ufe0f", "\u034f", "\u200d", "\u2060"])
def test_what_nobody_sees_within_a_ligature_doubles_no_letter(unseen):
    """MuPDF read `fii` where `fi` was stated with a selector in it: thanked, and then refused by the desk."""
    for family in faces.FAMILIES:
        ligatures = faces.face(family).ligatures.values() if family is not faces.EMOJI else ()
        for ligature in [one for one in ligatures if one.isalpha()][:3]:
            words = f"a {unseen.join(ligature)} b"
            assert not fits(words, "en") or preview(words, "Ann", "en").reads(Wording(words, "Ann", "en")), (
                family.key,
                words,
            )


def fits(words, language):
    return fitting.misfit("A6", words, "Ann", language) is None


@pytest.mark.parametrize("form", "\ufa19\ufa10\ufa46")
def test_a_form_of_a_name_s_letter_is_printed_as_that_form(form):
    common = unicodedata.normalize("NFC", form)
    assert parts(form) != parts(common)
    assert fitting.misfit("A6", form, form, "ja") is None


def test_a_form_that_no_font_has_is_refused_and_not_replaced():
    with pytest.raises(CannotSet) as refused:
        CARD.set("\U0002f800", "Ann", "ja")
    assert refused.value.characters == ("\U0002f800",)


def parts(text):
    (row, _), *_ = CARD.set(text, "Ann", "ja").rows
    return [part.glyphs for part in row.parts]


def test_what_keeps_the_order_of_vowels_is_no_obstacle():
    assert fitting.misfit("A6", "יְרוּשָׁלַ\u034fִם", "א", "he") is None


@table("width", [60, 70, 80, 90, 105])
def test_japanese_lines_do_not_begin_with_small_kana(width):
    lines = (
        Typesetter(width, 148)
        .set("サッカーもちょっとでもやってみようっていうキャッチー" * 3, "さくら", "ja")
        .lines
    )
    assert len(lines) > 2
    assert not [line for line in lines if line[0] in "ッーょっァィゥェォャュョ"]


def test_what_is_one_word_or_letters_with_marks_needs_no_breaker(monkeypatch):
    letters = "".join(filter(re.compile(breaking._ONE_EACH).fullmatch, map(chr, range(0x2100))))
    marked = "".join(letter + mark for letter in letters for mark in ("", "\u0301", "\u0301\u0323"))
    clusters = [list(CharacterBreaker(text, "en")) for text in (letters, marked)]
    words = ["àṣeyege ", "Ṣé, ", "প্রত্যেকের\u200cই ", "❤️ ", "💪 ", "☀ "]
    assert [list(LineBreaker(word, "en")) for word in words] == [[word] for word in words]
    monkeypatch.setitem(sys.modules, "icu4py.breakers", None)
    assert [list(breaking.graphemes(text)) for text in (letters, marked)] == clusters
    assert [breaking.segments(word, "yo") for word in words] == [[word] for word in words]


@table(
    "words",
    [
        *("з-пад", "e-mail", "7-Б", "«з-пад»", "(e-mail)", "по-моему"),
        *("хтось-то,", "1990-х", "(2027-м)", "a-t-il", "12–15", "2026–2027", "(10:30–11:00)"),
    ],
)
def test_no_line_ends_beside_one_or_two_letters_and_a_hyphen_or_between_numbers(words):
    assert breaking.segments(words, "be") == [words]
    assert breaking.segments("што-небудзь", "be") == ["што-", "небудзь"]
    for length in range(40, 60):
        lines = CARD.set("а" * length + f" {words} дом " * 3, "Ян", "be").lines
        assert not any(re.search(r"(?<!\w)\w{1,2}-$|[-–]$", line) for line in lines)


@table(
    ("mark", "word", "language"),
    [("।", "हम", "hi"), ("۔", "اور", "ur"), ("؟", "نحن", "ar"), ("።", "ነው", "am"), ("፣", "ነው", "am")],
)
def test_no_line_begins_with_a_mark_that_a_space_parts_from_its_sentence(mark, word, language):
    for first, count in product(range(1, 9), range(4, 40)):
        text = f"{word * first} " + f"{word} " * count + f"{mark} {word} {word}"
        lines = CARD.set(text, "Ann", language).lines
        assert not any(line.startswith(mark) for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("the hill\n  a river\n    the sea", ["the hill", "\u00a0\u00a0a river", "\u00a0" * 4 + "the sea"]),
        ("one   two", ["one \u00a0\u00a0two"]),
        ("One.  Two?  Three", ["One. Two? Three"]),
        ("One.   Two", ["One. \u00a0\u00a0Two"]),
    ],
)
def test_indents_and_spaces_in_a_row_take_their_room(text, lines):
    assert CARD.set(text, "Ann").lines == lines
    assert fitting.misfit("A6", text, "Ann", "en") is None


def test_a_heart_is_as_wide_as_a_coloured_one():
    assert width("❤️") == pytest.approx(width("💛"), rel=0.05)


def test_macedonian_takes_the_italic_forms_of_serbian():
    bodies = {language: CARD.set("Ab", "бгдпт", language).body for language in ("mk", "sr", "ru")}
    assert bodies["mk"] == bodies["sr"] != bodies["ru"]
