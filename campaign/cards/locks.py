"""One thread at a time, where the receiver has many: in setting type, and in MuPDF."""

from __future__ import annotations

import threading

# Shapers share the words that they know, and all are tidied at once: never while a message is being set.
TYPE = threading.RLock()
# MuPDF is not made for several threads.
MUPDF = threading.RLock()
