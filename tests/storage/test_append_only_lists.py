"""Lists beside the database survive a power cut in the middle of a line."""

from __future__ import annotations

import pytest

from campaign.storage import append_only_lists


def test_a_line_that_was_torn_goes_with_the_next_one(tmp_path):
    file = tmp_path / "list.txt"
    append_only_lists.append(file, "# A title.\n", ["one\n", "two\n"])
    with file.open("a") as opened:
        opened.write("thr")
    assert [line for _, line in append_only_lists.read(file)] == ["one", "two"]
    append_only_lists.append(file, "# A title.\n", ["four\n"])
    assert file.read_text() == "# A title.\none\ntwo\nfour\n"
    assert [place for place, _ in append_only_lists.read(file)] == [
        f"{file}:{number}" for number in (2, 3, 4)
    ]


def test_a_line_that_somebody_else_adds_meanwhile_stays(tmp_path, monkeypatch):
    file, look = tmp_path / "list.txt", append_only_lists._drop_torn

    def look_and_be_overtaken(opened):
        whole = look(opened)
        monkeypatch.setattr(append_only_lists, "_drop_torn", look)
        append_only_lists.append(file, "# A title.\n", ["theirs\n"])
        return whole

    append_only_lists.append(file, "# A title.\n", ["one\n"])
    monkeypatch.setattr(append_only_lists, "_drop_torn", look_and_be_overtaken)
    append_only_lists.append(file, "# A title.\n", ["ours\n"])
    assert [line for _, line in append_only_lists.read(file)] == ["one", "theirs", "ours"]


def test_a_line_of_which_half_is_seen_is_not_torn(tmp_path, monkeypatch):
    """Where it ends on another page of memory than it begins, half of it is seen for a moment."""
    file, rest = tmp_path / "list.txt", ["irs\n"]
    file.write_text("one\nthe")

    def goes_on(_seconds):
        with file.open("a") as opened:
            opened.write(rest.pop() if rest else "")

    monkeypatch.setattr(append_only_lists.time, "sleep", goes_on)
    append_only_lists.append(file, "# A title.\n", ["ours\n"])
    assert file.read_text() == "one\ntheirs\nours\n"


def test_a_list_that_is_not_there_is_empty_and_one_where_nobody_may_look_is_said_to_be_so(tmp_path):
    assert list(append_only_lists.read(tmp_path / "none" / "list.txt")) == []
    with pytest.raises(append_only_lists.ListError, match=r"list\.txt: cannot be read as a list; File name"):
        list(append_only_lists.read(tmp_path / ("a" * 300) / "list.txt"))  # no root is kept from it otherwise


def test_what_a_power_cut_left_is_taken_away_however_long_it_is(tmp_path):
    """Glued to it, the next entry would be no line of its own, and lost with whoever repairs the list."""
    file = tmp_path / "list.txt"
    append_only_lists.append(file, "# A title.\n", ["one\n"])
    with file.open("ab") as opened:
        opened.write(bytes(2 * append_only_lists.PIECE + 9))
    append_only_lists.append(file, "# A title.\n", ["two\n"])
    assert file.read_text() == "# A title.\none\ntwo\n"
