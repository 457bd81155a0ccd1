"""The outlines that pages show are the printed card: held to MuPDF's reading of it, and to its ink."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

import pymupdf
import pytest
import resvg_py
from PIL import Image, ImageChops, ImageFilter

from campaign.cards.card_picture import preview
from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.fonts import faces
from campaign.cards.outlines import UNITS, Outlines, shape
from campaign.cards.type.typesetter import CannotSet
from tests.support.lanes import few, first
from tests.support.outlined import outlined
from tests.support.sample_messages import MESSAGES

NAMES = {family: "".join(faces.face(family).face.get_name(6).split()) for family in faces.FAMILIES}
Glyph = tuple[str, float, float]  # its outline, and how far right and down it stands, in points


def varied(script: str) -> Iterator[tuple[str, bool]]:
    """Give six texts of a script, and whether each has a card for itself."""
    _, text, _ = MESSAGES[script]
    words = text.split(" ")
    random.Random(script).shuffle(words)
    yield text, False
    yield text, True
    yield f"{text}\n\n{text}", False
    yield f"{' '.join(words)} 🕯️❤️", False
    yield f"  {text}\n“{words[0]}” — 2026", False
    yield f"{words[-1]}, Minecraft?! (16) {text}", False


def printed(text: str, first_name: str, language: str, *, alone: bool) -> list[Glyph]:
    """Read the card's PDF: the glyphs that have ink."""
    card = preview(text, first_name, language, CARD_SIZES["A5"], alone=alone)
    with pymupdf.open("pdf", card.pdf) as document:
        return [
            (path, x, y)
            for span in document[0].get_texttrace()
            for _, glyph, (x, y), _ in span["chars"]
            if glyph >= 0 and (path := shape(font(span["font"], span["size"] / card.setting.size), glyph))
        ]


def font(name: str, scale: float) -> faces.Family:
    """Find the font of a name, of which MuPDF keeps the beginning; one file is there in two sizes."""
    begun = [family for family in faces.FAMILIES if NAMES[family].startswith(name.partition("+")[2] or name)]
    return min(begun, key=lambda family: abs(family.scale - scale))


def taken(glyphs: list[Glyph], wanted: Glyph) -> bool:
    """Take out the glyph that is the wanted one, if it stands where that should."""
    path, x, y = wanted
    same = [one for one in glyphs if one[0] == path and abs(one[1] - x) < 0.05 and abs(one[2] - y) < 0.05]
    glyphs[:] = [one for one in glyphs if one is not same[0]] if same else glyphs
    return bool(same)


@pytest.mark.parametrize("script", first(8, MESSAGES))
def test_the_same_glyphs_stand_on_the_same_lines_as_on_the_printed_card(script):
    language, _, first_name = MESSAGES[script]
    for text, alone in varied(script):
        found = outlined("A5", text, first_name, language, alone=alone)
        unit = CARD_SIZES["A5"].width * 72 / 25.4 / found.width
        glyphs = [(found.shapes[i], x * unit, y * unit) for i, x, y in found.places]
        expected = printed(text, first_name, language, alone=alone)
        assert len(expected) > len(text) / 4
        assert [wanted for wanted in expected if not taken(glyphs, wanted)] == []
        assert glyphs == []


# The glyphs of all are held to the press's above: here it is how they are painted.
@pytest.mark.parametrize("script", [*first(3, list(MESSAGES)[:12]), *few(0, list(MESSAGES)[12:])])
def test_its_ink_is_the_printed_card_s(script):
    language, text, first_name = MESSAGES[script]
    with Image.open(io.BytesIO(preview(text, first_name, language).png(200))) as image:
        paper = image.convert("L")
    found = outlined("A6", text, first_name, language)
    painted = resvg_py.svg_to_bytes(svg_string=svg(found), width=paper.width, background="white")
    with Image.open(io.BytesIO(bytes(painted))) as image:
        screen = image.convert("L").resize(paper.size)
    for one, other in ((paper, screen), (screen, paper)):
        assert blackest(one, other) < 170


def blackest(image: Image.Image, other: Image.Image) -> int:
    """Tell how much ink stands in one picture where the other has none around."""
    around = other.filter(ImageFilter.MinFilter(3))
    return ImageChops.subtract(around, image).getextrema()[1]


def svg(found: Outlines) -> str:
    shapes = "".join(f'<path id="s{i}" d="{path}"/>' for i, path in enumerate(found.shapes))
    places = "".join(f'<use href="#s{i}" x="{x}" y="{y}"/>' for i, x, y in found.places)
    box = f'viewBox="0 0 {found.width} {found.height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><defs>{shapes}</defs>{places}</svg>'


def test_what_no_card_carries_is_not_drawn():
    with pytest.raises(CannotSet):
        outlined("A6", "𓀀", "Anna", "en")


def test_a_shape_is_drawn_once_however_often_it_stands():
    found = outlined("A6", "nana " * 9, "Anna", "en")
    assert len(found.shapes) == 5
    assert len(found.places) == 40
    assert found.width == round(105 * 72 / 25.4 / 11 * UNITS)


@pytest.mark.parametrize(("text", "name"), [("Be strong!", "Jo"), ("كن قويًا دائمًا!", "ليلى")])
def test_the_words_of_others_begin_where_the_message_begins(text, name):
    found = outlined("A6", text, name, "en")
    ends = {right if text < "z" else found.width - right - long for right, _, long in found.others}
    assert len(ends) == 1
