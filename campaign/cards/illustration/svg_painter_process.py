"""The program that paints one drawing, a process of its own that limits can end: `svg_painting` starts it.

Width, height and seconds are its arguments, the drawing comes in, PNG goes out. It imports nothing of ours,
so that it begins at once.
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

import resvg_py

MEMORY = 2 << 30  # bytes; a card at 600 dpi takes 35 MB a layer


def main() -> None:
    """Paint, or end by a limit; what is wrong is the last line of the errors."""
    width, height, seconds = map(int, sys.argv[1:])
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # not every system knows each
            resource.setrlimit(kind, (most, most))
    painted = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        width=width,
        height=height,
        dpi=96,  # a browser's
        background="#ffffff",
        skip_system_fonts=True,
    )
    sys.stdout.buffer.write(bytes(painted))


if __name__ == "__main__":
    main()
