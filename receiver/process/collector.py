"""When the interpreter looks for objects that nobody uses any more: nobody is answered meanwhile."""

from __future__ import annotations

import gc

# Objects that are there more than at the last look. A request takes nearly all of its own with it when it
# ends: with the default of 700 most looks fall into the middle of some request, and find next to nothing.
MORE = 5_000  # a look at so many takes some milliseconds


def look_seldom() -> None:
    """Leave out what the app is made of, once it is made, and look less often than by default."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MORE, *gc.get_threshold()[1:])
