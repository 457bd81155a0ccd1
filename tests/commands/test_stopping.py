"""What ends a command from outside lets it take away what is half done."""

import os
import signal

import pytest

from commands.shared import stopping


@pytest.fixture(params=[signal.SIG_DFL, signal.SIG_IGN])
def before(request):
    """What was done at each signal before the command began."""
    kept = {number: signal.signal(number, request.param) for number in stopping.STOPS}
    yield request.param
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", stopping.STOPS)
def test_a_terminal_that_closes_cuts_short_nothing_that_is_done_at_the_end(before, number):
    """It says so twice; and to what nohup began nothing at all."""
    ended = []
    stopping.as_ctrl_c()
    try:
        os.kill(os.getpid(), number)
        ended.append("not at all")
    except KeyboardInterrupt:
        os.kill(os.getpid(), number)
        ended.append("politely")
    assert ended == ["not at all" if before is signal.SIG_IGN else "politely"]
