"""Whatever an editor's file holds, it is read in proportion to its length, or refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from campaign.content import markdown, toml
from campaign.content.reading import Context
from campaign.content.source import LONGEST, MOST_FAULTS, Source

MOST_SECONDS = 8  # of CPU, under a tracer and on a slow machine too; what is bounded here took minutes
SHAPES = ["{{ ", "[", "# a\n"]
MORE = ["{{x}}", "{", "\\", "*a* ", "`", "<!--", "<!-- -->", "&amp;", '"', "=\n", "---\n"]


@pytest.mark.parametrize("shape", [*SHAPES, *(pytest.param(s, marks=pytest.mark.slow) for s in MORE)])
def test_a_text_of_one_shape_is_read_in_proportion(shape: str) -> None:
    text = f"# T\n\n{shape * ((LONGEST - 10) // len(shape))} x"
    source = Source(Path("story.md"), text, [])
    before = time.thread_time()
    markdown.document(source, Context("en"))
    assert time.thread_time() - before < MOST_SECONDS
    assert len(source.faults) <= MOST_FAULTS


@pytest.mark.parametrize("quote", ['"""', "'''"])
def test_a_string_of_many_lines_is_read_once(quote: str) -> None:
    text = f"a = 1\nb = {quote}\n" + "a line = [\n" * 10_000 + f"{quote}\nc = [\n 1, # ]\n]\n[d]\ne = 2\n"
    before = time.thread_time()
    lines = dict(toml.key_lines(text))
    assert time.thread_time() - before < MOST_SECONDS
    assert lines == {("a",): 1, ("b",): 2, ("c",): 10_004, ("d",): 10_007, ("d", "e"): 10_008}


@pytest.mark.parametrize(
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
    assert dict(toml.key_lines(text))[("b",)] == text.count("\n")
