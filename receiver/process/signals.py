"""Hearing the signal that stops the server, whichever thread the system hands it to, and once."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from granian import _signals

STOP = (signal.SIGTERM, signal.SIGINT)
WAKE = signal.SIGRTMIN
Handler = Callable[[int, FrameType | None], object]


def listen() -> None:
    """Wake the main thread when a signal to stop arrives; call this on the main thread.

    Python runs its signal handlers on the main thread only, which granian keeps asleep on a lock. When the
    kernel hands the signal to another of our many threads, nothing wakes it, and the server would run on
    until somebody kills it. Source: https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd
    """
    hear_once(_signals)
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.signal(WAKE, lambda _number, _frame: None)
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


def hear_once(module: Any) -> None:
    """Let the handler that a module of granian's sets from now on run for the first signal alone.

    The parent's takes a lock that it may hold already when the next signal interrupts it, and the worker's
    waits for ever the third time; either may be called so often before any other thread gets a turn.
    """
    install = module.set_main_signals

    def install_once(handler: Handler, *more: object) -> None:
        def heard(number: int, frame: FrameType | None) -> None:
            for other in STOP:
                signal.signal(other, signal.SIG_IGN)
            handler(number, frame)

        install(heard, *more)

    module.set_main_signals = install_once
