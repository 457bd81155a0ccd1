"""Many posts for a long time: nothing fails while staff review, and the memory does not grow."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.benchmarks.receiver import growth, stands
from tests.benchmarks.receiver.busy import busy

MEGABYTE = 2**20


@pytest.fixture(params=[stands.ours])
def post(request):
    """Our receiver and what to post at it."""
    if shutil.which("wrk") is None:
        assert not os.environ.get("CI"), "wrk is missing: make tools"
        pytest.skip("wrk is missing: make tools")
    with request.param({}) as running:
        for process in (running.process, running.server.process.pid):
            parent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1]
            assert int(parent) == os.getpid(), "what it takes would count as other programs'"
        yield running


@pytest.mark.slow
@pytest.mark.parametrize(
    "post",
    [
        pytest.param(stands.ours, marks=pytest.mark.soak, id="as one"),
        pytest.param(stands.ours_apart, id="apart"),
        pytest.param(partial(stands.ours, workers=2), id="two workers", marks=pytest.mark.soak),
    ],
    indirect=True,
)
@pytest.mark.parametrize(("seconds", "trial"), [(4, 1), pytest.param(60, 10, marks=pytest.mark.soak)])
def test_nothing_fails_while_staff_review(post, figure, seconds, trial):
    found = busy(post, seconds, trial)
    load = f"{seconds} s at {found.share:.0%} of the most ({found.found.rate:.0f} posts/s)"
    told = f"{found.failed} errors, p99 {found.slower:.1f} times idle"
    figure(f"{load}, staff approving {found.approved}", told)
    assert found.approved >= 2
    assert found.failed == 0


@pytest.mark.slow
@pytest.mark.parametrize("messages", [2_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_the_memory_does_not_grow_with_what_is_stored(post, figure, messages):
    samples = growth.watched(post, messages, messages // 20)
    slope = growth.slope(samples)
    size = f"{samples[-1][1] / MEGABYTE:.0f} MB at the end"
    figure(
        f"memory over {samples[-1][0]:,} messages",
        f"{slope.bytes:.1f} ± {slope.noise:.1f} bytes a message, {size}",
    )
    if messages == 100_000:
        assert slope.is_zero
    else:
        assert slope.drift < 16 * MEGABYTE, "it grows faster than its caches fill"


@pytest.mark.slow
def test_what_is_refused_is_no_success(post):
    post.bodies.origin = "http://elsewhere.example.org"
    found = post.measure(1)
    assert found.errors == found.answers > 0
    assert found.stored == post.stored() == 0


@pytest.mark.parametrize(
    ("sizes", "zero"),
    [
        ([100, 140, 150, 152, 151.5, 152, 151.8, 152], True),
        ([100, 90, 80, 70, 60, 50, 40, 30], True),
        ([100, 140, 150, 150.3, 150.5, 150.8, 151.2, 151.5], False),
    ],
    ids=["settling", "falling", "a few letters a message"],
)
def test_a_slope_is_told_from_noise(sizes, zero):
    samples = [(place * 5000, round(size * MEGABYTE)) for place, size in enumerate(sizes, start=1)]
    assert growth.slope(samples).is_zero == zero
