"""The Python interpreter that many threads share: who holds its lock, and when it looks for garbage."""

from __future__ import annotations

import gc
import sys

# A thread that waits for the interpreter wakes up so often to ask for it, and 60 of them wake up in vain. No
# request works for longer than some milliseconds before it waits for a client or the disk by itself.
ASK_EVERY = 0.05  # seconds; 0.005 by default

# Objects that are there more than at the last look for unused ones. A request takes nearly all of its own
# with it when it ends: with the default of 700 most looks fall into the middle of some, and find next to
# nothing.
MORE = 5_000  # a look takes some milliseconds, in which nobody is answered


def share() -> None:
    """Set the interpreter up for the receiver's threads, once the app is made: what is there now stays."""
    sys.setswitchinterval(ASK_EVERY)
    gc.collect()
    gc.freeze()
    gc.set_threshold(MORE, *gc.get_threshold()[1:])
