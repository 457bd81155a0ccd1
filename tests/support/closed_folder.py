"""A folder that this user may not look into; a test may be root, for whom all is open."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest


def close(monkeypatch: pytest.MonkeyPatch, folder: Path, *, itself: bool = False) -> None:
    """Refuse what asks for anything in a folder; with `itself`, also whether it is there."""
    stat, access = os.stat, os.access

    def closed(call: Callable[..., Any], path: Any, *more: Any, **options: Any) -> Any:
        asked = Path() if isinstance(path, int) else Path(os.fsdecode(path))
        if folder in asked.parents or (asked == folder and (itself or call is not stat)):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return call(path, *more, **options)

    for name in ("stat", "open", "listdir", "scandir"):
        monkeypatch.setattr(os, name, partial(closed, getattr(os, name)))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and access(path, mode))
