"""What is written so that nobody notices it: flagged where it is, and its harmless likeness is not."""

from __future__ import annotations

from collections.abc import Collection

from campaign.text.flags import find
from campaign.text.normalising import normalise
from campaign.text.suspicions import find_suspicions
from tests.support.table import table

OWN = ("Ales", "Bialiatski", "Bialacki", "Алесь", "Беляцкий", "Бяляцкі", "Иван")


def noticed(text: str, first_name: str = "Anna", own_names: Collection[str] = ()) -> set[tuple[str, str]]:
    """Return what is flagged when a message comes, and what is looked for when it is opened."""
    message = normalise(text)
    words = message.text
    found = {
        (flag.kind, words[flag.start : flag.end])
        for flag in find(message, normalise(first_name, one_line=True), own_names=own_names)
        if flag.field == "message"
    }
    return found | {(kind, words[start:end]) for kind, (start, end) in find_suspicions(words)}


@table(
    "number",
    [
        "8*029*123*45*67",
        "8_029_123_45_67",
        "8·029·123·45·67",
        "8 029 123–45–67",
        "8o29-123-45-67",
        "8 029 1️⃣2️⃣3️⃣ 45 67",
        "⑧⓪②⑨ ①②③ ④⑤ ⑥⑦",
        "8️⃣0️⃣2️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣",
        "8️⃣0️⃣2️⃣9️⃣ 1️⃣2️⃣3️⃣ 4️⃣5️⃣ 6️⃣7️⃣",
    ],
)
def test_a_telephone_number_in_another_dress_is_one(number: str) -> None:
    assert ("phone", number) in noticed(f"so call {number}, please")


@table("dot", [".", "․", "。", "．", "｡"])
def test_a_link_is_one_with_any_dot_that_a_browser_reads(dot: str) -> None:
    assert ("link", f"example{dot}com") in noticed(f"see example{dot}com now")


def test_a_telephone_number_glued_to_a_word_is_one() -> None:
    assert ("phone", "1234567") in noticed("a1234567 - 2025 - 2026")
    assert noticed("тел80291234567") == {("phone", "80291234567")}
    assert ("phone", "8 029 123 45 67") in noticed("ISBN 8 029 123 45 67")


@table(
    "text",
    [
        "You were born in 2007, so 2007-2024 was your time",
        "The camp is 12.05–13.06, the shop is open 10.30-14.45",
        "1000000 hugs, 5 000 000 stars and 8.000.000.000 people",
        "3.14159265358979 is pi",
        "The camp (2007-2024) was ours",
        "Read ISBN 978-0-261-10334-4, ISBN-10: 0-261-10334-1 or (9780261103344)",
        "978-617-679-123-4 and ISBN 0-8044-2957-X, in ISSN 0317-8471",
        "x = 2 + 2 * 3, and ❤️ ✅ ①",
    ],
)
def test_years_hours_thousands_books_and_counting_are_no_telephone_numbers(text: str) -> None:
    assert noticed(text) == set()


@table(
    ("kind", "words"),
    [
        ("email", "anna dot k at example"),
        ("email", "anna.k[at]example[dot]com"),
        ("email", "анна собака мейл точка ру"),
        ("handle", "insta anna_k_2007"),
        ("handle", "тг это анна_к"),
        ("handle", "mikifan#1234"),
        ("handle", "anna_k"),
        ("handle", "snap to anna.kot"),
        ("link", "evil dot com"),
        ("link", "злой точка ру"),
        ("link", "zla kropka pl"),
        ("postal-address", "Langer Weg 3"),
        ("hostile", "know where your mother"),
        ("hostile", "wissen, wo deine eltern"),
        ("hostile", "знаем, где живёт"),
        ("link", "candle . example . org"),
        ("postal-address", "P.O. Box 123"),
        ("postal-address", "30-059 Kraków"),
        ("postal-address", "Minsk 220030"),
        ("postal-address", "N 53.9045 E 27.5615"),
        ("code", "4276 1234 5678 9012"),
        ("code", "1090 1014 0000 0712 1981 2874"),
        ("code", "AKIAIOSFODNN7EXAMPLE"),
        ("code", "550e8400-e29b-41d4-a716-446655440000"),
        ("hostile", "п и д о р"),
        ("hostile", "с.у.к.а"),
        ("hostile", "k_u_r_w_o"),
        ("hostile", "f*ck"),
        ("hostile", "1d10t"),
        ("hostile", "fuuuuuck"),
        ("hostile", "cyka"),
    ],
)
def test_a_way_to_somebody_a_code_and_an_insult_in_another_dress_are_noticed(kind: str, words: str) -> None:
    assert (kind, words) in noticed(f"so {words}, then")


