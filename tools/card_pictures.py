"""Draws the pictures of docs/staff.md: a printed card at 300 dpi, and a sheet held up against the light.

Run it after a change of type or illustration: .venv/bin/python tools/card_pictures.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pymupdf  # noqa: E402  # the project must be on the path first
from PIL import Image, ImageChops, ImageOps  # noqa: E402

from campaign.cards.documents import calibration  # noqa: E402
from campaign.cards.illustration.card_front import load_illustration  # noqa: E402
from campaign.cards.imposition import Cell  # noqa: E402
from campaign.content.campaign import load  # noqa: E402
from campaign.ledger.batches import Slot  # noqa: E402
from campaign.press import rendering  # noqa: E402
from campaign.press.rendering import Written  # noqa: E402
from campaign.press.stacks import CardSlots  # noqa: E402
from campaign.press.ticket import Setup  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
FOUR_PIXELS_A_MM = 101.6  # dpi
GREY = (214, 212, 208)
MESSAGES = [
    ("be", "Дарагі Мікіта, мы цябе не ведаем, але думаем пра цябе штодня. Трымайся!", "Алесь і Ганна"),
    (
        "en",
        "I built a lighthouse in Minecraft yesterday. It is for you, so that you find the way home.",
        "Jonas",
    ),
    ("uk", "Їжак під ґанком передає тобі вітання. Він теж чекає весни.", "Ніна"),
    ("ru", "Мы рядом. Обнимаем тебя крепко-крепко и ждём дома.", "Тётя Оля"),
    ("ka", "შენ მარტო არ ხარ, მიკიტა. ჩვენ შენთან ვართ.", "ნინო"),
    ("en", "Hold on, you are not alone. 🕯️", "Zoë"),
    ("pl", "Jesteśmy z Tobą i z Twoją rodziną. Trzymaj się ciepło.", "Zofia"),
    ("he", "אנחנו חושבים עליך בכל יום, וגם על המשפחה שלך.", "יעל"),
]


def main() -> None:
    """Draw every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sheets = Path(folder) / "sheets.pdf"
        setup = draw(sheets)
        with pymupdf.open(sheets) as document:
            card(document, setup).save(PICTURES / "card.png", optimize=True)
            held_up(document, 60).save(PICTURES / "held-up.png", optimize=True)
        path = Path(folder) / "calibration.pdf"
        with path.open("wb") as out:
            calibration.write(out)
        with pymupdf.open(path) as document:
            held_up(document, FOUR_PIXELS_A_MM, light=3, shift=(-2, -4)).save(
                PICTURES / "calibration.png", optimize=True
            )


def draw(path: Path) -> Setup:
    """Print one sheet: a card of several messages, then cards of one or two."""
    campaign = load(ROOT / "content" / "mikita")
    setup = Setup.from_facts(campaign.card)
    slots = [Slot(0, 0, name, "", True, "approved", text, name, code, None) for code, text, name in MESSAGES]
    cards = [
        CardSlots(12, slots[:5]),
        CardSlots(13, slots[5:6]),
        CardSlots(14, slots[6:]),
        CardSlots(15, slots[2:4]),
    ]
    picture = load_illustration(campaign.illustration)
    rendering.write_file(setup, picture, cards, path, Written())
    return setup


def card(document: pymupdf.Document, setup: Setup) -> Image.Image:
    """Show the first card's two faces side by side at 300 dpi, reduced to what a page can show."""
    plan = setup.imposition
    faces = [
        cut(page_picture(document[i], 300), cells[0], 300)
        for i, cells in enumerate((plan.fronts, plan.backs))
    ]
    edge = 60
    width = sum(face.width for face in faces) + 3 * edge
    whole = Image.new("RGB", (width, faces[0].height + 2 * edge), GREY)
    for i, face in enumerate(faces):
        whole.paste(face, (edge + i * (face.width + edge), edge))
    return whole


def cut(page: Image.Image, cell: Cell, dpi: int) -> Image.Image:
    """Cut one card out of a page."""
    scale = dpi / 25.4
    box = cell.box
    edges = (
        box.left * scale,
        page.height - box.top * scale,
        box.right * scale,
        page.height - box.bottom * scale,
    )
    return page.crop(tuple(round(edge) for edge in edges))


def held_up(
    document: pymupdf.Document, dpi: float, light: int = 2, shift: tuple[int, int] = (0, 0)
) -> Image.Image:
    """Look at a back against the light: its front shows through, mirrored.

    `light` is how strongly, in fifths; `shift` moves the back's print by pixels.
    """
    front, back = (page_picture(document[i], dpi) for i in (0, 1))
    through = ImageOps.mirror(front).point(lambda level: 255 - (255 - level) * light // 5)
    seen = ImageChops.multiply(ImageChops.offset(back, *shift), through)
    whole = Image.new("RGB", (seen.width + 40, seen.height + 40), GREY)
    whole.paste(seen, (20, 20))
    return whole


def page_picture(page: pymupdf.Page, dpi: float) -> Image.Image:
    """Draw a page."""
    pixels = page.get_pixmap(matrix=pymupdf.Matrix(dpi / 72, dpi / 72), alpha=False)
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


if __name__ == "__main__":
    main()
