"""Files packed once, for hosts that send them as they lie: `.br` and `.gz` beside what a browser unpacks."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

PACKED = frozenset({".css", ".html", ".js", ".svg", ".txt", ".xml"})
LEAST = 256  # bytes; less is not worth another file


def compress(folder: Path) -> None:
    """Put a packed copy of each kind beside every text file that is the smaller for it."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(_pack, _worth_packing(folder)))


def _worth_packing(folder: Path) -> Iterator[Path]:
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in PACKED)
    return (path for path in files if path.is_file() and path.stat().st_size >= LEAST)


def _pack(path: Path) -> None:
    body = path.read_bytes()
    for suffix, packed in _packed(body):
        if len(packed) < len(body):
            path.with_name(path.name + suffix).write_bytes(packed)


def _packed(body: bytes) -> tuple[tuple[str, bytes], ...]:
    return (
        (".br", brotli.compress(body, mode=brotli.MODE_TEXT, quality=11)),
        (".gz", gzip.compress(body, compresslevel=9, mtime=0)),
    )
