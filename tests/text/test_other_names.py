"""Names of others: what looks like a third person's name in the six languages, and what does not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.text.other_names import find_other_names
from tests.support.table import table

OWN = ("Mikita", "Мікіта", "Мікіты", "Никита", "Микита", "Микито")


def named(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in find_other_names(text, OWN, language)]


@table(
    ("text", "names"),
    [
        ("I met Anna Kowalska yesterday.", ["Anna Kowalska"]),
        ("Anna Kowalska sends you a hug.", ["Anna Kowalska"]),
        ("your lawyer Smith told us, and Dr. Miller too", ["Smith", "Miller"]),
        ("We saw A. Smith there, and J. R. Jones.", ["A. Smith", "J. R. Jones"]),
        ("Мы с Иваном Петровым ждём тебя.", ["Иваном Петровым"]),
        ("Твоя учительница Мария Ивановна ждёт.", ["Мария Ивановна"]),
        ("Анатольевич передаёт привет", ["Анатольевич"]),
        ("Адвокат Зайцев говорит, что скоро суд", ["Зайцев"]),
        ("Твій адвокат Шевченко і лікарка Олена", ["Шевченко", "Олена"]),
        ("Тарас Григорович пише тобі", ["Тарас Григорович"]),
        ("Наш сусед Андрэй Кавалёў чакае", ["Андрэй Кавалёў"]),
        ("настаўніца Ганна Мікалаеўна", ["Ганна Мікалаеўна"]),
        ("Адвакатка Лосева перадае", ["Лосева"]),
        ("Widziałem, jak Jan Nowak śpiewał.", ["Jan Nowak"]),
        ("Pani Zofia i mecenas Kowalski cię pozdrawiają", ["Zofia", "Kowalski"]),
        ("Dein Anwalt Müller und Frau Schmidt grüßen", ["Müller", "Schmidt"]),
        ("Gestern war Peter Schmidt hier.", ["Peter Schmidt"]),
        ("Jean-Luc O’Neill is here", ["Jean-Luc O’Neill"]),
    ],
)
def test_a_name_of_somebody_else_is_found(text: str, names: list[str]) -> None:
    assert named(text) == names


@table(
    ("language", "text"),
    [
        ("en", "Dear Mikita, Happy New Year! Merry Christmas! Stay Strong."),
        ("en", "You are not alone. We think of you every day. Love"),
        ("en", "STAY STRONG MIKITA, WE WAIT"),
        ("ru", "Дорогой Никита! С Новым Годом! Ты не один. Мы ждём тебя дома."),
        ("ru", "Панорама города прекрасна. Доктор сказал, что всё хорошо"),
        ("uk", "Любий Микито, з Різдвом Христовим! Тримайся."),
        ("be", "Дарагі Мікіта, з Новым Годам! Ты не адзін, мы чакаем."),
        (
            "pl",
            "Moja córka narysowała zamek. Kiedyś Ci go pokaże. Myślimy: Twój dom czeka. Dla Ciebie Wszystko",
        ),
        ("ru", "Мы все верим, что Вы вернётесь. Пусть Вас обнимут"),
        ("pl", "Drogi Mikita, Wesołych Świąt! Szczęśliwego Nowego Roku"),
        (
            "de",
            "Lieber Mikita, viele liebe Grüße! Herzliche Grüße. Frohe Weihnachten. Am Montag ist Schule.",
        ),
        ("el", "Αγαπητέ Μικίτα, δεν είσαι μόνος."),
        ("he", "אתה לא לבד, אנחנו איתך"),
        ("zh", "你不是一个人，我们与你同在。"),
        ("en", ""),
    ],
)
def test_greetings_and_the_recipient_s_own_name_are_no_name_of_another(language: str, text: str) -> None:
    assert named(text, language) == []


@given(st.text(max_size=60))
def test_every_span_lies_in_the_text_and_before_the_next(text: str) -> None:
    flat = [place for span in find_other_names(text, OWN) for place in span]
    assert flat == sorted(set(flat))
    assert all(0 <= place <= len(text) for place in flat)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["Aa ", "A. ", "ович", "Ивановна ", "dr ", "Aa-"])
def test_a_long_text_of_names_takes_no_time_to_speak_of(piece: str) -> None:
    started = time.process_time()
    find_other_names(piece * 5000, OWN)
    assert time.process_time() - started < 1


@table(
    ("text", "language", "names"),
    [
        ("Слушаю Виктора Цоя и пью чай", "ru", ["Виктора Цоя"]),
        ("Иванов Иван Петрович рядом", "ru", ["Иванов Иван Петрович"]),
        ("Tell your cellmate Siarhei that we think of him.", "en", ["Siarhei"]),
        ("Your co-defendants Pavel and Hanna send love.", "en", ["Pavel"]),
        ("Передай сокамернику Илье привет", "ru", ["Илье"]),
        ("Kochany Alesiu, trzymaj się", "pl", ["Alesiu"]),
        ("Dear Maria, we are proud of you", "en", ["Maria"]),
        ("Прывітанне, Мікітка! Мне 13", "be", []),
        ("Прывітанне! Мне 13", "be", []),
        ("Dear Friend, hold on", "en", []),
        ("Дорогой Друг, держись", "ru", []),
        ("Das Regal hebe ich Deiner Familie auf", "de", []),
        ("Слава Украине! Жыве Беларусь!", "ru", []),
        ("we saw Pink Floyd in Tel Aviv", "en", []),
    ],
)
def test_a_verb_before_and_a_place_are_no_part_of_a_name(text: str, language: str, names: list[str]) -> None:
    assert named(text, language) == names


@pytest.mark.parametrize(
    "text", ["Kowalski Jan Maria pisze", "Иванов Иван Петрович пишет", "Nguyen Van Anh came"]
)
def test_a_surname_that_begins_a_sentence_stays_in_the_name(text: str) -> None:
    assert named(text, "pl") == [" ".join(text.split()[:3])]
