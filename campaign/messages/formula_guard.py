"""CSV cells that no spreadsheet runs as a formula, and the way back to what they were.

Our files separate by commas and quote whatever holds one, but a spreadsheet may be set to another separator,
and then finds neither our quotes nor the end of our lines where they are. So an apostrophe, which makes text
of a formula, stands at every place where any of them would begin a cell.
Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # the wide ones are taken too
_FORMULA = rf"(?='*[{_SIGNS}])"
# All that a spreadsheet may take for the end of a cell or leave out before one, looked at once for each run.
_RUN = r'(^[\s";|]*|(?<![\s";|])[\s";|]+)'
_ENDS = frozenset(";\t|\r\n")  # no comma: who separates by it finds our quotes
_BARE = re.compile(_RUN + _FORMULA)
_GUARDED = re.compile(f"{_RUN}'{_FORMULA}")


def guarded(cell: str) -> str:
    """Put an apostrophe before whatever a spreadsheet would run."""
    return _BARE.sub(lambda found: f"{found[0]}'" if _begins_cell(found) else found[0], cell)


def unguarded(cell: str) -> str:
    """Take out again what `guarded` put in; a cell that was written by hand may have none."""
    return _GUARDED.sub(lambda found: found[1] if _begins_cell(found) else found[0], cell)


def _begins_cell(found: re.Match[str]) -> bool:
    return found.start() == 0 or not _ENDS.isdisjoint(found[1])
