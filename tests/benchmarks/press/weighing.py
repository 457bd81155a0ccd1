"""What a file of sheets holds: its pages, and the bytes that grow with them.

    python -m tests.benchmarks.press.weighing FILE

Prints one JSON object. Fonts, picture and colour profile are streams that no page has for its contents.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pymupdf


def main(file: Path) -> None:
    """Weigh one file."""
    with pymupdf.open(file) as document:
        pages = {number for page in document for number in page.get_contents()}
        others = (
            n for n in range(1, document.xref_length()) if n not in pages and document.xref_is_stream(n)
        )
        shared = sum(len(document.xref_stream_raw(number)) for number in others)
        found = {"pages": document.page_count, "bytes": file.stat().st_size - shared}
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
