"""Whatever an editor's file holds, it is read in proportion to its length, or refused."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from campaign.content import check_cache, checks, folder_bounds
from campaign.content.campaign import load_all, load_sound
from campaign.content.campaign_toml import toml_keys, toml_reader, toml_slips
from campaign.content.campaign_toml.facts import Facts, facts
from campaign.content.editors_file import MOST_FAULTS, Source
from campaign.errors import ContentError
from campaign.settings import ROOT
from tests.support.editing import write_campaign
from tests.support.english import english_alone
from tests.support.table import table

MOST_SECONDS = 8  # of CPU, under a tracer and on a slow machine too; what is bounded here took minutes


def test_of_each_file_no_more_faults_are_named_than_anybody_reads() -> None:
    faults: list[ContentError] = []
    for name in ("a.md", "b.md"):
        source = Source(Path(name), "", faults)
        for line in range(MOST_FAULTS + 9):
            source.fault(line, "is wrong", "mend it")
    assert len(faults) == 2 * MOST_FAULTS


@pytest.mark.parametrize("quote", ['"""', "'''"])
def test_a_string_of_many_lines_is_read_once(quote: str) -> None:
    text = f"a = 1\nb = {quote}\n" + "a line = [\n" * 10_000 + f"{quote}\nc = [\n 1, # ]\n]\n[d]\ne = 2\n"
    before = time.thread_time()
    lines = toml_keys.key_lines(text)
    assert time.thread_time() - before < MOST_SECONDS
    assert lines == {("a",): 1, ("b",): 2, ("c",): 10_004, ("d",): 10_007, ("d", "e"): 10_008}


@table(
    "value",
    [
        r'"a\"b # ["',
        "'a\\'",
        '""""a"""""',
        "''''a'''''",
        '"""a\\"""\n]b"""',
        '""',
        '[[1], {x = "]"}] # [',
        "[ # ]\n'[',\n]",
    ],
)
def test_a_statement_ends_where_toml_says(value: str) -> None:
    text = f"a = {value}\nb = 1\n"
    assert toml_keys.key_lines(text)[("b",)] == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "a." * 60_000 + "a = 1\n",
        "[" + "a." * 30_000 + "a]\n" + "b = 1\n" * 10_000,
        '"a" . ' * 20_000 + "a = 1\n",
        "goal = 0x" + "f" * 100_000 + "\n",
        "goal = 0b" + "1" * 100_000 + "\n",
    ],
    ids=["key", "table", "quoted", "hexadecimal", "binary"],
)
def test_names_in_each_other_without_end_and_numbers_without_end_are_a_fault(text: str) -> None:
    source = Source(Path("campaign.toml"), text, [])
    before = time.thread_time()
    assert toml_reader.read(source, Facts) is None
    assert time.thread_time() - before < MOST_SECONDS
    assert [(fault.line, fault.fault) for fault in source.faults] == [(1, toml_reader.TOO_DEEP[0])]


def test_of_more_faults_than_anybody_reads_the_first_are_told() -> None:
    text = "".join(f"x{number} = 1\n" for number in range(200)) + '[names.be]\ngenitive = "x"\n'
    source = Source(Path("campaign.toml"), text, [])
    assert facts(source, date(2026, 12, 1)) is None
    assert len(source.faults) == MOST_FAULTS


def test_words_with_many_dots_are_no_names_in_each_other() -> None:
    dots = "a.b.c.d.e.f.g.h.i.j.k.l.m"
    text = f'a = "{dots}" # {dots}\nb = """\n{dots}"""\nc = [{"1.5, " * 20}]\n'
    source = Source(Path("campaign.toml"), text, [])
    assert toml_reader.read(source, Facts) is not None, source.faults


@pytest.mark.parametrize(
    "line", ["goal = 5'000", "status = open", 'x = "', "[a", "a b c d e f g h", "goal = 1\ngoal"]
)
def test_slips_on_each_line_are_told_in_a_moment(line: str) -> None:
    text = f"{line}\n" * (toml_slips.LONGEST // (len(line) + 1))
    before = time.thread_time()
    toml_reader.read(source := Source(Path("campaign.toml"), text, []), Facts)
    assert time.thread_time() - before < MOST_SECONDS
    assert source.faults


def test_a_folder_of_more_files_than_can_be_looked_through_is_named(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(folder_bounds, "MOST_PATHS", 30)
    campaign = tmp_path / "content" / "mikita"
    english_alone(Path(shutil.copytree(ROOT / "content" / "mikita", campaign)))
    assert load_all(campaign.parent)
    for number in range(30):
        (campaign / f"{number}.tmp").touch()
    faults = load_sound(campaign.parent)[1]
    assert [fault.fault for fault in faults] == ["holds more than 30 files and folders"]


def test_a_folder_of_more_text_than_can_be_read_in_a_moment_is_named(tmp_path: Path) -> None:
    campaign = tmp_path / "content" / "mikita"
    shutil.copytree(ROOT / "content" / "mikita", campaign)
    for number in range(9):
        (campaign / "en" / f"notes-{number}.md").write_text("a " * 500_000)
    faults = load_sound(campaign.parent)[1]
    assert [fault.fault for fault in faults] == ["holds more than 8 MB of texts"]


@pytest.mark.parametrize(
    "name", ["en/story.md", "campaign.toml", "en/photo.jpg", "illustration.svg", "en/news"]
)
def test_a_pipe_in_the_place_of_a_file_is_named_and_not_waited_for(tmp_path: Path, name: str) -> None:
    campaign = write_campaign(tmp_path / "content" / "mikita")
    (campaign / name).unlink(missing_ok=True)
    os.mkfifo(campaign / name)
    found = checks.findings(campaign.parent, tmp_path)
    assert [(fault.path, fault.fault) for fault in found] == [(campaign / name, "is no file")]
    assert check_cache.digest(campaign.parent) is None
