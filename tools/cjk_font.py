"""Made NotoSerifCJK-Regular.otf and -Rare.otf in fonts/ from Debian's fonts-noto-cjk (26 MB, five faces).

    apt-get download fonts-noto-cjk && dpkg-deb -x fonts-noto-cjk_*.deb /tmp/cjk
    .venv/bin/python -m tools.cjk_font /tmp/cjk/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc

Then `python -m tools.to_unicode` writes beside it what each glyph stands for.

Kept: every character of the Basic Multilingual Plane, with the forms of mainland China (the default), Taiwan,
Hong Kong, Japan and Korea, which the font's `locl` feature chooses by language; in the other file, the rare
ideographs beyond the plane, in one form. Dropped: hints and vertical metrics.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import uharfbuzz as hb

FONTS = Path(__file__).resolve().parent.parent / "campaign/cards/fonts"
SIMPLIFIED_CHINESE = 2  # the face's number in the collection
FEATURES = ("locl", "ccmp", "ljmo", "vjmo", "tjmo", "kern")
DROPPED = ("vhea", "vmtx", "VORG", "BASE")


def main(collection: str) -> None:
    """Write the smaller fonts."""
    face = hb.Face(hb.Blob.from_file_path(collection), SIMPLIFIED_CHINESE)
    _write(face, "NotoSerifCJK-Regular.otf", {point for point in face.unicodes if point < 0x10000}, FEATURES)
    _write(face, "NotoSerifCJK-Rare.otf", {point for point in face.unicodes if point >= 0x20000}, ())


def _write(face: hb.Face, name: str, points: set[int], features: Iterable[str]) -> None:
    wanted = hb.SubsetInput()
    wanted.unicode_set.clear()
    wanted.unicode_set.update(points)
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(_tag(feature) for feature in features)
    wanted.drop_table_tag_set.update(_tag(table) for table in DROPPED)
    wanted.flags = hb.SubsetFlags.NO_HINTING
    small = wanted.subset(face)
    (FONTS / name).write_bytes(small.blob.data)
    print(f"{name}: {small.glyph_count} glyphs, {len(small.blob.data)} bytes")  # noqa: T201


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


if __name__ == "__main__":
    main(sys.argv[1])
