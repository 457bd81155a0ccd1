"""Guarded cells: text whatever separates them, and the same again on the way back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.messages.formula_guard import guarded, unguarded
from tests.support.table import table

SIGNS = "=+-@＝＋－＠"
cells = st.text(st.sampled_from(f"{SIGNS}'\",;|\t\r\n ab"), max_size=12)


@pytest.mark.parametrize("separator", ",;\t|")
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@given(st.lists(cells, min_size=1, max_size=3))
@example(["=1+1"])
@example(["Stay strong;=cmd|'/C calc'!A0"])
@example(["one line\n@another"])
@example(['a;"=1'])
@example(["a", "\t-1"])
def test_no_cell_is_a_formula_whatever_a_spreadsheet_takes_for_a_separator(separator, quoting, row):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting).writerow(["id", *map(guarded, row)])
    for line in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=separator):
        assert not [cell for cell in line if cell.lstrip().startswith(tuple(SIGNS))]


@given(cells)
def test_a_cell_comes_back_as_it_was(cell):
    assert unguarded(guarded(cell)) == cell


@table("cell", ["", "Трымайся, - сказаў ён", "Anna-Maria", "'tis", "a = b; c", "2+2"])
def test_plain_words_stay_as_they_are(cell):
    assert guarded(cell) == cell
