"""What looks like code or like an address, in the six languages, and what does not."""

from __future__ import annotations

import random
from string import ascii_lowercase

from hypothesis import given
from hypothesis import strategies as st

from campaign.text.suspicions import find_suspicions
from tests.support.table import table

SPREAD = (  # what may say more than a greeting
    *("M y   s u r n a m e   i s   P e t r o v", "м о я   ф а м и л и я   п е т р о в а"),
    *("ж и в у   н а   п у ш к и н а", "t w o   n i n e   o n e   t w o   t h r e e   f o u r   f i v e"),
    *("m y   m a i l   a n n a   a t   g m a i l   d o t   c o m", "e s c a p e   b e   r e a d y"),
)


def found(text: str) -> list[tuple[str, str]]:
    return [(kind, text[start:end]) for kind, (start, end) in find_suspicions(text)]


@table(
    ("text", "kind", "words"),
    [
        ("N3xt w33k 5 p.m. t0wer 7 k3y", "code", "N3xt w33k 5 p.m. t0wer 7 k3y"),
        ("under the rock: 14-22-9-3-1.", "code", "14-22-9-3-1"),
        ("4, 8, 15, 16, 23", "code", "4, 8, 15, 16, 23"),
        ("so 4️⃣ 8️⃣ 1️⃣ 6️⃣ 2️⃣ 9️⃣!", "code", "4️⃣ 8️⃣ 1️⃣ 6️⃣ 2️⃣ 9️⃣"),
        ("a b c d e f", "code", "a b c d e f"),
        ("01001000 01101001", "code", "01001000 01101001"),
        ("at 14:22-9-3-1", "code", "14:22-9-3-1"),
        ("100000 000000", "code", "100000 000000"),
        (".... . .-.. .-.. ---", "code", ".... . .-.. .-.. ---"),
        ("see SGVsbG8gTWlraXRhIQ==", "code", "SGVsbG8gTWlraXRhIQ=="),
        ("I live at ul. Długa 5/7, Kraków", "postal-address", "ul. Długa 5/7"),
        ("живу на ул. Ленина, д. 12", "postal-address", "ул. Ленина, д. 12"),
        ("вуліца Якуба Коласа 3, Мінск", "postal-address", "вуліца Якуба Коласа 3"),
        ("вул. Лесі Українки, буд. 4а", "postal-address", "вул. Лесі Українки, буд. 4а"),
        ("at 221b Baker Street, London", "postal-address", "221b Baker Street"),
        ("пишите: пр Победы 12", "postal-address", "пр Победы 12"),
        ("на праспекце: пр. Пераможцаў 12", "postal-address", "пр. Пераможцаў 12"),
        ("мама живёт на улице Мира 7", "postal-address", "улице Мира 7"),
        ("9, 8, 7, 5, 3", "code", "9, 8, 7, 5, 3"),
        ("111110 111111", "code", "111110 111111"),
        ("01" * 5000, "code", "01" * 5000),
        ("X7 K2 P9 L4 M1. Remember the order.", "code", "X7 K2 P9 L4 M1"),
        ("12 7 33 4 18 9 2 25 16 3", "code", "12 7 33 4 18 9 2 25 16 3"),
        ("Come to 52.2297 N 21.0122 E on the 5th", "postal-address", "52.2297 N 21.0122 E"),
        (
            "ул. Липовая, д. 8, кв. 14, домофон 14К.",
            "postal-address",
            "ул. Липовая, д. 8, кв. 14, домофон 14К",
        ),
        ("пиши: улица ленина 5 кв 3", "postal-address", "улица ленина 5 кв 3"),
        ("ul długa 5 m. 12", "postal-address", "ul długa 5 m. 12"),
        ("вуліца Садовая, дом 12, кватэра 5", "postal-address", "вуліца Садовая, дом 12, кватэра 5"),
        ("ul. Długiej 5 m. 12, 00-001 Warszawa.", "postal-address", "ul. Długiej 5 m. 12, 00-001 Warszawa"),
        ("Lindenstraße 12, 10969 Berlin, bei uns", "postal-address", "Lindenstraße 12, 10969 Berlin"),
        ("7 Garden Road, Bristol BS1 4XX", "postal-address", "7 Garden Road, Bristol BS1 4XX"),
        ("Goethestraße 12, Graz", "postal-address", "Goethestraße 12"),
        ("живу на пушкина 12", "postal-address", "живу на пушкина 12"),
        ("приезжай! мы живём на красной 5, второй этаж", "postal-address", "живём на красной 5"),
        ("улица якуба коласа 3/1.", "postal-address", "улица якуба коласа 3/1"),
        ("ул ленина 5а", "postal-address", "ул ленина 5а"),
        ("ul. długa 5", "postal-address", "ul. długa 5"),
        ("ul długa 5", "postal-address", "ul długa 5"),
        ("mieszkam na długiej 5", "postal-address", "mieszkam na długiej 5"),
        ("mieszkamy przy jana pawła 12, zapraszam", "postal-address", "mieszkamy przy jana pawła 12"),
        ("жыву на коласа 7", "postal-address", "жыву на коласа 7"),
        ("вуліца садовая 12, кв. 4", "postal-address", "вуліца садовая 12, кв. 4"),
        ("мешкаю на шевченка 12!", "postal-address", "мешкаю на шевченка 12"),
        ("на вулиці лесі українки 26", "postal-address", "вулиці лесі українки 26"),
        ("i live at 12 garden road", "postal-address", "live at 12 garden road"),
        ("ich wohne in der lange gasse 5", "postal-address", "wohne in der lange gasse 5"),
        ("wohne am alten markt 3", "postal-address", "wohne am alten markt 3"),
        ("You traitor!", "hostile", "traitor"),
        ("X K Q  P W Z  R T", "code", "X K Q  P W Z  R T"),  # letters in groups that say nothing
        ("x a k   p e w   r o t", "code", "x a k   p e w   r o t"),
        ("A n n a   K o w a l s k a", "code", "A n n a   K o w a l s k a"),  # a name is more than that
        *((row, "code", row) for row in SPREAD),
        ("H a p p y   d a y!", "code", "H a p p y   d a y"),  # a censor may not read it
        ("H a p p y   y e a r,  X Q Z W K", "code", "H a p p y   y e a r,  X Q Z W K"),
        ("с  з  з  с  з  с", "code", "с  з  з  с  з  с"),
        ("с, з, з, с, з, с, г о д", "code", "с, з, з, с, з, с, г о д"),
    ],
)
def test_it_is_found_where_it_stands(text: str, kind: str, words: str) -> None:
    assert (kind, words) in found(text)


