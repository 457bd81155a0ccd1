"""Flags: what staff look at. Each names the words it is about, and none refuses anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.text.flag import Flag
from campaign.text.flags import find
from campaign.text.likeness import likeness
from campaign.text.matching import Folded, surname
from campaign.text.normalising import normalise
from tests.support.table import table

RISKY = ("freedom", "fight", "свобода", "борьба", "свабода", "змаганне")


AFTER_SIGNATURES = (
    *(
        "❤️",
        "🇵🇱",
        ":)",
        "(17)",
        "👍🏽!!!",
        "<3",
        ":-D ^^",
        ", 17",
        "=)",
        "☀️☀️",
        "👩\u200d👧",
        "\U0001fae9",
        "xoxo :*"[-2:],
    ),
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)


def flagged(
    text: str,
    first_name: str = "Anna",
    *,
    risky: tuple[str, ...] = RISKY,
) -> set[tuple[str, str]]:
    """Return the flags as (kind, the words it names)."""
    fields = {"message": normalise(text), "first_name": normalise(first_name, one_line=True)}
    found = find(fields["message"], fields["first_name"], risky_words=risky)
    return {(flag.kind, fields[flag.field].text[flag.start : flag.end]) for flag in found}


@table(
    "text",
    [
        "Stay strong, Mikita! We are with you and your family.",
        "Трымайся, Мікіта! Ты не адзін, мы чакаем цябе дома.",
        "Держись! Скоро Новый год, и мы верим, что ты будешь дома.",
        "I love Minecraft too. My best run took 12 hours and 34 minutes!",
        "You were 16 on 12.05.2007, and today is 2026-11-22.",
        "Wait... what? Yes: 3,5 km – and then 10-12 more.",
        "あなたは一人ではありません。マインクラフトのTシャツ",
        "Minecraft-ом и PS5 — это здорово",
        "STAY STRONG MIKITA",
        "We wait for you (16 of us) :)",
        "आप अकेले नहीं हैं ❤️",
        "今天很好",
        "a@b",
    ],
)
def test_an_ordinary_message_has_no_flag(text: str) -> None:
    assert flagged(text) == set()


@table(
    ("text", "kind", "words"),
    [
        ("see https://example.org/x?y=1.", "link", "https://example.org/x?y=1"),
        ("see WWW.Example.org", "link", "WWW.Example.org"),
        ("(see mikita.example.com/a)", "link", "mikita.example.com/a"),
        ("t.me/mikita now", "link", "t.me/mikita"),
        ("пиши на сайт.рф!", "link", "сайт.рф"),
        ("tg://resolve?domain=x", "link", "tg://resolve?domain=x"),
        ("write to anna.k+x@mail.example.org!", "email", "anna.k+x@mail.example.org"),
        ("пошта ганна@прыклад.бел", "email", "ганна@прыклад.бел"),
        ("I am @anna_k.", "handle", "@anna_k"),
        ("telegram: anna_k", "handle", "telegram: anna_k"),
        ("мой тг - anna", "handle", "тг - anna"),
        ("call +375 29 123-45-67 today", "phone", "+375 29 123-45-67"),
        ("(029) 1234567", "phone", "(029) 1234567"),
        ("٠٢٩١٢٣٤٥٦٧", "phone", "٠٢٩١٢٣٤٥٦٧"),
        ("свoбoдa", "mixed-script", "свoбoдa"),
        ("a pаypal word", "mixed-script", "pаypal"),
        ("ｆrее", "mixed-script", "ｆrее"),
        ("We want Freedoms!", "risky-word", "Freedoms"),
        ("FREEDOM", "risky-word", "FREEDOM"),
        ("ｆｒｅｅｄｏｍ", "risky-word", "ｆｒｅｅｄｏｍ"),
        ("𝐟𝐫𝐞𝐞𝐝𝐨𝐦 now", "risky-word", "𝐟𝐫𝐞𝐞𝐝𝐨𝐦"),
        ("fre\u0301edom", "risky-word", "fréedom"),
        ("за свободу твою", "risky-word", "свободу"),
        ("у змаганні", "risky-word", "змаганні"),
        ("with love,\nAnna Kowalska", "signature-surname", "Anna Kowalska"),
        ("Yours, Anna K.", "signature-surname", "Anna K"),
        ("ANNA KOWALSKA", "signature-surname", "ANNA KOWALSKA"),
        ("мы з табой. Ганна Кавальская!!", "signature-surname", "Ганна Кавальская"),
        ("your friend anna kowalska", "signature-surname", "anna kowalska"),
        *(
            (f"Yours, Anna Kowalska {after}", "signature-surname", "Anna Kowalska")
            for after in AFTER_SIGNATURES
        ),
        ("Be str\u202eong", "removed", "Be strong"),
        ("free\u200cdom", "risky-word", "free\u200cdom"),
        ("anna@exam\u200cple.org", "email", "anna@exam\u200cple.org"),
        ("see exam\u200dple.com now", "link", "exam\u200dple.com"),
    ],
)
def test_a_flag_names_the_words_it_is_about(text: str, kind: str, words: str) -> None:
    assert (kind, words) in flagged(text)


@table(
    "text",
    [
        "Greetings from Malmö. Обіймаю",
        "Вітанне з горада Porto. Абдымаю.",
        "I am Anna. Yours",
        "Bald ist Frühling. Alles Liebe",
        "Was ist orange und geht über die Berge? Eine Wanderine!",
    ],
)
def test_the_end_of_a_sentence_or_a_greeting_is_no_surname(text: str) -> None:
    assert "signature-surname" not in dict(flagged(text))


@table("name", ["Maria Best", "Tom Lord", "Peter Christ", "Hans Jahr", "Ewa Bóg", "Eva Keep"])
def test_a_surname_that_is_a_word_of_greeting_too_is_one(name: str) -> None:
    assert ("signature-surname", name) in flagged(f"A candle burns for you. {name}")


@table("text", ["Alles Liebe", "I am Max. Yours", "Мы с Вами. Ян. Обнимаю", "All for Ciebie", "Jan. Twój"])
def test_how_a_letter_ends_is_no_surname(text: str) -> None:
    assert "signature-surname" not in dict(flagged(text))


@table(
    ("text", "first_name", "told"),
    [
        ("We think of you.\nGranny Anna", "Anna", False),
        ("Трымайся! Бабуля Ганна", "Ганна", False),
        ("Alles Gute! Oma Inge", "Oma Inge", False),
        ("Yours, Granny Kowalska", "Anna", True),
        ("Yours, Granny Anna Kowalska", "Anna", True),
    ],
)
def test_who_signs_as_a_grandmother_tells_no_surname(text: str, first_name: str, told: bool) -> None:
    kinds = [flag.kind for flag in find(normalise(text), normalise(first_name))]
    assert ("signature-surname" in kinds) == told


@pytest.mark.parametrize("text", ["Держись Никита!", "Трымайся Мікіта", "Свабода Мікіту ❤", "Спасибо НИКИТА"])
def test_the_recipients_name_at_the_end_is_no_surname(text: str) -> None:
    names = ("Никита", "Мікіта", "Мікіту")
    assert find(normalise(text), normalise("Алесь"), own_names=names) == ()
    assert find(normalise("С теплом, Алесь Никита"), normalise("Алесь"), own_names=names) != ()


def test_an_abbreviated_first_name_is_one() -> None:
    assert ("signature-surname", "Kat. Kowalska") in flagged("Yours, Kat. Kowalska")


SURNAMES = (
    ("Kowalska", "It is me, KOWALSKA, again", "KOWALSKA"),
    ("Nuñez", "the nunez family", "nunez"),
    ("Müller", "Familie Mu\u0308llers Grüße", "Müllers"),
    ("Иванов", "мы с Ивановыми", "Ивановыми"),
    ("Ковальская", "от Ковальской", "Ковальской"),
    ("Кавалёў", "сям'я Кавалёва", "Кавалёва"),
    ("van der Berg", "the Bergs", "Bergs"),
    ("Smith-Jones", "miss jones", "jones"),
    ("Li", "i am li", "li"),
    ("王", "我是王小明", "王"),
    ("אברהמי", "משפחת אברהמי", "אברהמי"),
    ("כהן", "אני וכהן", "וכהן"),
    ("الأحمد", "أنا والأحمد نفكر فيك", "والأحمد"),
    ("الأحمد", "تحية للأحمد", "للأحمد"),
    ("حسن", "مع وحـسن", "وحـسن"),
    ("فاطمه", "أنا فاطمة", "فاطمة"),
)
OTHER_WORDS = (
    ("Li", "live and believe, little one"),
    ("Ng", "long song"),
    ("van der Berg", "der van"),
    ("Иванов", "Иваново детство"),
    ("Sun", "sunshine"),
    ("الأحمد", "أحمد صديقي"),
    ("حداد", "محداد وتحداد"),
    ("לי", "שלי ולי"),
    ("", "anything"),
)


@table(("last_name", "text", "words"), SURNAMES)
def test_the_writers_own_surname_is_found_in_any_dress(last_name: str, text: str, words: str) -> None:
    text = normalise(text).text
    assert words in [text[start:end] for start, end in Folded(text).spans(surname(last_name))]


@table(("last_name", "text"), OTHER_WORDS)
def test_other_words_are_no_surname(last_name: str, text: str) -> None:
    found = {text[start:end] for start, end in Folded(text).spans(surname(last_name))}
    assert not found - {"Иваново"}


def test_a_surname_in_the_first_name_is_found_there() -> None:
    assert find(normalise("Hello"), normalise("Anna Kowalska")) == (
        Flag("first-name-words", "first_name", 5, 13),
    )


@table(
    ("first_name", "further"),
    [
        *(("AnnaKowalska", "Kowalska"), ("Anna/Kowalska", "Kowalska"), ("Anna_Kowalska", "Kowalska")),
        *(("Анна🙂Ковальская", "Ковальская"), ("Anna\u2060Kowalska", "Kowalska"), ("Anna.K.", "K.")),
        *(("Oma Hilde", ""), ("Тётя Нина", ""), ("Oma Hilde Vogel", "Vogel"), ("oma", "")),
        *(("Nan Miller", "Miller"), ("Papa Diop", "Diop")),
        *(("Anna-Maria", ""), ("D’Arcy", ""), ("Мар'яна", ""), ("علی\u200cرضا", ""), ("ג׳ורג׳", "")),
        *(("अनन्या", ""), ("(Anna)", ""), ("ANNA", ""), ("Anna7", ""), ("Zoe\u0308", "")),
        *(("عبد الرحمن", ""), ("أم أحمد", ""), ("عبد الرحمن حسن", "حسن"), ("محمد علي", "علي")),
        *(
            ("陳大文", "陳"),
            ("김지민", "김"),
            ("大文", ""),
            ("李雷", ""),
            ("小美", ""),
            ("小美美", ""),
            ("지민", ""),
        ),
        *(("Tom, 9", ""), ("Lily (17)", ""), ("Анна ❤️", ""), ("Anna 88", "88"), ("Anna ❤️ K", "❤️ K")),
        *(("Anna ⓚⓞⓦ", "ⓚⓞⓦ"), ("Anna 🅺🅾🆆", "🅺🅾🆆"), ("Anna 🇰🇴🇼🇦", "🇰🇴🇼🇦"), ("Anna ⠅⠕⠺", "⠅⠕⠺")),
    ],
)
def test_a_surname_glued_to_the_first_name_is_found_there(first_name: str, further: str) -> None:
    name = normalise(first_name)
    found = {name.text[f.start : f.end] for f in find(normalise("Hi"), name) if f.kind == "first-name-words"}
    assert found == ({further} if further else set())


@pytest.mark.parametrize(("digits", "is_one"), [(6, False), (7, True), (15, True), (16, True)])
def test_seven_digits_and_more_are_telephone_numbers(digits: int, is_one: bool) -> None:
    number = "1234567890123456"[:digits]
    assert flagged(f"call {number} today") == ({("phone", number)} if is_one else set())


@table(
    "numbers",
    [
        "8029123456780297654321",  # with nothing between them
        "80291234567 80297654321 80291112233",
        "375291234567-375297654321",
        "8 029 123 45 67 8 029 765 43 21",
        "(029) 123 45 67 (029) 765 43 21",
        "+48600100200 600100300",
        "022 123 45 67 - 2025 - 2026",  # with other digits before or behind it
        "12.05.2024 022 123 45 67 1000000",
        "2020-2024 29-123-45-67 - 2025 - 2026",
        "12.05.2024 202.555.0143 4321 1234",
        "29-123-45-67 – 29-765-43-21",
        "12 34 56 78 90 / - / - / 1 2 3 4",
        "895 49 58 08 259 37 71",  # of two shapes, sixteen digits and more
        "711 4171 65 243 84 10",
        "12 34 56 78 - 87 65 43 21",
        "06 12 34 56 78 06 98 76 54 32",
        "29 12 34 56 78 29 98 76 54 32",
        "123-45-67 98 765 43 21 8 029 123 45 67",
    ],
)
def test_telephone_numbers_one_behind_the_other_are_flagged_as_one(numbers: str) -> None:
    assert ("phone", numbers) in flagged(f"call {numbers} today")


def test_a_plus_parts_two_telephone_numbers() -> None:
    assert flagged("+48600100200+48600100300") == {("phone", "+48600100200"), ("phone", "+48600100300")}


@table(
    "text",
    [
        "from 01.09.2023-31.05.2024 on",
        "12.05.2007 - 13.06.2008 14.07.2009",
        "2019 2020 2021 2022 2023",
        "1000000000000000000 hugs, 1111111111111111111 of them",
        "7 14 3 22 9 5 18 1 7 12 4 4 19",
        "10 20 30 40 50 60 70 80, 11.12.13.14.15.16.17.18",
        "12.50 13.75 14.20 15.90",  # prices, ages
        "10 12 15 18 20 25 30 33",
        "1234 5678 8765 4321",  # an account, which looks like code
    ],
)
def test_days_years_round_numbers_and_accounts_are_no_telephone_numbers(text: str) -> None:
    assert flagged(text) == set()


def test_words_without_spaces_are_found_inside() -> None:
    assert ("risky-word", "自由") in flagged("我们要自由了", risky=("自由",))


def test_the_capital_of_a_dotless_i_is_an_i() -> None:
    assert ("risky-word", "KAÇIŞ") in flagged("KAÇIŞ yok", risky=("kaçış",))
    assert likeness("kaçış") == "5d12155eb9a84094f6601f003b86286a"  # as databases hold it from before


GLUED = (
    *(("حرية", words) for words in ("الحرية", "بالحرية", "والحرية", "فحرية", "حـــرية", "كَالحُرِّيَّة")),
    *(("الحرية", words) for words in ("والحرية", "للحرية")),
    *(("حرية", words) for words in ("حريتك", "الحريه", "وحريتنا")),
    *(("حريه", words) for words in ("حرية", "بحريته")),
    *(("KGB", words) for words in ("وKGB", "بالKGB", "הKGB", "שהKGB")),
    *(("חירות", words) for words in ("החירות", "ולחירות", "שבחירות", "וכשהחירות")),
)
NOT_GLUED = (
    *(("حر", words) for words in ("بحر", "وحر", "الحر")),
    *(("حرية", words) for words in ("تحرية", "يالحرية")),
    *(("KGB", words) for words in ("xKGB", "иKGB", "वKGB")),
    ("الحرية", "حرية"),
    ("חירות", "תחירות"),
)


@table(("risk", "word"), GLUED)
def test_a_word_is_found_behind_what_arabic_and_hebrew_write_in_front_of_it(risk: str, word: str) -> None:
    assert ("risky-word", word) in flagged(f"Hello {word}!", risky=(risk,))


@table(("risk", "word"), NOT_GLUED)
def test_a_word_that_only_ends_in_another_is_not_found(risk: str, word: str) -> None:
    assert "risky-word" not in dict(flagged(f"Hello {word}!", risky=(risk,)))


def test_one_place_is_one_kind_of_address() -> None:
    kinds = [kind for kind, _ in flagged("anna@example.org and https://t.me/@anna_k/1234567")]
    assert sorted(kinds) == ["email", "link"]


def test_a_hyphenated_first_name_is_one_word() -> None:
    assert flagged("Hello", "Anne-Marie") == set()


def test_flags_come_in_the_order_of_fields_and_places() -> None:
    found = find(normalise("freedom @anna https://x.org"), normalise("Anna @bob"), risky_words=RISKY)
    places = [(flag.field, flag.start) for flag in found]
    assert places == sorted(places, key=lambda place: (place[0] != "message", place[1]))


@pytest.mark.parametrize("text", ["aя " * 120, "risk " * 120])
def test_a_text_full_of_other_things_is_flagged_once_over_all_of_them(text: str) -> None:
    (found,) = find(normalise(text), normalise("Anna"), risky_words=("risk",))
    assert (found.start, found.end) == (0, len(text.rstrip()))


def test_a_surname_written_twice_is_looked_for_once() -> None:
    assert len(surname("Ivanov ivanov IVANOV")) == 1


def test_a_text_full_of_links_is_flagged_a_hundred_times_at_most() -> None:
    assert len(find(normalise("a.com " * 1000), normalise("Anna"))) == 100


@given(st.text(max_size=80), st.text(max_size=30))
def test_every_span_lies_in_its_field(text: str, first_name: str) -> None:
    fields = {"message": normalise(text), "first_name": normalise(first_name, one_line=True)}
    for flag in find(*fields.values(), risky_words=(text[:3], *RISKY)):
        if flag.kind == "removed":
            assert flag == Flag("removed", flag.field)
            continue
        assert flag.start is not None
        assert flag.end is not None
        assert 0 <= flag.start < flag.end <= len(fields[flag.field].text)


@given(st.sampled_from(RISKY), st.text(st.sampled_from(" .,!абвxyz\n"), max_size=20))
def test_a_risky_word_is_found_wherever_it_stands(word: str, before: str) -> None:
    text = normalise(f"{before} {word.upper()}!").text
    found = find(normalise(text), normalise("Anna"), risky_words=RISKY)
    assert any(flag.kind == "risky-word" and text[flag.start : flag.end].lower() == word for flag in found)


@table(
    ("text", "first_name", "kind", "words"),
    [
        ("Big hug!! Lara Voss, Oslo, Norway", "Lara", "signature-surname", "Lara Voss"),
        ("С теплом, Нина Озерова, г. Самара", "Нина", "signature-surname", "Нина Озерова"),
        ("Pozdrawiam serdecznie, Jan Wrona z Poznania", "Jan", "signature-surname", "Jan Wrona"),
        ("Schreib mir: paul (at) example punkt de", "Paul", "email", "paul (at) example punkt de"),
        ("write to anna at example dot org soon", "Anna", "email", "anna at example dot org"),
        ("Hello", "Greta@example", "email", "Greta@example"),
        ("write to anna@x.com", "Anna", "email", "anna@x.com"),
        ("call +375 (29) 1 2 3 4 5 6 7", "Anna", "phone", "+375 (29) 1 2 3 4 5 6 7"),
        ("80(2)9 (7)1 2 3 9 6 4", "Anna", "phone", "80(2)9 (7)1 2 3 9 6 4"),
    ],
)
def test_what_was_written_to_be_overlooked_is_flagged(
    text: str, first_name: str, kind: str, words: str
) -> None:
    assert (kind, words) in flagged(text, first_name)


@pytest.mark.parametrize("text", ["Do you (a) laugh or (b) cry?", "So says Anna\nMinsk is snowed in"])
def test_a_letter_in_brackets_and_the_next_line_are_neither(text: str) -> None:
    assert flagged(text) == set()


def test_a_surname_that_is_a_greeting_too_is_found_within_the_text() -> None:
    assert ("signature-surname", "Anna Best") in flagged("Love from Anna Best, London")
