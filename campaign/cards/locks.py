"""The locks that let one thread at a time set type, and one use MuPDF: the receiver has many threads."""

from __future__ import annotations

import threading

# Shapers share their words, and all are emptied at once: never while a message is being set.
TYPE = threading.RLock()
# MuPDF is not made for several threads.
MUPDF = threading.RLock()
