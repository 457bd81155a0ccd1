"""What a file of sheets holds: its pages, and the bytes that grow with them.

    python -m tests.benchmarks.press.weighing FILE [pages]

Prints one JSON object, with `pages` their number alone. Fonts, picture and colour profile are streams that no
page has for its contents.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pymupdf


def main(file: Path, *, pages_alone: bool) -> None:
    """Weigh one file."""
    with pymupdf.open(file) as document:
        found = {"pages": document.page_count}
        if not pages_alone:
            found["bytes"] = file.stat().st_size - _shared(document)
    print(json.dumps(found))  # noqa: T201


def _shared(document: pymupdf.Document) -> int:
    pages = {number for page in document for number in page.get_contents()}
    others = set(range(1, document.xref_length())) - pages
    return sum(len(document.xref_stream_raw(n)) for n in others if document.xref_is_stream(n))


if __name__ == "__main__":
    main(Path(sys.argv[1]), pages_alone="pages" in sys.argv[2:])