@table(
    "text",
    [
        "I use Telegram 2 hours a day, and discord since 2020",
        "dots at home. See the dot by the window. Это точка. Ты есть и точка нет",
        "After the cold snap - we had tea",
        "o_o and T_T and ^_^, and _home_, and #free_mikita",
        "I have 64 diamonds, 128 iron, 256 coal and Minecraft2024",
        "2019 2020 2021 2022 were hard",
        "Our covid-19-vaccination-2021 is long ago",
        "*hugs* and **snow**, sooooo happy, yeeees",
        "Shitake mushrooms in class 2b, h e l l o",
        "Kurczę, jaka zima! Хуже не будет",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert noticed(text) == set()


@table(
    ("text", "first_name", "name"),
    [
        ("My surname is Kowalska, remember", "Anna", "Kowalska"),
        ("My family name: kowalski!", "Anna", "kowalski"),
        ("Моя фамилия — Ковальская.", "Анна", "Ковальская"),
        ("Маё прозвішча Кавальская.", "Ганна", "Кавальская"),
        ("Моє прізвище Коваленко.", "Олена", "Коваленко"),
        ("Nazywam się Kowalska!", "Ola", "Kowalska"),
        ("Ich heiße Müller und bin bei dir", "Jan", "Müller"),
        ("Hugs from the Kowalski family", "Anna", "Kowalski"),
        ("Hugs from the whole Kowalski family", "Anna", "Kowalski"),
        ("семья Ивановых с тобой", "Анна", "Ивановых"),
        ("Stay strong!\n-Anna_Kowalska", "Anna", "Anna_Kowalska"),
        ("AnnaKowalska loves snow", "Anna", "AnnaKowalska"),
        ("моя фамилия ковальская", "Анна", "ковальская"),
        ("маё прозвішча кавальчук", "Ганна", "кавальчук"),
        ("моє прізвище шевченко", "Олена", "шевченко"),
        ("nazwisko kowalska", "Anna", "kowalska"),
    ],
)
def test_a_surname_that_is_told_is_flagged(text: str, first_name: str, name: str) -> None:
    assert ("signature-surname", name) in noticed(text, first_name)


@table(
    "text",
    [
        "Greetings to the Bialiatski family",
        "семья Беляцких с тобой",
        "Сям'я Бяляцкіх побач",
        "Pozdrowienia dla rodziny Bialackich",
        "Familie Bialiatski ist stark",
        "My last name does not matter",
        "Моя фамилия слишком длинная",
    ],
)
def test_the_recipients_surname_and_what_tells_none_are_no_surname(text: str) -> None:
    assert noticed(text, "Anna", OWN) == set()


@table("name", ["Ивановых", "Bialous", "Беляков"])
def test_a_surname_like_the_recipients_name_is_one(name: str) -> None:
    assert ("signature-surname", name) in noticed(f"Моя фамилия {name}", "Anna", OWN)


@table(
    ("text", "first_name"),
    [
        ("The whole family sends love, and the cat of the family too", "Anna"),
        ("Ich heiße Anna und ich mag Schnee", "Anna"),
        ("Меня зовут Анна, фамилия не важна", "Анна"),
        ("Our last name is a secret", "Anna"),
        ("Annalena and I like it", "Anna"),
        ("Nazywam się Ola, mam 15 lat", "Ola"),
    ],
)
def test_a_family_and_a_first_name_are_no_surname(text: str, first_name: str) -> None:
    assert noticed(text, first_name) == set()
