"""What staff see of the press before it prints: a message that no card can carry is flagged and refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaign.cards import fitting
from campaign.cards.card_picture import Preview
from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.type import glyph_runs
from campaign.cards.type.set_words import Setting
from campaign.cards.type.typesetter import Typesetter
from campaign.content.campaign_toml.card import CardFacts
from campaign.messages import queries, review
from campaign.messages.message import Message, MessageError
from campaign.press import printability
from campaign.press.planning import Terms, plan
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, TODAY
from tests.support.sample_messages import MESSAGES
from tests.support.table import table

CARD = CardFacts()
LONG = "line\n" * 35 + "end"
EGYPTIAN = "Hold on 𓀀 𓀁\nand 𓀂, Mikita!"


def message(text: str, first_name: str = "Ann", language: str = "en") -> Message:
    return Message("abc", "mikita", "waiting", first_name, text, language, (), 1, False, False, False, TODAY)


@table(
    ("text", "first_name", "flags"),
    [
        ("We are with you.", "Ann", ()),
        (LONG, "Ann", (Flag("does-not-fit", "message"),)),
        (EGYPTIAN, "Ann", (Flag("does-not-fit", "message", 8, 11), Flag("does-not-fit", "message", 16, 17))),
        ("We are with you.", "𓀀nn", (Flag("does-not-fit", "first_name", 0, 1),)),
        ("𓀀", "𓀀", (Flag("does-not-fit", "message", 0, 1), Flag("does-not-fit", "first_name", 0, 1))),
    ],
)
def test_the_flag_stands_on_the_characters_or_on_the_whole(text, first_name, flags):
    assert printability.fit_flags(CARD, message(text, first_name)) == flags


def test_a_message_in_a_script_without_a_font_is_flagged_once():
    assert len(printability.fit_flags(CARD, message("𓀀𓀁 𓀂𓀃 𓀄 " * 20))) == 1


def test_a_sequence_is_flagged_whole_and_not_its_first_letter():
    first, second = printability.fit_flags(CARD, message("Be 𓀀\u0301 well 𓀀"))
    assert (first.start, first.end, second.start, second.end) == (3, 5, 11, 12)


def test_a_larger_card_takes_more():
    assert fitting.misfit(CARD.size, LONG, "Ann", "en")
    assert fitting.misfit("A5", LONG, "Ann", "en") is None


@pytest.mark.slow
def test_what_plainly_fits_does_fit():
    """In every script of the cards, whatever their size, in the widest letters, in the most lines."""
    texts = {
        **MESSAGES,
        "wide": ("en", "W" * 300, "W" * 40),
        **{f"words of {n}": ("en", ("W" * n + " ") * 7, "Ann") for n in range(8, 26)},
        "words wider than a line": ("en", ("﷽" * 7 + " ") * 2, "Ann"),
        "lines": ("en", "a\n" * 24, "Ann"),
    }
    seen = 0
    for size in CARD_SIZES:
        card = replace(CARD, size=size)
        for language, text, name in texts.values():
            for times in range(1, 9):
                words = (" ".join([text] * times), name, language)
                if fitting.plainly_fits(card.size, *words):
                    seen += 1
                    assert fitting.misfit(card.size, *words) is None, words
    assert seen > len(CARD_SIZES) * len(texts)


ODD = [
    *"(«»—-½…“。「」",
    "👍",
    "❤️",
    "👩‍👧",
    "1️⃣",
    "🇺🇦",
    "﷽",
    "W" * 30,
    "a-b-c",
    "\u200b",
    "x\u0300",
    "日本語",
    "\u00a0",
    "ﬁ",
]
ODD += ["\u0301", "http://a.bc/de-fg", EGYPTIAN]
SCRIPTS = sorted({word for _, text, _ in MESSAGES.values() for word in text.split()})
SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\u00ad")  # no text holds a soft hyphen
WORDS = st.lists(
    st.sampled_from(SCRIPTS) | st.sampled_from(ODD) | st.text(SIGNS, max_size=4), min_size=1, max_size=50
)
NAMES = st.sampled_from(["Ann", *[name for _, _, name in MESSAGES.values()], "W" * 40])


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@example(["0\x85", "("], [""], "Ann", "A6")
@example(["0\u2028", " "], ["("], "Ann", "A6")
@given(
    WORDS,
    st.lists(st.sampled_from([" ", " ", " ", "\n", "-", ""]), min_size=1),
    NAMES,
    st.sampled_from(["A6", "A5"]),
)
def test_what_is_said_to_fit_at_a_glance_is_what_the_press_takes(words, gaps, name, size):
    """In words of all fonts and none, mixed in any way."""
    gap = cycle(gaps)
    text = "".join(word + next(gap) for word in words).strip() or "."
    if fitting.plainly_fits(size, text, name, "en"):
        assert fitting.misfit(size, text, name, "en") is None


@pytest.mark.parametrize("text", ["👍 well!", "❤️ Be well", "Ẹ kú àárọ̀", "ძვირფასო, შენ", "x\u0300 日本語"])
def test_what_stands_in_several_fonts_is_known_to_fit_without_being_set(text, monkeypatch):
    monkeypatch.setattr(Typesetter, "set", None)
    assert fitting.plainly_fits(CARD.size, text, "Ann", "en")


@table("lines", range(1, 25))
def test_a_name_in_a_script_with_high_lines_counts(lines):
    words = ("\n".join("a" * lines), "ناصر", "ur")
    assert not fitting.plainly_fits(CARD.size, *words) or fitting.misfit(CARD.size, *words) is None


@table(
    ("text", "name"),
    [
        *((LONG, "Ann"), (EGYPTIAN, "Ann"), ("Be well!", "𓀀"), ("👍 " * 300, "Ann"), ("ب 👍 well!", "Ann")),
        (f"a 1 {'n' * 39} " * 9, "Ann"),  # each of these words stands on a line of its own
    ],
)
def test_what_does_not_fit_or_may_not_is_not_said_to(text, name):
    assert not fitting.plainly_fits(CARD.size, text, name, "en")


# Thai, Lao, Tibetan, Khmer and Arabic marks that tower, and Nastaliq that climbs: each in one font.
TOWERS = ["ก\u0e48", "ກ\u0ec8", "ཀ\u0f74", "ཀ\u0fab", "ក\u17cb", "ب\u0670", "چ"]


@table("tower", TOWERS)
def test_what_leaves_its_line_is_not_said_to_fit(tower):
    whole = 0
    for times in range(1, 12):
        word = tower[0] + tower[1:] * times if tower[1:] else tower * 4 * times
        for words in ((word, "Ann"), ("Be well!", word)):
            if fitting.misfit(CARD.size, *words, "ur"):
                assert not fitting.plainly_fits(CARD.size, *words, "ur"), words
                whole += 1
    assert whole


@pytest.mark.parametrize("text", ["ขอบคุณทุกคนที่เขียนถึงคุณ น้ำ", "བཀྲ་ཤིས་བདེ་ལེགས།", "សូមអរគុណ", "שָׁלוֹם", "नमस्ते"])
def test_words_with_marks_are_known_to_fit_without_being_set(text, monkeypatch):
    monkeypatch.setattr(Typesetter, "set", None)
    assert fitting.plainly_fits(CARD.size, text, "Ann", "en")


@pytest.mark.parametrize("text", [LONG, EGYPTIAN])
def test_what_cannot_be_set_is_named_in_the_words_of_the_press(text, database, submit):
    receipt = submit(database, text)
    with database.read() as connection:
        found = queries.get(connection, receipt.message)
    with pytest.raises(MessageError) as refusal:
        printability.must_fit(CARD, found)
    approved = database.write(lambda c: review.approve(c, found.id, "olga", [APPROVAL_KEY], TODAY))
    terms = Terms("fill", 4, 14, TODAY, final=True)
    (unprinted,) = plan([approved], fitting.typesetter(CARD.size), terms, [APPROVAL_KEY]).cannot_set
    assert str(refusal.value) == f"{unprinted.message}: {unprinted.why}"


def test_looking_adds_it_to_what_is_found_by_others(database, submit, campaign):
    submit(database, EGYPTIAN)
    with database.read() as connection:
        (found,) = printability.add_all_flags(
            connection, queries.list_messages(connection, "mikita", "waiting"), campaign
        )
    assert [flag.kind for flag in found.flags] == ["language", "does-not-fit", "does-not-fit"]


def test_the_picture_is_as_the_campaign_prints():
    shared, alone = (
        printability.picture(replace(CARD, messages_per_card=number), message("Be well!"))
        for number in ("fill", 1)
    )
    assert shared.setting.size < alone.setting.size
    assert first_ink(shared.png(50)) < first_ink(alone.png(50)), "others stand below it"


def first_ink(png: bytes) -> int:
    """Give the row of dots in which the words begin."""
    import io

    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        return image.point(lambda value: 255 * (value < 128)).getbbox()[1]


@pytest.mark.parametrize("lost", ["", "Be well! Bnn", "Be well"])
def test_what_cannot_be_read_off_the_card_is_not_approved(lost, monkeypatch):
    monkeypatch.setattr(Preview, "text", lambda self: lost)
    with pytest.raises(MessageError, match="cannot be read off the card"):
        printability.must_fit(CARD, message("Be well!"))


def test_what_cannot_be_read_back_from_its_glyphs_is_told_before_thanks(monkeypatch):
    monkeypatch.setattr(Setting, "used", property(lambda self: ()))
    assert "cannot be read off" in str(fitting.misfit(CARD.size, "👍 well!", "Ann", "en"))


def test_what_may_be_approved_is_what_was_told_to_fit():
    for language, text, name in MESSAGES.values():
        printability.must_fit(CARD, message(text, name, language))


def test_words_too_near_to_a_cut_are_refused_before_they_are_approved(monkeypatch):
    """Where the typesetter missed it: MuPDF, which had no part in setting them, looks before any approval."""
    tower = "k" + "\u0309" * 8 + "\nx" * 22
    monkeypatch.setattr(glyph_runs, "_keeps_clear", lambda *_: True)
    with pytest.raises(MessageError, match="cannot be read off the card"):
        printability.must_fit(CARD, message(tower))
