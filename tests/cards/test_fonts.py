"""Every font that is committed stands in a licence beside it, with the copyright that it names itself."""

from __future__ import annotations

import struct
from pathlib import Path

from campaign.cards import fonts
from tests.support.table import table

FOLDER = Path(fonts.__file__).parent
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".ttf", ".otf"))
COPYRIGHT = 0  # of the table "name": https://learn.microsoft.com/typography/opentype/spec/name


@table("file", FILES, ids=lambda file: file.stem)
def test_a_font_stands_in_a_licence(file: Path) -> None:
    said = _copyright(file.read_bytes())
    licences = [path.read_text(encoding="utf-8") for path in FOLDER.glob("OFL-*.txt")]
    assert said
    assert any(said in text and (file.name in text or file.name.startswith("Alegreya")) for text in licences)


def _copyright(font: bytes) -> str:
    tables = (
        struct.unpack_from(">4sIII", font, 12 + 16 * n) for n in range(int.from_bytes(font[4:6], "big"))
    )
    table = next(font[start : start + length] for tag, _, start, length in tables if tag == b"name")
    _, count, strings = struct.unpack_from(">HHH", table)
    for platform, _, _, name, length, start in struct.iter_unpack(">6H", table[6 : 6 + 12 * count]):
        if name == COPYRIGHT:
            text = table[strings + start : strings + start + length]
            return text.decode("utf-16-be" if platform != 1 else "mac-roman").strip()
    return ""
