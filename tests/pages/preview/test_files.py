"""What the editor in the browser writes, and what it never does."""

import codecs
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.pages.preview import files as written_files
from campaign.pages.preview.files import Files, OvertakenFile, RefusedFile, written
from tests.support.table import table

STORY = "anna/en/story.md"


@pytest.fixture
def files(content):
    return Files(content)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\r\n")), st.sampled_from(["\n", "\r\n", "\r", ""])
        )
    )
)
def test_a_text_that_nobody_changed_keeps_every_byte(lines):
    raw = "".join(line + end for line, end in lines).encode("utf-8", "ignore")
    shown = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    assert written(raw, shown) == raw


@table(
    ("old", "text", "new"),
    [
        (b"a\r\nb\r\n", "a\nB\n", b"a\r\nB\r\n"),
        (b"a\r\nb", "a\nb\nc", b"a\r\nb\r\nc"),
        (b"a\nb\r\nc\n", "a\nb\nC\n", b"a\nb\r\nC\n"),
        (codecs.BOM_UTF8 + b"a\n", "b\n", codecs.BOM_UTF8 + b"b\n"),
        (b"a", "b", b"b"),
        (b"", "a\n", b"a\n"),
        (b"a\n", "", b""),
    ],
)
def test_a_change_keeps_the_ends_of_the_lines_the_mark_and_the_last_line(old, text, new):
    assert written(old, text) == new


@pytest.mark.parametrize("raw", [b"# A\r\n\r\nB", codecs.BOM_UTF8 + b"# A\n", b"# A\n\r\nb\r", b"# A"])
def test_saving_an_unchanged_file_changes_no_byte_and_no_time(files, content, raw):
    (content / STORY).write_bytes(raw)
    before = (content / STORY).stat().st_mtime_ns
    read = files.text(STORY)
    saved = files.save(STORY, read.text, read.digest)
    assert (content / STORY).read_bytes() == raw
    assert (content / STORY).stat().st_mtime_ns == before
    assert not saved.undo


def test_a_file_that_changed_on_the_disk_meanwhile_is_not_overwritten(files, content):
    read = files.text(STORY)
    (content / STORY).write_text("# Another's\n")
    with pytest.raises(OvertakenFile):
        files.save(STORY, "# Mine\n", read.digest)
    assert (content / STORY).read_text() == "# Another's\n"


def test_a_file_that_was_taken_away_is_brought_back(files, content):
    raw, read = (content / STORY).read_bytes(), files.text(STORY)
    assert files.remove(STORY, read.digest).undo
    assert not (content / STORY).exists()
    files.undo(STORY)
    assert (content / STORY).read_bytes() == raw


def test_a_file_that_came_meanwhile_is_not_overwritten_either(files, content):
    read = files.text("anna/en/won.md")
    assert (read.text, read.digest) == ("", "")
    (content / "anna/en/won.md").write_text("# Another's\n")
    with pytest.raises(OvertakenFile):
        files.save("anna/en/won.md", "# Mine\n", read.digest)


def test_each_save_can_be_taken_back_to_the_byte(files, content):
    first = (content / STORY).read_bytes()
    second = files.save(STORY, "# One\n", files.text(STORY).digest)
    files.save(STORY, "# Two\n", second.digest)
    files.undo(STORY)
    assert (content / STORY).read_text() == "# One\n"
    files.undo(STORY)
    assert (content / STORY).read_bytes() == first
    with pytest.raises(RefusedFile):
        files.undo(STORY)


def test_a_file_that_the_editor_made_goes_when_it_is_taken_back(files, content):
    files.save("anna/en/won.md", "# Won\n\nAt last.\n", "")
    files.undo("anna/en/won.md")
    assert not (content / "anna/en/won.md").exists()


def test_nothing_is_taken_back_over_what_somebody_else_wrote_since(files, content):
    files.save(STORY, "# One\n", files.text(STORY).digest)
    (content / STORY).write_text("# Another's\n")
    with pytest.raises(OvertakenFile):
        files.undo(STORY)
    assert (content / STORY).read_text() == "# Another's\n"


@pytest.fixture
def links(content):
    """The folder around the content, where links from within lead to."""
    outside, elsewhere = content.parent, content.parent / "elsewhere"
    (outside / "secret.md").write_text("keep out")
    elsewhere.mkdir()
    (content / "outside").symlink_to(elsewhere)
    (content / "anna/link").symlink_to(elsewhere)
    (content / "anna/en/link.md").symlink_to(outside / "secret.md")
    (content / "anna/en/to-itself.md").symlink_to("to-itself.md")
    return outside


@table(
    "name",
    [
        "",
        "story.md",
        "../secret.md",
        "anna/../../secret.md",
        "anna/en/../../../secret.md",
        "/etc/passwd.md",
        "anna//story.md",
        "anna/./story.md",
        "anna/.git/config.md",
        "anna/en/.hidden.md",
        "anna/en/story.py",
        "anna/en/campaign.toml",
        "anna/other.toml",
        "anna/en/a/b/c.md",
        "anna\\..\\..\\secret.md",
        "anna/en/story.md\0.md",
        "C:/x/story.md",
        "nobody/en/story.md",
        "outside/story.md",
        "anna/link/story.md",
        "anna/en/link.md",
        "anna/en/to-itself.md",
    ],
)
def test_no_path_outside_of_the_content_can_be_read_or_written(files, links, name):
    before = {path: path.read_bytes() for path in links.rglob("*") if path.is_file()}
    with pytest.raises(RefusedFile):
        files.text(name)
    with pytest.raises(RefusedFile):
        files.save(name, "mine", "")
    assert {path: path.read_bytes() for path in links.rglob("*") if path.is_file()} == before


def test_a_file_that_is_no_utf8_is_left_as_it_is(files, content):
    (content / STORY).write_bytes(b"# \xff\n")
    with pytest.raises(RefusedFile, match="UTF-8"):
        files.text(STORY)


def test_a_file_keeps_its_permissions(files, content):
    (content / STORY).chmod(0o640)
    files.save(STORY, "# One\n", files.text(STORY).digest)
    assert Path(content / STORY).stat().st_mode & 0o777 == 0o640


def test_a_link_that_lies_in_wait_is_not_written_through(files, content, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("mine")
    for end in ("part", "fixed"):
        (content / f"anna/en/.story.md.{end}").symlink_to(outside)
    seen = files.text("anna/en/story.md")
    files.save("anna/en/story.md", "# Another\n\nText.\n", seen.digest)
    assert outside.read_text() == "mine"
    assert not (content / "anna/en/story.md").is_symlink()


def test_a_text_that_is_hard_to_compare_is_saved_at_once(files, content):
    path = content / "anna/en/story.md"
    path.write_bytes(b"a\n\n" * 20_000)
    seen = files.text("anna/en/story.md")
    assert files.save("anna/en/story.md", "\nb\n" * 20_000, seen.digest).text == "\nb\n" * 20_000


def test_a_name_with_half_a_character_is_refused(files):
    with pytest.raises(RefusedFile, match="none of the files"):
        files.text("mikita/en/\ud800.md")


def test_what_a_full_disk_keeps_from_being_taken_back_is_taken_back_later(files, content, monkeypatch):
    first = (content / STORY).read_bytes()
    files.save(STORY, "# One\n", files.text(STORY).digest)
    with monkeypatch.context() as patch:
        patch.setattr(written_files, "replace_file", Mock(side_effect=OSError("full")))
        with pytest.raises(OSError, match="full"):
            files.undo(STORY)
    files.undo(STORY)
    assert (content / STORY).read_bytes() == first
