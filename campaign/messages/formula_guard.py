"""CSV cells that no spreadsheet runs as a formula, and the way back to what they were.

Our files separate by commas and quote whatever holds one, but a spreadsheet may be set to another separator,
and then finds neither our quotes nor the end of our lines where they are. So an apostrophe, which makes text
of a formula, stands at every place where any of them would begin a cell.
Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # the wide ones are taken too
_BEGINS = '(?:^|[;\\t|\\r\\n])[\\s"]*'  # no comma: who separates by it finds our quotes
_FORMULA = re.compile(f"({_BEGINS})(?='*[{_SIGNS}])")
_GUARDED = re.compile(f"({_BEGINS})'(?='*[{_SIGNS}])")


def guarded(cell: str) -> str:
    """Put an apostrophe before whatever a spreadsheet would run."""
    return _FORMULA.sub(r"\1'", cell)


def unguarded(cell: str) -> str:
    """Take out again what `guarded` put in; a cell that was written by hand may have none."""
    return _GUARDED.sub(r"\1", cell)
