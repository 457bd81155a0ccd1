"""Any picture that can be printed as it looks becomes one form; any other is refused with the reason."""

from __future__ import annotations

import io
import subprocess
import sys

import pymupdf
import pytest
from PIL import Image, ImageChops

from campaign import ROOT
from campaign.cards.dimensions import SAFE_ZONE
from campaign.cards.draw import Card, draw_sheets
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.illustration.prepared_picture import Illustration, IllustrationError
from campaign.cards.imposition import imposition
from campaign.cards.pdf import PROFILE
from campaign.cards.type.typesetter import Typesetter

DOTS = (1240, 1748)  # A6 at 300 dpi
RED, BLUE = (200, 40, 30), (20, 60, 160)
CARD = Typesetter(105, 148)


def halves(mode: str = "RGB", size: tuple[int, int] = DOTS) -> Image.Image:
    """A picture whose upper half is red, and the lower one blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, size[1] // 2, *size))
    return image.convert(mode)


def saved(image: Image.Image, path, **options):
    image.save(path, **options)
    return path


def printed(illustration: Illustration) -> Image.Image:
    """The first card's front as it will look, without its white frame."""
    out = io.BytesIO()
    draw_sheets(
        out, imposition("A6", "A4"), illustration, [Card([CARD.set("Hello", "Ann")])], typesetter=CARD
    )
    with pymupdf.open("pdf", out.getvalue()) as document:
        assert not document[0].get_text(), "the proof lets no words be on a front"
        mm = 72 / 25.4
        edge = SAFE_ZONE * mm
        clip = pymupdf.Rect(edge, edge, 105 * mm - edge, 148 * mm - edge)
        shown = document[0].get_pixmap(dpi=72, clip=clip)
        return Image.frombytes("RGB", (shown.width, shown.height), shown.samples)


def near(found: tuple[int, ...], wanted: tuple[int, ...], by: int = 6) -> bool:
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


