"""Redaction: which flags go, move, or keep what is left when a span is cut out."""

from __future__ import annotations

from campaign.messages.redaction import redact, repeated_word
from campaign.text.flag import Flag
from tests.support.table import table


@table(
    ("flag", "left"),
    [
        ((0, 2), (0, 2)),  # it ends where the cut begins
        ((4, 6), (2, 4)),  # it begins where the cut ends
        ((2, 4), None),
        ((3, 4), None),
        ((2, 5), (2, 3)),  # what is left of it
        ((1, 3), (1, 2)),
        ((1, 6), (1, 4)),
    ],
)
def test_a_flag_goes_moves_or_keeps_what_is_left_by_where_the_cut_is(flag, left):
    text, name, flags = redact(
        "abcdefgh", "Ann", [Flag("link", "message", *flag)], [Flag("link", "message", 2, 4)]
    )
    assert (text, name) == ("abefgh", "Ann")
    assert flags == ((Flag("link", "message", *left),) if left else ())


def test_what_is_left_moves_only_when_everything_is_cut():
    """Without its second indented line a text loses the indent of the first one, too."""
    text = "  Anna said so\n  Petrova"
    spans = [Flag("removed", "message", text.index(w), text.index(w) + len(w)) for w in ("Anna", "Petrova")]
    left = redact(text, "Ann", [Flag("link", "message", 7, 11)], spans)
    assert left == ("said so", "Ann", (Flag("link", "message"),))


@table(
    ("kind", "cut", "kept"),
    [("signature-surname", (9, 16), 0), ("signature-surname", (5, 9), 1), ("risky-word", (9, 16), 1)],
)
def test_a_surname_that_is_cut_out_leaves_no_flag_on_the_first_name(kind, cut, kept):
    flag = Flag(kind, "message", 5, 16)
    flags = redact("I am Ann Petrova.", "Ann", [flag], [Flag("removed", "message", *cut)])[2]
    assert len(flags) == kept


@table(
    ("why", "repeated"),
    [
        ("he asks Jo", ""),
        ("names Kowalska", "Kowalska"),
        ("of a KOWALSKA", "KOWALSKA"),
        ("says it often", ""),
    ],
)
def test_a_reason_repeats_no_word_that_could_tell_what_is_cut(why, repeated):
    text = "To Jo Kowalska often"
    assert repeated_word({"message": text}, [Flag("removed", "message", 0, len(text))], why) == repeated
