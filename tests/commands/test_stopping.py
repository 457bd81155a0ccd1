"""What ends a command from outside lets it take away what is half done."""

import os
import signal

import pytest

from commands.shared import stopping


@pytest.mark.parametrize("number", stopping.STOPS)
def test_a_terminal_that_closes_cuts_short_nothing_that_is_done_at_the_end(number):
    """It says so twice."""
    before = {one: signal.signal(one, signal.SIG_DFL) for one in stopping.STOPS}
    ended = []
    try:
        stopping.as_ctrl_c()
        try:
            os.kill(os.getpid(), number)
            ended.append("not at all")
        except KeyboardInterrupt:
            os.kill(os.getpid(), number)
            ended.append("politely")
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert ended == ["politely"]


def test_what_nohup_ignores_stays_ignored():
    before = {one: signal.signal(one, signal.SIG_IGN) for one in stopping.STOPS}
    try:
        stopping.as_ctrl_c()
        assert {signal.getsignal(one) for one in stopping.STOPS} == {signal.SIG_IGN}
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
