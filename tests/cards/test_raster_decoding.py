"""A picture of dots goes to card and page upright, on white, in the screen's colours, with nothing else."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat, PngImagePlugin

from campaign.cards.illustration import pdf_scrubbing, raster_decoding
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.file_kinds import kind_of
from campaign.cards.illustration.raster_decoding import Decoder
from campaign.cards.illustration.web_picture import published
from campaign.pages import pictures
from tests.cards.test_illustration import printed
from tests.support.lanes import first

SIZE = (1240, 1748)  # A6 at 300 dpi
SECRET = b"Okrestina 53.9N 27.5E"
QUARTERS = ((200, 40, 30), (20, 60, 160), (30, 140, 60), (230, 200, 40))


def quarters(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Four colours, so that no turn or mirror goes unseen."""
    image = Image.new("RGB", size)
    width, height = size[0] // 2, size[1] // 2
    for n, colour in enumerate(QUARTERS):
        image.paste(colour, (n % 2 * width, n // 2 * height, (n % 2 + 1) * width, (n // 2 + 1) * height))
    return image.convert(mode, dither=Image.Dither.NONE)  # dots of dither are no colours to compare


def holed(mode: str) -> Image.Image:
    image = quarters("RGBA")
    image.paste((0, 0, 0, 0), (100, 100, 500, 700))
    return image.convert(mode)


def deep_grey() -> Image.Image:
    """A ramp of 16 bits, which would be all white where it is cut off at 8."""
    rows = b"".join(struct.pack("<H", y * 65535 // SIZE[1]) * SIZE[0] for y in range(SIZE[1]))
    return Image.frombytes("I;16", SIZE, rows)


def packed_png(bits: int, colours: int, row: bytes, *, clear: bytes = b"") -> bytes:
    """Written by hand: Pillow writes no colours of 16 bits, and no grey of 4."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", *SIZE, bits, colours, 0, 0, 0)),
        *([(b"tRNS", clear)] if clear else ()),
        (b"IDAT", zlib.compress((b"\0" + row) * SIZE[1], 1)),
        (b"IEND", b""),
    )
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def png_of_16_bits() -> bytes:
    return packed_png(16, 2, struct.pack(">HHH", 0xC8FF, 0x28FF, 0x1EFF) * SIZE[0])


@pytest.mark.parametrize(
    ("bits", "colours", "row", "clear"),
    [
        (8, 2, b"\xc8\x28\x1e" * SIZE[0], b"\xc8\xc8\x28\x28\x1e\x1e"),
        (2, 0, b"\xaa" * (SIZE[0] // 4), b"\0\2"),
        (4, 0, b"\x33" * (SIZE[0] // 2), b"\0\3"),
        (16, 2, b"\0\0\0\0\0\xc8" * SIZE[0], b"\0\0\0\0\0\xc8"),
    ],
)
def test_the_colour_that_shines_through_is_named_in_the_bits_of_the_file(bits, colours, row, clear) -> None:
    shown = Decoder(packed_png(bits, colours, row, clear=clear)).decode(*SIZE)
    assert shown.getpixel((9, 9)) == (255, 255, 255)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned(orientation: int) -> bytes:
    """The quarters as a camera stores them that was held so."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters()
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = image.transpose(back[orientation]) if orientation in back else image
    return encoded(stored, "JPEG", quality=95, exif=exif)


CASES: dict[str, Callable[[], bytes]] = {
    **{f"held as {n}": lambda n=n: turned(n) for n in range(1, 9)},
    **{mode: lambda mode=mode: encoded(quarters(mode), "PNG") for mode in ("RGB", "L", "1", "P")},
    **{f"{mode} with a hole": lambda mode=mode: encoded(holed(mode), "PNG") for mode in ("RGBA", "LA")},
    "palette with a hole": lambda: encoded(quarters("P"), "PNG", transparency=0),
    "colour that shines through": lambda: encoded(quarters(), "PNG", transparency=QUARTERS[0]),
    "grey of 16 bits": lambda: encoded(deep_grey(), "PNG"),
    "colours of 16 bits": png_of_16_bits,
    "WebP": lambda: encoded(holed("RGBA"), "WEBP", quality=95),
    "two pictures": lambda: encoded(quarters(), "MPO", save_all=True, append_images=[holed("RGB")]),
}


QUICK = ("held as 6", "RGBA with a hole", "grey of 16 bits")


def marks(case: str) -> list[pytest.MarkDecorator]:
    """Sort them: the other ways to hold a camera are tried below too, with the decoder alone."""
    if case in QUICK:
        return []
    return [pytest.mark.soak if case.startswith("held as") else pytest.mark.slow]


@pytest.mark.slow
@pytest.mark.parametrize("case", [pytest.param(case, marks=marks(case)) for case in CASES])
def test_card_and_page_and_story_show_the_same(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the page's pictures the plain one is made alone: the others are drawn from the same dots."""
    monkeypatch.setattr(pictures, "RECIPES", pictures.RECIPES[-1:])
    path = tmp_path / "illustration.png"
    path.write_bytes(CASES[case]())
    (page,) = pictures.pictures(path, tmp_path / "kept")
    card = printed(load_illustration(path))
    story = Image.open(io.BytesIO(published(path, ".png")))
    card = card.crop((0, 8, card.width, card.height - 8))  # the frame is higher than a picture of A6
    shown = Image.open(io.BytesIO(page.body)).convert("RGB")
    assert apart(story.convert("RGB").resize(shown.size), shown) < 4
    assert apart(card.resize((60, 85)), shown.resize((60, 85))) < 6


def apart(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera_shows_the_same(orientation: int) -> None:
    shown = Decoder(turned(orientation)).decode(*SIZE)
    assert shown.size == SIZE
    assert apart(shown, quarters()) < 3


@pytest.mark.parametrize(
    ("mode", "gamma", "srgb", "seen"),  # as Chromium shows it
    [
        ("RGB", 100000, b"", (188, 137, 79)),
        ("RGBA", 100000, b"", (188, 137, 79)),
        ("L", 55556, b"", (146, 146, 146)),
        ("RGB", 45455, b"", (128, 64, 20)),
        ("RGB", 100000, b"\0", (128, 64, 20)),
        ("RGB", 0, b"", (128, 64, 20)),
    ],
)
def test_dots_of_another_gamma_than_the_screens_look_as_in_a_browser(mode, gamma, srgb, seen) -> None:
    told, out = PngImagePlugin.PngInfo(), io.BytesIO()
    told.add(b"gAMA", struct.pack(">I", gamma))
    if srgb:
        told.add(b"sRGB", srgb)
    Image.new(mode, (4, 4), 128 if mode == "L" else (128, 64, 20)).save(out, "PNG", pnginfo=told)
    assert Decoder(out.getvalue()).decode(4, 4).getpixel((1, 1)) == seen


def test_dots_of_16_bits_keep_their_steps() -> None:
    shown = Decoder(encoded(deep_grey(), "PNG")).decode(*SIZE).convert("L")
    assert [shown.getpixel((0, y)) // 16 for y in (0, SIZE[1] // 2, SIZE[1] - 1)] == [0, 7, 15]


def telling_jpeg() -> bytes:
    """A photograph with every block in which something about its maker can stand."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = SECRET.decode(), SECRET.decode(), 1
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 54.0, 1.0), 29: SECRET.decode()})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = encoded(quarters(), "JPEG", exif=exif, comment=SECRET, icc_profile=profile, dpi=(300, 300))
    segments = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body
        for marker, body in (
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
            (0xED, b"Photoshop 3.0\0" + SECRET),
            (0xE2, b"FPXR\0" + SECRET),
            (0xEC, SECRET),
            (0xFE, SECRET),
        )
    )
    return plain[:2] + segments + plain[2:] + SECRET  # and something behind the end


def telling_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_text("Software", SECRET.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    info.add(b"prVt", SECRET)
    exif = Image.Exif()
    exif[0x0110] = SECRET.decode()
    return encoded(quarters(), "PNG", pnginfo=info, exif=exif, dpi=(300, 300)) + SECRET


def telling_webp() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = SECRET.decode()
    return encoded(quarters(), "WEBP", exif=exif, xmp=SECRET)


@pytest.mark.parametrize("telling", first(1, [telling_jpeg, telling_png, telling_webp]))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_nothing_but_dots_is_published(telling: Callable[[], bytes], suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"photo{suffix}"
    path.write_bytes(telling())
    assert SECRET in path.read_bytes()
    body = published(path, suffix)
    assert SECRET not in body
    assert blocks(body) <= {"IHDR", "PLTE", "IDAT", "IEND", "VP8 ", *JPEG_BLOCKS}


@pytest.mark.slow
@pytest.mark.parametrize("telling", first(1, [telling_jpeg, telling_png, telling_webp]))
def test_nothing_but_dots_goes_to_print(telling: Callable[[], bytes], tmp_path: Path) -> None:
    path = tmp_path / "illustration.jpg"
    path.write_bytes(telling())
    found = load_illustration(path)
    assert not [one for one in found.objects if SECRET in one.text + (one.data or b"")]
    for picture in pictures.pictures(path, tmp_path / "kept"):
        assert SECRET not in picture.body


JPEG_BLOCKS = {"e0", "db", "c0", "c2", "c4", "dd", "da", "d9"}


def blocks(body: bytes) -> set[str]:
    """The names of a file's blocks, read by this test alone."""
    if kind_of(body) == "PNG":
        return set(walked(body, 8, lambda at: (body[at + 4 : at + 8], 12 + big(body, at))))
    if kind_of(body) == "WebP":
        return set(walked(body, 12, lambda at: (body[at : at + 4], 8 + (little(body, at + 4) + 1) // 2 * 2)))
    found, at = set(), 2
    while at < len(body):
        assert body[at] == 0xFF
        found.add(f"{body[at + 1]:02x}")
        if body[at + 1] == 0xD9:
            assert at + 2 == len(body)
            break
        at += 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        while body[at] != 0xFF or body[at + 1] in (0, *range(0xD0, 0xD8)):
            at += 1
    return found


def walked(body: bytes, at: int, step: Callable[[int], tuple[bytes, int]]) -> list[str]:
    found = []
    while at < len(body):
        name, length = step(at)
        found.append(name.decode("latin-1"))
        at += length
    return found


def big(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "big")


def little(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "little")


def test_a_jpeg_inside_a_pdf_keeps_its_dots_alone() -> None:
    told = telling_jpeg()
    kept = pdf_scrubbing.without_metadata(told)
    assert SECRET not in kept
    assert blocks(kept) <= JPEG_BLOCKS
    with Image.open(io.BytesIO(kept)) as after, Image.open(io.BytesIO(told)) as before:
        assert after.tobytes() == before.tobytes()


def test_a_pdf_goes_to_print_without_what_is_not_drawn(tmp_path: Path) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=298, height=420)
        layer = document.add_ocg(SECRET.decode())
        image = page.insert_image(page.rect, stream=telling_jpeg(), oc=layer)
        note = document.get_new_xref()
        document.update_object(note, "<</Type/Metadata>>")
        document.update_stream(note, SECRET)
        document.xref_set_key(image, "Metadata", f"{note} 0 R")
        document.xref_set_key(image, "PieceInfo", f"<</Some<</Private({SECRET.decode()})>>>>")
        document.save(tmp_path / "a.pdf")
    found = load_illustration(tmp_path / "a.pdf")
    assert not [one for one in found.objects if SECRET in one.text + (one.data or b"")]
    shown = printed(found)
    assert apart(shown.resize((60, 85)), quarters(size=(60, 85))) < 20


@pytest.mark.parametrize("listed", ["/DCTDecode", "[%d 0 R]", "/DCT"])
def test_a_jpeg_in_a_pdf_tells_nothing_though_its_packing_is_named_elsewhere(listed: str) -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        image = page.insert_image(page.rect, stream=telling_jpeg())
        name, filters = document.get_new_xref(), document.get_new_xref()
        document.update_object(name, "/DCTDecode")
        document.update_object(filters, listed.replace("%d", str(name)))
        document.xref_set_key(image, "Filter", f"{filters} 0 R")
        assert SECRET in document.xref_stream_raw(image)
        assert SECRET not in pdf_scrubbing.stream(document, image)


def test_what_only_begins_like_a_jpeg_is_left_as_it_is() -> None:
    grey = b"\xff\xd8\xff\x10\x80"  # two runs of two pixels, packed by their lengths
    with pymupdf.open() as document:
        number = document.get_new_xref()
        document.update_object(number, "<<>>")
        document.update_stream(number, grey, compress=False)
        document.xref_set_key(number, "Filter", "/RunLengthDecode")
        assert pdf_scrubbing.stream(document, number) == grey


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        ("[/ASCIIHexDecode/DCTDecode]", "packed twice"),
        ("[/FlateDecode /JPXDecode]", "in JPEG 2000"),
        ("/JPXDecode", "in JPEG 2000"),
    ],
)
def test_a_picture_that_no_sheet_can_hold_bare_is_refused(filters: str, why: str) -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        image = page.insert_image(page.rect, stream=telling_jpeg())
        document.xref_set_key(image, "Filter", filters)
        with pytest.raises(PictureFault, match=why):
            pdf_scrubbing.stream(document, image)


@pytest.mark.parametrize("cut", [3, 40, 2000])
def test_half_a_jpeg_inside_a_pdf_is_refused(cut: int) -> None:
    with pytest.raises(PictureFault, match="broken JPEG"):
        pdf_scrubbing.without_metadata(encoded(quarters(), "JPEG")[:cut])


def wide_webp(side: int) -> bytes:
    """A small picture that says that it is large: Pillow itself refuses to open such a WebP."""
    small = encoded(quarters(size=(8, 8)), "WEBP", lossless=True)
    return small[:21] + struct.pack("<I", (side - 1) << 14 | (side - 1)) + small[25:]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (lambda: b"1234567", "is no picture"),
        (lambda: encoded(quarters("CMYK"), "JPEG"), "CMYK"),
        (lambda: encoded(quarters(), "GIF"), "is a GIF picture; save it as PNG"),
        (lambda: encoded(quarters(), "JPEG")[:900], "is a broken JPEG"),
        (lambda: encoded(quarters(), "PNG")[:900], "is a broken PNG"),
        (lambda: encoded(quarters(), "PNG", icc_profile=b"none"), "colour profile"),
        (lambda: encoded(Image.new("1", (8000, 5001)), "PNG"), "has 8000 × 5001 dots, more than 40 million"),
        (lambda: wide_webp(14_000), "has too many dots, more than 40 million"),
        (lambda: bytes(raster_decoding.MOST_BYTES + 1), "has more than 64 MB"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_reason(data: Callable[[], bytes], why: str) -> None:
    with pytest.raises(PictureFault, match=why):
        Decoder(data()).decode(100, 100)
