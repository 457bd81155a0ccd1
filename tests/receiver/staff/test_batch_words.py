"""What the press says, in the words of the desk."""

from __future__ import annotations

import pytest

from receiver.staff.batch_words import MOST_LINES, at_the_desk, with_links


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "2 approved messages wait for company: they fill 0 cards, and a sheet holds 4; "
            "the oldest came 0 days ago and goes after 14 at the latest",
            "2 approved messages wait for company: they do not fill a card yet, and a sheet holds 4; "
            "the oldest came today and goes after 14 at the latest",
        ),
        (
            "batch 1 of mikita, reprint 1: x/reprint-1.pdf",
            "Batch 1: its sheets were made again (reprint 1). They are among its files.",
        ),
        (
            "batch 1 of mikita: it is rendered and cannot be marked posted; when it is on paper, "
            "`build.py batches mikita printed 1` comes first",
            "Batch 1: first press “All sheets are on paper”",
        ),
        (
            "batch 1 of mikita: it is void and cannot be marked void; it is void (cut through)",
            "Batch 1: it was taken back (cut through)",
        ),
        ("batch 1 of mikita: card 2 is void already", "Batch 1: card 2 was taken back already"),
        (
            "Take cards 3 and 7 back (`build.py batches mikita void 1 --cards 3 --why WORDS` and "
            "`build.py batches mikita void 1 --cards 7 --why WORDS`) and make the sheets again",
            "Take cards 3 and 7 back and make the sheets again",
        ),
        (
            "batch 1 of mikita, reprint 1: x/1\n  backs not moved, flip on the long edge\n  sheets.pdf",
            "Batch 1: its sheets were made again (reprint 1). They are among its files.\n"
            "  Both sides, flip on the long edge\n  sheets.pdf",
        ),
        ("nothing is ready\nsheets.pdf: gone", "Nothing is ready\nsheets.pdf: gone"),
    ],
)
def test_numbers_are_said_as_people_say_them(app, said, told):
    with app.app_context():
        assert at_the_desk(said) == told


def test_of_a_complaint_about_each_message_the_first_are_told_and_the_number_of_the_others(app):
    with app.test_request_context():
        told = with_links("message abcdefghijklmnopqrstu is not printed\n" * (MOST_LINES + 1500), "mikita")
    assert told.count("<a href=") == MOST_LINES
    assert told.endswith("\nand 1,500 more")
