"""The first campaign's illustration is what its generator draws, and only what prints as it looks."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMITTED = ROOT / "content/mikita/illustration.svg"


@pytest.mark.slow
def test_the_generator_draws_the_committed_file_byte_for_byte(tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.svg"
    subprocess.run([sys.executable, ROOT / "tools/illustration.py", "--output", drawn], check=True)
    assert drawn.read_bytes() == COMMITTED.read_bytes()
