"""Whole numbers in a form or a query."""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.exceptions import BadRequest

NUMBER = re.compile(r"[0-9]{1,18}")  # what both databases hold


def requested_number(given: Mapping[str, str], name: str, default: int | None = None) -> int:
    """Return the whole number, 0 or more, that a form or a query holds under a name.

    Raises:
        BadRequest: something else stands there, or nothing does and there is no default.
    """
    if name not in given and default is not None:
        return default
    written = given.get(name, "")
    if not NUMBER.fullmatch(written):
        raise BadRequest
    return int(written)
