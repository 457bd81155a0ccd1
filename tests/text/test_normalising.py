"""What a message may hold: nothing real is changed, nothing unseen stays, nothing unprintable passes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.text import normalising
from campaign.text.normalising import Normalised, Refusal, length, most_marks, normalise, refusals
from tests.support.table import table

DATA = Path(__file__).parents[1] / "data"
DECLARATION = [
    line.split("\t")
    for line in (DATA / "declaration.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
ANYTHING = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from(
        "\u200b\u200c\u200d\u200e\u200f\u061c\ufe0f\ufe0e\u180b\U000e0067\U000e007f\u0301\u0308"
    )
    | st.sampled_from("aбกកक\u094dम\u06ccא🏴👩🔥❤ \n\r\t\u2028\u202e\u00ad"),
    max_size=60,
)
FORMS = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


class English:
    """A catalogue that returns the source strings."""

    def gettext(self, message: str, /) -> str:
        return message

    def ngettext(self, one: str, many: str, n: int, /) -> str:
        return one if n == 1 else many


@table(("language", "text"), DECLARATION, ids=[row[0] for row in DECLARATION])
def test_real_text_of_a_language_stays_as_it_is(language: str, text: str) -> None:
    assert normalise(text) == Normalised(unicodedata.normalize("NFC", text))
    assert refusals(normalise(text).text) == []


@table(
    "text",
    [
        "می\u200cخواهم",  # Persian: the plural and the prefix are joined by nothing
        "क्\u200dष और क्\u200cष",  # Hindi: half form and visible virama
        "ശ്രീ അവന്\u200d",  # Malayalam: a chillu at a word's end
        "ශ්\u200dරී ලංකා",  # Sinhala
        "র\u200d্যাব",  # Bengali: ra with ya-phalaa
        "សួស្តី\u200bពិភពលោក",  # Khmer: where a line may break
        "สวัสดี\u200bชาวโลก",  # Thai
        "ꦱꦸꦒꦼꦁ\u200bꦫꦮꦸꦃ",  # Javanese
        "ﾏｲﾝ\u200bｸﾗﾌﾄ",  # Katakana of half width
        "שלום (Mikita)\u200f!",  # Hebrew: a mark that keeps the sign on the left
        "مرحبا\u200e Mikita\u200e",  # Arabic with a Latin name
        f"{FAMILY} 👩🏽\u200d🚒 🙂\u200d↔\ufe0f ❤\ufe0f\u200d🔥 {ENGLAND} 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
        "ᠮᠣᠩᠭᠣᠯ\u180e\u1820 ᠪᠢᠴᠢᠭ\u180b",  # Mongolian: vowel separator and variation
        "葛\U000e0100城市",  # Japanese: which form of a letter a name takes
        "יְרוּשָׁלַ\u034fִם",  # Hebrew: two vowels, in the order in which they are written
        "辻\U000e0101 神\ufe00",
        "Трымайся, Мікіта! Ґанак, їжак, ў, ё. “Quoted” — ‘dashes’… № 5 • ©",
        "a\u00a0b\u202fc\u3000d",  # spaces of many widths
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert normalise(text) == Normalised(text)


@table(
    "unseen",
    [
        *("\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x81", "\x9d"),
        *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"),
        *("\u2060", "\u2061", "\u2062", "\u2063", "\u2064", "\ufeff", "\u00ad", "\u034f"),
        *("\u3164", "\u115f", "\u1160", "\uffa0", "\u206a", "\ufff9", "\ufffe", "\U0001d173"),
        *("\U000e0001", "\U000e0067", "\U000e007f", "\U000e0fff"),
        *("\u200b", "\u180e"),  # not needed by Latin
    ],
    ids=lambda character: f"U+{ord(character):04X}",
)
def test_what_nobody_sees_is_removed_and_told(unseen: str) -> None:
    assert normalise(f"Be str{unseen}ong") == Normalised("Be strong", removed=True)


@table("mark", ["\u200c", "\u200d", "\u200e", "\u200f", "\u061c"])
def test_joiners_and_marks_stay_between_letters_alone(mark: str) -> None:
    assert normalise(f"Auf{mark}lage").text == f"Auf{mark}lage"
    assert normalise(f"{mark}a {mark} b 1{mark}2 c{mark}.{mark}").text == "a  b 12 c."


def test_lone_surrogates_are_removed() -> None:
    assert normalise("a\ud800b").text == "ab"


@table(
    ("raw", "left"),
    [
        (f"{ENGLAND}\U000e0067", ENGLAND),  # a tag after the flag's end
        ("🏴\U000e0067\U000e0062", "🏴"),  # a flag without an end
        ("🔥\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🔥"),  # no flag at all
        ("🏴" + "\U000e0061" * 40 + "\U000e007f", "🏴"),  # words hidden behind a flag
        ("❤\ufe0f\ufe0f\ufe0e", "❤\ufe0f"),  # data hidden in variations
        ("a \ufe0fb", "a b"),
        ("م\u200c\u200c\u200c\u200cم", "م\u200cم"),
        ("א\u200f\u200f\u200fב", "א\u200fב"),
        ("ก\u200b\u200b\u200bข", "ก\u200bข"),
        ("🔥\u200da", "🔥a"),
        ("\u200d🔥", "🔥"),
        ("free\u200d\u200d\u200ddom", "free\u200ddom"),
        ("a\u0323\u034f\u0301", "ạ\u0301"),  # in order without it
        ("ַ\u034f\u034fִ", "ַ\u034fִ"),
        ("+375\u200d29\u200d1234567", "+375291234567"),
    ],
)
def test_what_is_needed_once_cannot_hide_more(raw: str, left: str) -> None:
    assert normalise(raw).text == left


@table(
    ("raw", "text"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a b"),
        ("a   \nb \u00a0", "a\nb"),
        ("\n\n  a\n\n\n\n\n\nb\n \n", "a\n\n\nb"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("\n   the hill\n  a   river\n", "   the hill\n  a   river"),  # a poem
        ("e\u0301 A\u030a", "é Å"),
        ("ﬁ ² Ａ", "ﬁ ² Ａ"),  # NFC, never NFKC
        (
            "\ufa19 \ufa10e\u0301 \ufa46 \U0002f800",
            "\ufa19 \ufa10é \ufa46 \U0002f800",
        ),  # a name's own letters
        ("Don\x92t stop\x85\x93Hope\x94 \x96 5 \x80", "Don’t stop\n“Hope” – 5 €"),  # of old word processors
        ("self\x1emade", "self-made"),
        ("", ""),
    ],
)
def test_lines_and_letters_take_one_form(raw: str, text: str) -> None:
    assert normalise(raw) == Normalised(text)


def test_a_name_is_one_line() -> None:
    assert normalise("  Anna\r\n\t Maria\u2028 ", one_line=True).text == "Anna Maria"


@table("raw", ["a\u202e\u0301b", "\u1100\u202e\u1161x", "  \u202e", "a\u202e" * 20, "\x00"])
def test_what_was_removed_is_told(raw: str) -> None:
    assert normalise(raw).removed
    assert normalise(raw, one_line=True).removed


@table("raw", ["a", "  a\r\n\t b\u2028 ", "e\u0301", "Don\x92t", FAMILY, ENGLAND])
def test_what_was_written_otherwise_was_not_removed(raw: str) -> None:
    assert not normalise(raw).removed


@example(" \u200b語", True)
@given(ANYTHING, st.booleans())
def test_normalising_twice_changes_nothing(raw: str, one_line: bool) -> None:
    once = normalise(raw, one_line=one_line).text
    assert normalise(once, one_line=one_line) == Normalised(once)


@given(ANYTHING)
def test_what_is_left_is_safe_to_store_and_to_print(raw: str) -> None:
    text = normalise(raw).text
    assert unicodedata.is_normalized("NFC", FORMS.sub("", text))
    assert text == text.strip()
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in text)
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2060\ufeff\u00ad")


@given(st.text(st.characters(max_codepoint=0x7F)), st.booleans())
def test_plain_letters_are_normalised_at_a_glance_to_the_same(raw: str, one_line: bool) -> None:
    assert normalise(raw, one_line=one_line) == normalising._closely(raw, one_line=one_line)


@given(st.text(st.characters(max_codepoint=0x2FF)) | st.text())
def test_a_glance_at_the_first_letter_tells_no_ink_that_is_not_there(text: str) -> None:
    assert normalising.has_something(text) == any(map(normalising._leaves_ink, text))


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po"], codec="utf-8"), max_size=40))
def test_letters_digits_and_signs_are_only_composed(raw: str) -> None:
    expected = unicodedata.normalize("NFC", raw).strip()
    if not FORMS.search(raw) and not set(raw) & set("\u3164\u115f\u1160\uffa0"):
        assert normalise(raw).text == expected


@table(
    ("text", "count"),
    [
        ("", 0),
        ("abc\n", 4),
        ("é", 1),
        ("e\u0301", 1),
        (FAMILY, 1),
        (ENGLAND, 1),
        ("🇧🇾🇵🇱", 2),
        ("👍🏽", 1),
        ("Трымайся ў", 10),
        ("नमस्ते", 3),
        ("กำลัง", 3),
        ("각각", 2),
        ("你好", 2),
    ],
)
def test_length_counts_what_a_person_counts(text: str, count: int) -> None:
    assert length(text) == count


@given(st.text(st.characters(codec="utf-8", max_codepoint=0x05FF, exclude_characters="\r"), max_size=30))
def test_counting_without_icu_gives_the_same(text: str) -> None:
    from icu4py.breakers import CharacterBreaker

    assert length(text) == sum(1 for _ in CharacterBreaker(text, "und"))


@pytest.mark.parametrize("text", ["", "\u0301", "\u2800\u2800", "\u0301\u0302 \u0303"])
def test_nothing_left_is_refused(text: str) -> None:
    assert refusals(text) == [Refusal("empty")]


@table("text", ["❤️", "...", "7", "💪", "\U0001fae9"])
def test_little_is_enough(text: str) -> None:
    assert refusals(text, limit=5) == []


def test_a_text_may_be_as_long_as_the_limit_in_graphemes() -> None:
    assert refusals(FAMILY * 400, limit=400) == []
    assert refusals(FAMILY * 401, limit=400) == [Refusal("too-long", over=1, limit=400)]
    assert refusals(FAMILY * 402, limit=400) == [Refusal("too-long", over=2, limit=400)]
    assert refusals("a" * 10_000, limit=0) == []


@pytest.mark.parametrize(
    "grapheme", ["क्" * 6000, "👩\u200d" * 6000 + "👩", "ᄀ" * 6000], ids=["Hindi", "emoji", "jamo"]
)
def test_a_grapheme_cannot_hold_a_book(grapheme: str) -> None:
    assert length(grapheme) == 1
    (refusal,) = refusals(grapheme, limit=400)
    assert refusal.kind == "too-long"


def test_the_longest_real_graphemes_count_once() -> None:
    kiss = "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏿"
    assert refusals(kiss * 400, limit=400) == []


def test_marks_are_refused_from_the_ninth_in_a_row() -> None:
    assert refusals("e" + "\u0301" * 8) == []
    assert refusals("e" + "\u0301" * 9) == [Refusal("marks")]
    assert most_marks("a\u0301\u0301b\u0301") == 2


ZALGO = "a" + "\u0345\u035c\u0315\u0301\u0316\u0321\u0338\u0334" * 996 + "b" + "\u202eb" * 8


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (ZALGO, "too-long"),
        ("a" + "\u0301" * 31, "marks"),
        ("a" + "\u0301\u202e" * 31, "marks"),  # what is removed does not part a row
        ("a" * 10_000, "too-long"),
        ("\n" * 4801, "too-long"),
    ],
)
def test_what_is_out_of_all_bounds_is_refused_before_it_is_composed(raw, kind, monkeypatch) -> None:
    composed: list[str] = []
    monkeypatch.setattr(unicodedata, "normalize", lambda _form, text: composed.append(text) or text)
    found = normalise(raw, limit=400)
    assert (found.text, found.refused and found.refused.kind) == (raw, kind)
    assert not composed


@pytest.mark.parametrize("raw", ["a" + "\u0301" * 30, "a" * 400, FAMILY * 400, "a\r\n" * 400])
def test_what_is_within_bounds_is_normalised_whatever_is_said_of_it_then(raw: str) -> None:
    assert normalise(raw, limit=400) == Normalised(
        unicodedata.normalize("NFC", raw).replace("\r", "").strip()
    )


@pytest.mark.slow
def test_tables_of_characters_do_not_grow_without_end() -> None:
    from campaign.text import character_table, matching, normalising

    for start in range(0x10000, 0x30000, 0x1000):
        characters = "".join(map(chr, range(start, start + 0x1000)))
        most_marks(characters)
        matching.fold(characters)
    for letters in (matching._FOLDING, normalising._MARKS):
        assert len(letters) <= character_table.MOST_REMEMBERED


@pytest.mark.parametrize("character", ["\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"])
def test_private_use_is_refused_by_name(character: str) -> None:
    (refusal,) = refusals(f"Hello {character}{character}")
    assert refusal == Refusal("private-use", characters=(character,))
    assert f"U+{ord(character):04X}" in refusal.words(English())


def test_every_fault_is_told_at_once() -> None:
    text = "\ue000e" + "\u0301" * 9 + "a" * 10
    assert [refusal.kind for refusal in refusals(text, limit=5)] == ["too-long", "private-use", "marks"]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal("empty"), "Please write something here."),
        (Refusal("too-long", over=1, limit=400), "This is 1 character too long: at most 400 fit."),
        (Refusal("too-long", over=7, limit=400), "This is 7 characters too long: at most 400 fit."),
        (Refusal("marks"), "This holds too many accents on one letter. Please take some out."),
    ],
)
def test_a_refusal_is_put_into_words(refusal: Refusal, words: str) -> None:
    assert refusal.words(English()) == words
