"""Hearing the signal that stops the server, whichever thread the system hands it to, and once."""

from __future__ import annotations

import signal
import socket
import threading
from types import FrameType

STOP = (signal.SIGTERM, signal.SIGINT)
WAKE = signal.SIGRTMIN  # its number is above theirs: Python runs pending handlers in the order of numbers


def listen() -> None:
    """Wake the main thread when a signal to stop arrives; call this on the main thread.

    Python runs its signal handlers on the main thread only, which granian keeps asleep on a lock. When the
    kernel hands the signal to another of our many threads, nothing wakes it, and the server would run on
    until somebody kills it. Source: https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.signal(WAKE, _ignore_repetitions)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    arguments = (heard, told, threading.get_ident())
    threading.Thread(target=_pass_on, args=arguments, name="signals", daemon=True).start()


def _pass_on(heard: socket.socket, _told: socket.socket, main_thread: int) -> None:
    """Interrupt the main thread's sleep whenever a signal to stop was caught.

    It listens on to the end: were the sockets closed, a later signal would be written to whatever file has
    their number by then.
    """
    while numbers := heard.recv(1):
        if numbers[0] in STOP:
            signal.pthread_kill(main_thread, WAKE)


def _ignore_repetitions(_number: int, _frame: FrameType | None) -> None:
    """Leave it at one: granian's handler, which has just run, waits for ever the third time."""
    for number in STOP:
        signal.signal(number, signal.SIG_IGN)
