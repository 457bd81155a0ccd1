"""The benchmarks go on working, and say what they find; how fast anything is, `make bench` alone tells."""

import os
import shutil
import sys
from itertools import islice

import pytest

from tests.benchmarks import peers
from tests.benchmarks.instructions import instructions
from tests.benchmarks.press import corpus
from tests.benchmarks.press.runs import PEERS, REQUIREMENTS, Workshop
from tests.benchmarks.receiver import beside, dearest

COUNT = 40


@pytest.fixture
def shop(tmp_path):
    """A workshop of one round."""
    return Workshop(tmp_path, 1)


@pytest.fixture
def messages(tmp_path):
    """Messages in many languages."""
    path = tmp_path / "messages.jsonl"
    corpus.write(path, COUNT)
    return path


@pytest.mark.slow
def test_our_own_runs_are_measured(shop, messages):
    for how in ("one", "packed"):
        shop.ours(messages, how)
        assert 5 < shop.memory(messages, how) < 100
    assert shop.cards(messages, "one") == COUNT > 4 * shop.cards(messages, "packed")
    shop.limit(messages)
    shop.whole(messages, "one")
    shop.whole(messages, "one", 2)
    assert shop.wall("whole, two jobs", messages, "one") > 0
    assert (
        0
        < shop.cpu("limit", messages)
        < shop.cpu("ours", messages, "one")
        < shop.cpu("whole", messages, "one")
    )
    assert 100 * COUNT < shop.weight(messages, "one") < 1000 * COUNT


@pytest.mark.soak
def test_what_others_use_prints_every_card(shop, messages):
    if not peers.installed("press", REQUIREMENTS) and not os.environ.get("CI"):
        pytest.skip("`make bench` installs it")
    shop.pictures()
    for name in PEERS:  # one test: all of them share an environment, which the first may have to make
        shop.peer(name, messages, COUNT)
        assert shop.cpu(name, messages) > 0, name


@pytest.mark.slow
def test_a_dear_post_is_searched_for():
    *roads, what = islice(dearest.rows(0.5), 2 * len(dearest.ROADS) + 1)
    for ratio, times in zip(roads[::2], roads[1::2], strict=True):
        assert ratio.figure.endswith("times")
        assert " ms over " in times.figure
    assert " = " in what.figure


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is missing: make tools")
@pytest.mark.soak
def test_others_post_beside_those_who_send_the_dearest():
    _ratio, alone, together = islice(beside.rows(dearest.ORDINARY, 2, 4), 3)  # on one worker
    assert "0 errors" in alone.figure
    assert "0 errors" in together.figure
    assert together.what.endswith("of the dearest ([200])")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is missing: make tools")
def test_instructions_are_counted_alike_each_time():
    short, long = ([sys.executable, "-I", "-S", "-c", f"sum(range({n}))"] for n in (10, 100_000))
    counted = instructions(short)
    assert instructions(long) - counted > 100_000
    assert abs(instructions(short) / counted - 1) < 0.01
