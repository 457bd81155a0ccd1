"""The line of a fault, with the place marked."""

import pytest

from campaign.errors import ContentError, Fix
from campaign.pages.preview.marking import mark


@pytest.mark.parametrize(
    ("fault", "fix", "marked"),
    [
        ('a link to "privcy.md", which is not there', None, "privcy.md"),
        ("unknown placeholder {{ nmae }}", None, "{{ nmae }}"),
        ("holds HTML: <b>", None, "<b>"),
        ("a slip", Fix(2, "](privcy", "](privacy"), "](privcy"),
        ("emphasis in a tangle", None, "See {{ nmae }} <b> [it](privcy.md)"),
    ],
)
def test_the_place_is_what_the_fix_replaces_or_the_words_name_or_the_line(tmp_path, fault, fix, marked):
    path = tmp_path / "story.md"
    path.write_bytes(b"# Title\r\n  See {{ nmae }} <b> [it](privcy.md)\r\n")
    (one,) = mark([ContentError(path, 2, fault, "mend it", fix=fix)], tmp_path)
    assert one.place == marked
    assert one.before + one.place + one.after == "  See {{ nmae }} <b> [it](privcy.md)"
    assert one.file == "story.md"


def test_a_fix_shows_the_line_as_it_will_be(tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text("goal = 5,000\n")
    (one,) = mark([ContentError(path, 1, "a", "b", fix=Fix(1, "5,000", "5000"))], tmp_path)
    assert one.becomes == "goal = 5000"


def test_a_long_line_is_cut_where_that_is_seen(tmp_path):
    path = tmp_path / "story.md"
    path.write_text(f"{'a' * 300} TODO {'b' * 300}\n")
    (one,) = mark([ContentError(path, 1, 'a blank that nobody filled in: "TODO"', "write it")], tmp_path)
    assert (one.place, one.before, one.after) == ("TODO", f"…{'a' * 199} ", f" {'b' * 199}…")


def test_a_fault_of_a_file_that_is_not_there_has_no_line(tmp_path):
    (one,) = mark([ContentError(tmp_path / "en/thanks.md", 0, "missing", "write it")], tmp_path)
    assert (one.before, one.place, one.after, one.becomes) == ("", "", "", None)


def test_a_fault_outside_of_the_content_cannot_be_edited_here(tmp_path):
    (one,) = mark([ContentError(tmp_path / "be.po", 0, "a", "b")], tmp_path / "content")
    assert one.file == ""
