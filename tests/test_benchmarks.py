"""The benchmarks go on working, and say what they find; how fast anything is, `make bench` alone tells."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import islice

import pytest

from tests.benchmarks import peers, table
from tests.benchmarks.instructions import NotInstalled, instructions
from tests.benchmarks.press import corpus, counting
from tests.benchmarks.press.__main__ import Corpus
from tests.benchmarks.press.runs import PEERS, REQUIREMENTS, Workshop, WrongOutput, weighed
from tests.benchmarks.process import run, watched
from tests.benchmarks.receiver import beside, dearest
from tests.benchmarks.receiver.load import Measured

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


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (table.at_least("x", 4, 4.0), "reached"),
        (table.at_least("x", 4, 3.9), "not reached"),
        (table.at_most("x", 3, 3.0), "reached"),
        (table.at_most("x", 3, 3.1), "not reached"),
        (table.only("x", "7"), ""),
    ],
)
def test_a_row_says_whether_its_goal_is_reached(row, verdict):
    assert row.verdict == verdict


def test_on_a_busy_machine_times_have_no_verdict():
    row = table.at_most("x", 3, 2.0)
    assert table.unless_busy(row, 0.5).verdict == "reached"
    busy = table.unless_busy(row, 0.6)
    assert (busy.verdict, busy.figure) == ("", "2.00 times; busy: no verdict")


def test_all_goals_are_told_once_more_in_one_table(monkeypatch, capsys):
    monkeypatch.setattr(table, "SHOWN", [])
    table.show("The press", [table.at_most("cost", 3, 3.1), table.only("seconds", "7")])
    table.show("The receiver", [table.at_least("rate", 4, 4.0)])
    capsys.readouterr()
    table.goals()
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| The")]
    assert [re.sub(r" +", " ", line).strip() for line in told] == [
        "| The press: cost | at most 3 times | 3.10 times | not reached |",
        "| The receiver: rate | at least 4 times | 4.0 times | reached |",
    ]


@pytest.mark.slow
def test_what_other_programs_take_is_told_apart_from_our_own():
    with watched() as others:
        run([sys.executable, "-c", "for _ in range(20_000_000): pass"])
    assert -0.1 < others.cores < len(os.sched_getaffinity(0))


def test_without_repeating_no_word_comes_twice():
    found = [m for m in corpus.messages(200, repeating=False) if m.language not in corpus.UNSPACED]
    words = [word for m in found for word in m.text.split() if word[0].isalpha()]
    assert len(words) > 1000
    assert len(words) == len(set(words))


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


@pytest.mark.slow
def test_a_run_that_lost_cards_is_no_result(shop, messages, tmp_path):
    shop.ours(messages, "one")
    assert weighed(tmp_path / "out.pdf")["pages"] == 20
    with pytest.raises(WrongOutput, match="20 pages, and 41 cards take 22"):
        shop.check(tmp_path / "out.pdf", COUNT + 1)


@pytest.mark.soak
def test_what_others_use_prints_every_card(shop, messages):
    if not peers.installed("press", REQUIREMENTS) and not os.environ.get("CI"):
        pytest.skip("`make bench` installs it")
    shop.pictures()
    for name in PEERS:  # one test: all of them share an environment, which the first may have to make
        shop.peer(name, messages, COUNT)
        assert shop.cpu(name, messages) > 0, name


@pytest.mark.slow
def test_a_corpus_comes_in_four_lengths(tmp_path):
    class Few:
        usual, few, quarter, many = 8, 2, 4, 9

    found = Corpus.written(tmp_path, Few, repeating=True)
    lengths = [
        len(path.read_text().splitlines()) for path in (found.usual, found.few, found.quarter, found.many)
    ]
    assert lengths == [8, 2, 4, 9]
    assert len(json.loads(found.few.read_text().splitlines()[0])) == 3


@pytest.mark.slow
def test_a_dear_post_is_searched_for():
    *roads, what = islice(dearest.rows(0.5), 2 * len(dearest.ROADS) + 1)
    for ratio, times in zip(roads[::2], roads[1::2], strict=True):
        assert ratio.figure.endswith("times")
        assert " ms over " in times.figure
    assert " = " in what.figure


@pytest.mark.parametrize(
    ("alone", "hostile", "reached"),
    [
        ([10, 11, 12, 12, 13], [20, 25, 30, 35, 99], True),  # the middle one counts, not the worst
        ([10, 11, 12, 12, 13], [20, 25, 40, 50, 99], False),
        ([10, 11, 12, 12, 21], [20, 25, 30, 35, 99], None),  # so much changed by itself
    ],
)
def test_a_machine_that_is_busy_by_itself_gives_no_verdict(alone, hostile, reached):
    turns = [[Measured(1, 0, 0, 1, 0, p99 / 1e3, 1) for p99 in one] for one in (alone, hostile)]
    row = beside.compared(*turns)
    assert (row.reached, "busy: no verdict" in row.figure) == (reached, reached is None)


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


def test_a_command_that_fails_is_no_result():
    if shutil.which("valgrind") is None:
        with pytest.raises(NotInstalled, match="apt-get install valgrind"):
            instructions(["false"])
    else:
        with pytest.raises(subprocess.CalledProcessError):
            instructions(["false"])


def test_the_cost_of_the_start_and_that_of_a_message_are_told_apart():
    assert counting.Cost.between(2_500, 6_500) == counting.Cost(fixed=500, each=4)


def test_messages_that_others_print_rightly_are_of_scripts_that_they_know(tmp_path):
    every, western = (counting.Sample.written(tmp_path, western=only) for only in (False, True))
    for sample in (every, western):
        few, many = ([one.text for one in corpus.read(file)] for file in (sample.few, sample.many))
        assert (len(few), few) == (counting.FEW, many[: counting.FEW])
        assert len(many) == counting.MANY
        assert (max("".join(many)) > "\u20ff") == (sample is every)
    assert re.search("[α-ω]", "".join(many))
    assert re.search("[а-я]", "".join(many))
    assert not re.search("[א-ת]", "".join(many))
