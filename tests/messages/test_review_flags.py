"""Looking: languages and duplicates, found when staff look and not while a supporter waits."""

from __future__ import annotations

import pytest

from campaign.keeping import erasure
from campaign.messages import queries, review_flags
from campaign.storage.database import Database
from campaign.text.flag import Flag
from campaign.text.language_detection import is_read, language
from tests.conftest import TODAY, Submit
from tests.support.table import table

READ = ("be", "ru")


@table(
    ("code", "text"),
    [
        ("be", "Трымайся, Мікіта! Мы з табой."),
        ("be", "Моцы і надзеі табе. Чакаем цябе дома, абдымаем."),
        ("ru", "Держись, Никита! Мы с тобой."),
        ("ru", "Сил и надежды тебе"),
        ("uk", "Тримайся, Микито! Ми з тобою."),
        ("en", "You are not alone"),
        ("pl", "Trzymaj się, Mikita! Jesteśmy z tobą."),
        ("lt", "Laikykis, Mikita! Mes su tavimi."),
        ("he", "אתה לא לבד, אנחנו איתך"),
        ("zh", "你不是一个人，我们与你同在。"),
    ],
)
def test_the_language_of_a_short_message_is_found(code: str, text: str) -> None:
    assert language(text) == (code, True)
    assert is_read(text, READ) is (code in READ)


@table("text", ["", "❤️❤️", "!!! 123", "Дзк", "Ура", "\ue000"])
def test_what_is_too_short_to_tell_is_given_the_benefit(text: str) -> None:
    assert is_read(text, READ)


@pytest.mark.parametrize("text", ["ok", "xoxo", "加油"])
def test_another_script_is_not_read_however_short(text: str) -> None:
    assert not is_read(text, READ)


def test_without_a_list_of_languages_nothing_is_claimed() -> None:
    assert is_read("You are not alone", ())


def looked(database: Database) -> list[tuple[str, set[str]]]:
    with database.read() as connection:
        found = review_flags.add_review_flags(
            connection, queries.list_messages(connection, "mikita", "waiting"), READ
        )
    return [(message.text, {flag.kind for flag in message.flags}) for message in found]


def test_the_same_words_in_other_dress_are_a_duplicate_but_for_the_first(
    any_database: Database, submit: Submit
) -> None:
    submit(any_database, "Трымайся, Мікіта!")
    submit(any_database, "трымайся мікіта...")
    submit(any_database, "Трымайся, браце!")
    submit(any_database, "Трымайся, Мікіта!", campaign="another")
    assert looked(any_database) == [
        ("Трымайся, Мікіта!", set()),
        ("трымайся мікіта...", {"duplicate"}),
        ("Трымайся, браце!", set()),
    ]


def test_an_erased_message_makes_no_duplicate(database: Database, submit: Submit) -> None:
    first = submit(database, "Трымайся, Мікіта!")
    submit(database, "Трымайся, Мікіта!")
    database.write(lambda c: erasure.erase(c, first.message, "asked by letter", TODAY))
    assert looked(database) == [("Трымайся, Мікіта!", set())]


def test_signs_alone_are_alike_only_when_equal(database: Database, submit: Submit) -> None:
    for text in ("❤️", "💪", "❤️"):
        submit(database, text)
    assert [kinds for _, kinds in looked(database)] == [set(), set(), {"duplicate"}]


def test_flags_of_the_whole_text_come_after_those_with_a_place(database: Database, submit: Submit) -> None:
    submit(database, "You are not alone, Mikita", flags=(Flag("risky-word", "message", 0, 3),))
    with database.read() as connection:
        (message,) = review_flags.add_review_flags(
            connection, queries.list_messages(connection, "mikita", "waiting"), READ
        )
    assert message.flags == (Flag("risky-word", "message", 0, 3), Flag("language", "message"))


def test_names_of_others_are_flagged_but_not_the_recipients_or_the_signature(
    database: Database, submit: Submit
) -> None:
    text = "Мікіта Верны, мы з Іванам Лосевым чакаем. Ганна Кавальская"
    signed = Flag("signature-surname", "message", text.index("Ганна"), len(text))
    submit(database, text, flags=(signed,))
    with database.read() as connection:
        (message,) = review_flags.add_review_flags(
            connection, queries.list_messages(connection, "mikita", "waiting"), READ, ("Мікіта",)
        )
    found = [text[flag.start : flag.end] for flag in message.flags if flag.kind == "other-name"]
    assert found == ["Іванам Лосевым"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Мой адрас: вул. Янкі Купалы, 5", []),
        ("I wait at 5 Ivan Losev Street", []),
        ("Іван Лосеў\nУл. Мира 5", ["Іван Лосеў\nУл"]),
        ("ул. Мира 5, 220000 Минск\nИван Лосев", ["Минск\nИван Лосев"]),
        ("We wait for you.\nGranny Anna", []),  # as Anna signs, who wrote it
        ("Granny Maria waits for you.", ["Granny Maria"]),
        ("R2D2 and you. Ivan Losev waits. C3PO too", ["Ivan Losev"]),
    ],
)
def test_a_street_a_relative_who_signs_and_a_code_hide_no_name_beside_them(
    database: Database, submit: Submit, text: str, names: list[str]
) -> None:
    submit(database, text)
    with database.read() as connection:
        (message,) = review_flags.add_review_flags(
            connection, queries.list_messages(connection, "mikita", "waiting"), READ
        )
    assert [text[flag.start : flag.end] for flag in message.flags if flag.kind == "other-name"] == names


def test_an_insult_is_one_also_where_it_looks_like_an_address(database: Database, submit: Submit) -> None:
    text = "Those b@stards"
    submit(database, text, flags=(Flag("email", "message", 6, len(text)),))
    assert looked(database)[0][1] == {"email", "hostile", "language"}
