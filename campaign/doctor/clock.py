"""Whether something sets this machine's clock: retention, tokens and webhooks go by it."""

from __future__ import annotations

import ctypes
import struct

UNSYNCHRONISED = 0x0040  # STA_UNSYNC of adjtimex(2): chrony, ntpd and systemd-timesyncd all clear it
LARGEST = 512  # bytes, more than struct timex has anywhere
TIMEX = struct.Struct("@Illlli")  # modes, offset, freq, maxerror, esterror, status; then what is not asked


def is_set() -> bool | None:
    """Ask the kernel; None where it does not say, as on another system than Linux."""
    timex = ctypes.create_string_buffer(LARGEST)
    try:
        answer = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    except (AttributeError, OSError):
        return None
    if answer < 0:
        return None
    *_, status = TIMEX.unpack_from(timex)
    return not status & UNSYNCHRONISED
