"""What a check found is used again only for the very same content, program, parts and day."""

from __future__ import annotations

import os
import site
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaign.content import check_cache
from campaign.content.check_cache import Sound, digest
from campaign.errors import ContentError
from tests.support.editing import replace

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _other_word(folder: Path) -> None:
    story, before = folder / "en" / "story.md", (folder / "en" / "story.md").stat()
    replace(story, "e", "a")
    os.utime(story, ns=(before.st_atime_ns, before.st_mtime_ns))  # as whoever unpacks an archive does


def _new_file(folder: Path) -> None:
    (folder / "en" / "extra.txt").touch()


def _other_name(folder: Path) -> None:
    (folder / "en" / "closed.md").rename(folder / "en" / "Closed.md")


def _none_left(folder: Path) -> None:
    (folder / "en" / "closed.md").unlink()


@pytest.mark.parametrize("change", [_other_word, _new_file, _other_name, _none_left])
def test_other_content_is_named_otherwise(folder: Path, change: Callable[[Path], None]) -> None:
    before = digest(folder.parent, NOW)
    assert before == digest(folder.parent, NOW)
    change(folder)
    assert digest(folder.parent, NOW) not in {before, None}


def test_another_day_somewhere_on_earth_is_named_otherwise(folder: Path) -> None:
    days = {digest(folder.parent, NOW + timedelta(hours=hours)) for hours in range(24)}
    assert len(days) == 3  # 14 hours ahead the next day begins at 10, here at midnight


def test_another_program_or_part_is_named_otherwise(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, parts = tmp_path / "program", tmp_path / "parts"
    (program / "campaign").mkdir(parents=True)
    (parts / "markdown-3.5.dist-info").mkdir(parents=True)
    source = program / "campaign" / "text.py"
    source.write_text("1")
    monkeypatch.setattr(check_cache, "ROOT", program)
    monkeypatch.setattr(check_cache, "PROGRAM", ("campaign",))
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(parts)])
    seen = [digest(folder.parent, NOW)]
    source.write_text("2")
    seen.append(digest(folder.parent, NOW))
    (parts / "markdown-3.5.dist-info").rename(parts / "markdown-3.6.dist-info")
    seen.append(digest(folder.parent, NOW))
    (program / "campaign" / "__pycache__").mkdir()
    assert digest(folder.parent, NOW) == seen[-1]
    assert len({*seen, None}) == 4


def test_the_program_and_its_words_are_part_of_it() -> None:
    for top in check_cache.PROGRAM:
        assert (check_cache.ROOT / top).exists()
    assert {"campaign", "site", "receiver"} <= set(check_cache.PROGRAM)  # whose words are translated


def test_of_content_with_links_or_too_much_of_it_nothing_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "en" / "linked.md").symlink_to(folder / "en" / "story.md")
    assert digest(folder.parent) is None
    (folder / "en" / "linked.md").unlink()
    assert digest(folder.parent)
    monkeypatch.setattr(check_cache, "LONGEST", 10)
    assert digest(folder.parent) is None


def test_what_was_found_comes_back_as_it_was(tmp_path: Path) -> None:
    warning = ContentError(
        tmp_path / "en" / "story.md", 3, "a sign is left over", "put it right", level="warning"
    )
    check_cache.remember(tmp_path / "new" / "_build", "key", Sound((warning,), ("printed as dots",)))
    known = check_cache.remembered(tmp_path / "new" / "_build", "key")
    assert known
    assert [vars(one) for one in known.warnings] == [vars(warning)]
    assert known.notes == ("printed as dots",)
    assert check_cache.remembered(tmp_path / "new" / "_build", "other") is None
    assert check_cache.remembered(tmp_path / "new" / "_build", None) is None


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"digest": "key"}', '{"digest": "key", "warnings": [1]}'])
def test_a_file_that_is_not_whole_counts_for_nothing(tmp_path: Path, broken: str) -> None:
    (tmp_path / check_cache.NAME).write_text(broken)
    assert check_cache.remembered(tmp_path, "key") is None


def test_where_nothing_can_be_written_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check_cache.remember(tmp_path / "file" / "_build", "key", Sound((), ()))
