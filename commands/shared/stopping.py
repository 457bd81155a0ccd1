"""A command that is told to end, or whose terminal closes, takes away what is half done, as at Ctrl-C."""

from __future__ import annotations

import signal
from typing import NoReturn

STOPS = (signal.SIGTERM, signal.SIGHUP)


def as_ctrl_c() -> None:
    """Treat SIGTERM, and a terminal or an SSH session that is gone, like Ctrl-C."""
    for number in STOPS:
        if signal.getsignal(number) != signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, _stop_once)


def _stop_once(number: int, _frame: object) -> NoReturn:
    """Stop, and let nothing cut that short: a terminal that closes says so twice."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