@table(
    "text",
    [
        "Our whole class 9b wrote this on 24.12.2026 at 18:30.",
        "I am 82, my son is 16. One of 3 000 000 people. 1, 2, 3!",
        "Hold on... We wait — and hope... — Your friend - me.",
        "I and a u. Я и ты и я в доме у реки",
        "MP3, B2B, 4you, 14th, COVID19",
        "Donaudampfschifffahrtsgesellschaft, niebezpieczeństwoniebezpieczny",
        "In our street there are 5 cats. Na ulicy stoją koty. По улице идёт кот. Auf dem Weg sind 12 Katzen.",
        "❤️❤️❤️ :-) :-) ^_^ --- love ---",
        "1000000 hugs and 100000 kisses to you, and 1 000 000 more!",
        "Псалом 22:1-3, 4, 5, 6. John 3:16",
        "We wait ... ... ... ... ... and hope — — — — — —",
        "Od nas i os wszystkich 100 uścisków. Al tempo 2 anni. В пр этом всём 2 правды",
        "Warm 25°, open 24/7, number 10 on the back, 100% with you, born in 2009, the 1st and the 2nd.",
        "На улице сегодня 25 градусов. Na ulicy było 5 kotów. На вуліцы было 5 катоў.",
        "There were 100 people on our street, 20 of them on the road.",
        "1, 2, 3, 4, 5, 6, and 10 9 8 7 6 5 4 3 2 1 happy new year!",
        "Сто дзён, 7 гадоў, 16 вясны, у 19:30 па дзесяць хвілін. Wir sind 3, seit 1998, in 4b.",
    ],
)
def test_an_ordinary_greeting_has_none(text: str) -> None:
    assert found(text) == []


def test_letters_in_groups_are_code() -> None:
    chance = random.Random(2026)
    for _ in range(300):
        groups = [
            chance.choices(ascii_lowercase, k=chance.randint(2, 6)) for _ in range(chance.randint(3, 6))
        ]
        row = "   ".join(" ".join(group) for group in groups)
        assert ("code", row) in found(row)


@given(st.text(max_size=300))
def test_every_span_lies_in_the_text(text: str) -> None:
    for _, (start, end) in find_suspicions(text):
        assert 0 <= start < end <= len(text)
