"""The gaps between words: what is looked for is found however wide they are, and over a line's end."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.text.flags import find
from campaign.text.normalising import Normalised, normalise
from campaign.text.other_names import find_other_names
from campaign.text.suspicions import find_suspicions
from campaign.text.whitespace import ClosedUp
from tests.support.table import table

GAPS = ("  ", "\n", " \n ", "\t", "\u00a0", "\u2003 ", "    ")
RISKY = ("long live Belarus", "Жыве Беларусь")


def noticed(text: str) -> Iterator[tuple[str, str]]:
    for flag in find(Normalised(text), Normalised("Jo"), risky_words=RISKY):
        yield flag.kind, text[flag.start : flag.end]
    yield from ((kind, text[start:end]) for kind, (start, end) in find_suspicions(text))
    yield from (("other-name", text[start:end]) for start, end in find_other_names(text, ("Mikita",)))


def written(words: str) -> Iterator[str]:
    """Yield the words with each of their spaces in every other form, and with all of them wide."""
    for space in re.finditer(" ", words):
        yield from (f"{words[: space.start()]}{gap}{words[space.end() :]}" for gap in GAPS)
    yield from (words.replace(" ", gap) for gap in GAPS if "\n" not in gap)


@table(
    ("kind", "words"),
    [
        ("hostile", "know where you live"),
        ("hostile", "I’ll kill you"),
        ("hostile", "знаем, где ты живёшь"),
        ("hostile", "Гори в пеклі"),
        ("hostile", "wissen, wo du wohnst"),
        ("risky-word", "Long live Belarus"),
        ("risky-word", "жыве беларусь"),
        ("postal-address", "ul. Długa 5/7"),
        ("postal-address", "ул. Ленина, д. 12"),
        ("postal-address", "улица ленина 5 кв 3"),
        ("postal-address", "живу на пушкина 12"),
        ("postal-address", "mieszkamy przy jana pawła 12"),
        ("postal-address", "wohne in der lange gasse 5"),
        ("postal-address", "live at 12 garden road"),
        ("postal-address", "221b Baker Street"),
        ("postal-address", "7 Garden Road, Bristol BS1 4XX"),
        ("postal-address", "Lindenstraße 12, 10969 Berlin"),
        ("postal-address", "52.2297 N 21.0122 E"),
        ("code", "12 7 33 4 18 9 2"),
        ("code", "a b c d e f"),
        ("code", ".... . .-.. .-.. ---"),
        ("code", "X7 K2 P9 L4 M1"),
        ("code", "01001000 01101001"),
        ("phone", "+375 29 123-45-67"),
        ("phone", "(029) 12 34"),
        ("phone", "123 45 67"),
        ("email", "paul (at) example punkt de"),
        ("email", "anna at example dot org"),
        ("handle", "telegram: anna_k"),
        ("handle", "whats app: anna_k"),
        ("other-name", "Anna Kowalska"),
        ("other-name", "J. R. Jones"),
        ("other-name", "Мария Ивановна"),
    ],
)
def test_words_are_found_whatever_stands_between_them(kind: str, words: str) -> None:
    for form in written(words):
        text = normalise(f"so {form}, then").text
        assert (kind, text[3:-6]) in set(noticed(text)), form


@table("gap", GAPS)
def test_a_name_after_its_title_and_one_under_the_text_are_found_over_any_gap(gap: str) -> None:
    assert ("other-name", "Smith") in set(noticed(f"your lawyer{gap}Smith told us"))
    text = normalise(f"Yours, Anna{gap}Kowalska").text
    assert ("signature-surname", text[7:]) in set(noticed(text))


@table(
    "text",
    [
        "Greetings from Kraków\n\nMaria, who thinks of you",  # a blank line parts what is said
        "Minsk, 24.12.2026\n16 of us",
        "We met in 1998\n2024 was a hard year",
        "мой телеграм -\nпусто без тебя",
        "10\n9\n8\n7\n6\n5\n4\n3\n2\n1",
        "You are strong.\n  You are loved.\n\n\tWe   wait.",
    ],
)
def test_what_a_line_s_end_parts_is_not_noticed(text: str) -> None:
    assert set(noticed(text)) == set()


def test_numbers_one_below_the_other_are_each_found() -> None:
    found = [words for kind, words in noticed("8 029 123 45 67\n8 029 765 43 21") if kind == "phone"]
    assert found == ["8 029 123 45 67", "8 029 765 43 21"]
    found = [words for kind, words in noticed("2024\n8 029 1\n23 45 67") if kind == "phone"]
    assert found == ["8 029 1\n23 45 67"]  # a year above is no part of it, and hides nothing
    found = [words for kind, words in noticed("call +375 29 123-45-67\n16 of us") if kind == "phone"]
    assert found == ["+375 29 123-45-67"]


@example("a \u20e3 b")  # a key without its figure, in a gap
@given(st.text(st.sampled_from("ab \n\t\u00a0\u3000é\ufe0f\u20e3"), max_size=40))
def test_a_place_in_the_closed_text_is_one_in_the_text_itself(text: str) -> None:
    closed, key = ClosedUp(text), "\ufe0f?\u20e3"
    gapped = re.sub(key, "", text)
    assert closed.text == re.sub(r"\s+", lambda gap: "\n" if "\n" in gap[0] else " ", gapped)
    for word in re.finditer(r"\S+", closed.text):
        start, end = closed.span(*word.span())
        assert re.sub(key, "", text[start:end]) == word[0]


@pytest.mark.parametrize(
    "piece",
    ["Aa  ", "Aa" + " " * 500, "ul.  ", "ul. Aa  ", "1  ", "8\n", "a  at  ", "vk  ", "dr \n ", "kill  "],
)
def test_wide_gaps_without_end_take_no_time_to_speak_of(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    started = time.process_time()
    list(noticed(text))
    assert time.process_time() - started < 1
