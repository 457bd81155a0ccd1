"""The lock that lets one thread at a time use MuPDF: the receiver has many."""

from __future__ import annotations

import threading

# MuPDF is not made for several threads.
MUPDF = threading.RLock()