def is_halves(shown: Image.Image) -> bool:
    middle, height = shown.width // 2, shown.height
    return near(shown.getpixel((middle, height // 4)), RED) and near(
        shown.getpixel((middle, 3 * height // 4)), BLUE
    )


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_dots_are_printed_upright_in_their_colours(tmp_path, name):
    assert is_halves(printed(load_illustration(saved(halves(), tmp_path / name, quality=95))))


def test_a_photograph_is_stored_as_a_jpeg_of_its_own_size(tmp_path):
    found = load_illustration(saved(halves(), tmp_path / "a.jpg", quality=95))
    with Image.open(io.BytesIO(found.objects[0].data)) as stored:
        assert (stored.format, stored.size) == ("JPEG", DOTS)


def test_a_turned_photograph_is_set_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    path = saved(halves().rotate(90, expand=True), tmp_path / "a.jpg", exif=exif, quality=95)
    assert is_halves(printed(load_illustration(path)))


def test_what_shines_through_lies_on_white(tmp_path):
    image = halves("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 200, 200))
    shown = printed(load_illustration(saved(image, tmp_path / "a.png")))
    assert near(shown.getpixel((6, 6)), (255, 255, 255))
    assert is_halves(shown)


def test_a_colour_profile_is_obeyed(tmp_path):
    """The picture's channels are swapped, and its profile swaps them back."""
    swapped = bytearray(PROFILE.read_bytes())
    swapped = swapped.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    red, green, blue = halves().split()
    path = saved(Image.merge("RGB", (blue, green, red)), tmp_path / "a.png", icc_profile=bytes(swapped))
    assert is_halves(printed(load_illustration(path)))


def test_a_profile_of_grey_takes_no_colours(tmp_path):
    grey = PROFILE.read_bytes().replace(b"rTRC", b"kTRC").replace(b"RGB XYZ ", b"GRAYXYZ ")
    path = saved(halves(), tmp_path / "a.png", icc_profile=grey)
    assert is_halves(printed(load_illustration(path)))


@pytest.mark.slow
def test_finer_dots_than_any_press_shows_are_made_coarser(tmp_path):
    found = load_illustration(saved(halves(size=(5000, 7048)), tmp_path / "a.png"))
    assert 2470 < found.width < 2500
    assert is_halves(printed(found))


def test_too_few_dots_are_refused_with_the_numbers(tmp_path):
    path = saved(halves(size=(800, 1128)), tmp_path / "a.png")
    with pytest.raises(
        IllustrationError, match=r"a\.png: has 800 × 1128 dots: 194 dpi .* save 1240 × 1748 dots"
    ):
        load_illustration(path)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: saved(halves("CMYK"), path / "a.jpg"), "is in CMYK colours"),
        (
            lambda path: (path / "a.png").write_bytes(b"no picture") and path / "a.png",
            "is no picture; save it as PNG",
        ),
        (
            lambda path: (path / "a.svg").write_bytes(b"<svg") and path / "a.svg",
            r"a\.svg: line 1: is no well-formed SVG",
        ),
        (lambda path: (path / "a.pdf").write_bytes(b"no PDF") and path / "a.pdf", "cannot be read as PDF"),
        (
            lambda path: (path / "a.gif").write_bytes(b"GIF89a") and path / "a.gif",
            "is a GIF picture; save it as PNG",
        ),
        (lambda path: path / "lost.svg", "put the picture there"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path, make, why):
    with pytest.raises(IllustrationError, match=why):
        load_illustration(make(tmp_path))


def test_the_features_of_an_svg_are_named(tmp_path):
    path = tmp_path / "a.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">\n<text>a</text>\n<image href="a"/></svg>'
    )
    with pytest.raises(IllustrationError, match="line 2: <text>, line 3: <image> of a; draw it with plain"):
        load_illustration(path)


@pytest.mark.parametrize(
    "shown",
    ['viewBox="0 0 9 9"/>', 'viewBox="0 0 0 0"><path d="M0 0h9v9z"/></svg>']
    + [f'viewBox="90 0 9 9"><path d="M0 0h9v9z"{more}/></svg>' for more in ("", ' opacity=".5"')],
)
def test_a_drawing_of_nothing_is_refused_before_a_batch_has_it(tmp_path, shown):
    """The proof of each batch found no picture on its cards, and asked to report that."""
    (tmp_path / "a.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {shown}')
    with pytest.raises(IllustrationError, match=r"a\.svg: shows nothing on white paper; look at it"):
        load_illustration(tmp_path / "a.svg")


def test_a_picture_that_is_clear_all_over_is_refused(tmp_path):
    with pytest.raises(IllustrationError, match="shows nothing"):
        load_illustration(saved(Image.new("RGBA", DOTS, (200, 40, 30, 0)), tmp_path / "a.png"))


def pdf(
    path,
    *,
    pages: int = 1,
    font: str = "",
    turn: int = 0,
    note: bool = False,
    lock: bool = False,
    crop: str = "null",
    dots: tuple[int, int] = DOTS,
):
    document = pymupdf.open()
    for _ in range(pages):
        page = document.new_page(width=298, height=420)
        page.insert_image(page.rect, stream=png(dots))
        if font:
            page.insert_text((50, 50), "Hello", fontname=font)
        page.set_rotation(turn)
        if note:
            page.add_text_annot((9, 9), "a note")
        document.xref_set_key(page.xref, "CropBox", crop)
    locked = {"encryption": pymupdf.PDF_ENCRYPT_AES_256, "user_pw": "a"} if lock else {}
    document.save(path, **locked)
    return path


def png(dots: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    halves(size=dots).save(out, "png")
    return out.getvalue()


def test_a_pdf_is_taken_over_with_its_objects(tmp_path):
    found = load_illustration(pdf(tmp_path / "a.pdf"))
    assert found.objects
    assert is_halves(printed(found))


def test_a_cropped_pdf_shows_its_crop(tmp_path):
    path = pdf(tmp_path / "a.pdf")
    with pymupdf.open(path) as document:
        document[0].set_cropbox(pymupdf.Rect(0, 0, 298, 210))
        document.save(tmp_path / "b.pdf")
    found = load_illustration(tmp_path / "b.pdf")
    assert (round(found.width), round(found.height)) == (298, 210)
    shown = printed(found)
    assert near(shown.getpixel((shown.width // 2, shown.height // 2)), RED)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"pages": 2}, "has 2 pages"),
        ({"turn": 90}, "its page is turned"),
        ({"note": True}, "has notes or form fields"),
        ({"font": "helv"}, "does not hold its font Helvetica"),
        ({"lock": True}, "is locked by a password"),
        ({"crop": "[900 900 999 999]"}, "has no size"),
        ({"dots": (620, 874)}, "contains a picture of 620 × 874 dots: 150 dpi on a card of 105 × 148 mm"),
    ],
)
def test_a_pdf_that_would_not_print_as_it_looks_is_refused(tmp_path, options, why):
    with pytest.raises(IllustrationError, match=why):
        load_illustration(pdf(tmp_path / "a.pdf", **options))


def test_a_pdf_whose_page_is_lost_when_it_is_repaired_is_named(tmp_path):
    whole = pdf(tmp_path / "a.pdf").read_bytes()
    (tmp_path / "a.pdf").write_bytes(whole.replace(b"\n2 0 obj", b"\x9b2 0 obj").replace(b"\n6 0", b"\n6 ,"))
    with pytest.raises(IllustrationError, match="cannot be read as PDF; save it again"):
        load_illustration(tmp_path / "a.pdf")


def hide_a_layer(document, page, _image):
    page.draw_rect(page.rect, fill=(0, 1, 0), oc=document.add_ocg("a draft", on=False))


def hide_by_what_is_on(document, page, _image):
    oc = document.set_ocmd(ocgs=[document.add_ocg("a draft", on=True)], policy="AllOff")
    page.draw_rect(page.rect, fill=(0, 1, 0), oc=oc)


def crop_beyond(document, page, _image):
    document.xref_set_key(page.xref, "CropBox", "[-99 -99 397 519]")


def draw_it_as_a_letter(document, page, image):
    font, glyphs, glyph, words = (document.get_new_xref() for _ in range(4))
    document.update_object(
        font,
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65"
        f"/Widths[1]/Encoding<</Differences[65/A]>>/CharProcs {glyphs} 0 R"
        f"/Resources<</XObject<</I {image} 0 R>>>>>>",
    )
    document.update_object(glyphs, f"<</A {glyph} 0 R>>")
    for number, drawn in ((glyph, b"1 0 d0 298 0 0 420 0 0 cm /I Do"), (words, b"BT /F 1 Tf (A) Tj ET")):
        document.update_object(number, "<<>>")
        document.update_stream(number, drawn)
    document.xref_set_key(page.xref, "Resources", f"<</Font<</F {font} 0 R>>>>")
    document.xref_set_key(page.xref, "Contents", f"{words} 0 R")


def write_it_again(document, page, image):
    name = page.get_images()[0][7]
    document.xref_set_key(page.xref, "Resources", f"<</XObject<</{name} {image} 1 R>>>>")


def write_on_it(_document, page, _image):
    page.insert_font(fontname="own", fontfile=ROOT / "campaign/cards/fonts/Alegreya-Regular.ttf")
    page.insert_text((50, 50), "Hello", fontname="own", color=(0.78, 0.16, 0.12))


CHANGES = [hide_a_layer, hide_by_what_is_on, crop_beyond, draw_it_as_a_letter, write_it_again, write_on_it]


@pytest.mark.parametrize("change", CHANGES)
def test_a_pdf_prints_as_it_looks(tmp_path, change):
    with pymupdf.open() as document:
        page = document.new_page(width=298, height=420)
        change(document, page, page.insert_image(page.rect, stream=png(DOTS)))
        document.save(tmp_path / "a.pdf")
    found = load_illustration(tmp_path / "a.pdf")
    assert found.width / found.height == pytest.approx(298 / 420, abs=0.01)
    assert is_halves(printed(found))


def test_our_own_illustration_prints_as_mupdf_shows_it(tmp_path):
    path = ROOT / "content/mikita/illustration.svg"
    with pymupdf.open(path) as document:
        page = document[0]
        shown = printed(load_illustration(path))
        zoom = shown.height / page.rect.height
        seen = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom))
        direct = Image.frombytes("RGB", (seen.width, seen.height), seen.samples).resize(shown.size)
    different = ImageChops.difference(direct, shown).convert("L").histogram()
    assert sum(different[80:]) / sum(different) < 0.02


@pytest.mark.slow
def test_a_drawing_without_dots_loads_nothing_that_reads_dots() -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom campaign.cards.illustration import card_front\n"
        "card_front.load_illustration(Path('content/mikita/illustration.svg'))\nprint('PIL' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
