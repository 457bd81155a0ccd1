"""Made site/static/letters/: the cards' fonts as WOFF2, for the card that the page shows during writing.

    uv run --no-project --with 'fonttools[woff]==4.68.0' --with uharfbuzz python -m tools.card_letters

They are committed, so that a page is built the same to the byte wherever it is built. Each file holds the
characters that the press sets in its font; by its `unicode-range`, static/card.js knows these. Emoji
have a family a file: a browser fetches every file of a family that names a joiner, and a joiner is in each.
"""

from __future__ import annotations

import io
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

from fontTools import subset

from campaign.cards.fonts import faces
from campaign.cards.fonts.families import EMOJI, HEARTS, ITALIC, TEXT, Family

FOLDER = Path(__file__).resolve().parent.parent / "site/static/letters"
# English, Belarusian, Russian, Ukrainian, Polish, German, and what all of western Europe shares with them.
USUAL = {*range(0x20, 0x100), *range(0x400, 0x460), 0x490, 0x491, *map(ord, "ąćęłńśźżĄĆĘŁŃŚŹŻẞ’ʼ€№")}
USUAL |= set(range(0x2010, 0x2040))
# What joins emoji, and colours of skin: in each of their files, so that none falls apart.
JOINERS = {0x200D, 0xFE0F, 0x2640, 0x2642, *range(0x1F3FB, 0x1F400)}
BLOCK = 64  # code points in one file of pictures: about 20 KB, and what is used together stands together
SIGNS, FLAGS, PICTURES, PRIVATE = 0x2000, 0x1F000, 0x1F300, 0xE0000


def main() -> None:
    """Write the files, their stylesheet and the licences."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    rules = []
    for name, family, points, style in _parts():
        (FOLDER / f"{name}.woff2").write_bytes(_part(family, points))
        rules.append(_rule(name, points, style))
    (FOLDER / "letters.css").write_text(
        "/* Licences: OFL-Alegreya.txt, OFL-Noto.txt */\n" + "\n".join(rules) + "\n"
    )
    for licence in ("OFL-Alegreya.txt", "OFL-Noto.txt"):
        shutil.copy(faces.FOLDER / licence, FOLDER)


def _parts() -> Iterable[tuple[str, Family, Collection[int], str]]:
    """Name each file, its font, its characters, and what its rule says of them."""
    for family, name, style in ((TEXT, "text", ""), (ITALIC, "italic", "font-style:italic;")):
        points = {point for point in faces.face(family).face.unicodes if _is_set_in(family, chr(point))}
        points |= {0x20, 0xA0}
        yield name, family, points & USUAL, style
        yield f"{name}-more", family, points - USUAL, style
    yield "heart", HEARTS, {0x2764}, ""
    points = {point for point in faces.face(EMOJI).face.unicodes if _is_set_in(EMOJI, f"{chr(point)}\ufe0f")}
    blocks: dict[int, set[int]] = defaultdict(lambda: set(JOINERS))
    for point in points:
        if SIGNS <= point < PRIVATE:
            blocks[_block(point)].add(point)
    yield from ((f"emoji-{block:x}", EMOJI, some, "") for block, some in sorted(blocks.items()))


def _block(point: int) -> int:
    return point // BLOCK * BLOCK if point >= PICTURES else FLAGS if point >= FLAGS else SIGNS


def _is_set_in(family: Family, cluster: str) -> bool:
    base = ITALIC if family is ITALIC else TEXT
    found = faces.choose(cluster, base, base)
    return found is not None and found.family is family


def _part(family: Family, points: Collection[int]) -> bytes:
    """Cut a font down to some characters, drawn as large as the press sets them."""
    options = subset.Options(hinting=False, name_IDs=[0, 13, 14], notdef_outline=True, recalc_timestamp=False)
    font = subset.load_font(str(faces.FOLDER / family.file), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font["head"].unitsPerEm = round(font["head"].unitsPerEm / family.scale)
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return out.getvalue()


def _rule(name: str, points: Collection[int], style: str) -> str:
    family = "Card" if name.startswith(("text", "italic")) else f"Card {name}"
    ranges = ",".join(
        f"U+{low:X}" + (f"-{high:X}" if high > low else "") for low, high in _ranges(sorted(points))
    )
    source = f'src:url({name}.woff2) format("woff2")'
    return f'@font-face{{font-family:"{family}";{style}font-display:swap;{source};unicode-range:{ranges}}}'


def _ranges(points: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found


if __name__ == "__main__":
    main()
