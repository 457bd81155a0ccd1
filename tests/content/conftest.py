from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.editing import write_campaign


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign without a fault."""
    return write_campaign(tmp_path / "content" / "mikita")
