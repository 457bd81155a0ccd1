"""Made fonts/NotoSerifCJK-Regular.otf of the cards from Debian's fonts-noto-cjk (26 MB, five faces).

    apt-get download fonts-noto-cjk && dpkg-deb -x fonts-noto-cjk_*.deb /tmp/cjk
    .venv/bin/python -m tools.cjk_font /tmp/cjk/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc

Then `python -m tools.to_unicode` writes beside it what each glyph stands for.

Kept: every character of the Basic Multilingual Plane, with the forms of mainland China (the default), Taiwan,
Hong Kong, Japan and Korea, which the font's `locl` feature chooses by language. Dropped: hints, vertical
metrics, and the rare ideographs beyond the plane.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uharfbuzz as hb

TARGET = Path(__file__).resolve().parent.parent / "campaign/cards/fonts/NotoSerifCJK-Regular.otf"
SIMPLIFIED_CHINESE = 2  # the face's number in the collection
FEATURES = ("locl", "ccmp", "ljmo", "vjmo", "tjmo", "kern")
DROPPED = ("vhea", "vmtx", "VORG", "BASE")


def main(collection: str) -> None:
    """Write the smaller font."""
    face = hb.Face(hb.Blob.from_file_path(collection), SIMPLIFIED_CHINESE)
    wanted = hb.SubsetInput()
    wanted.unicode_set.clear()
    wanted.unicode_set.update(point for point in face.unicodes if point < 0x10000)
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(_tag(name) for name in FEATURES)
    wanted.drop_table_tag_set.update(_tag(name) for name in DROPPED)
    wanted.flags = hb.SubsetFlags.NO_HINTING
    small = wanted.subset(face)
    TARGET.write_bytes(small.blob.data)
    print(f"{TARGET.name}: {small.glyph_count} glyphs, {TARGET.stat().st_size} bytes")  # noqa: T201


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


if __name__ == "__main__":
    main(sys.argv[1])
