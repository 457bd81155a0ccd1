"""Cards with translations: set, proofed and read back, the same again, and in the keepsake."""

from __future__ import annotations

import re
from dataclasses import replace

import pymupdf
import pytest

from campaign.cards.dimensions import CARD_SIZES, SMALLEST, smaller
from campaign.cards.fitting import misfit
from campaign.cards.outlines import outlines
from campaign.cards.proof.report import ExpectedCard
from campaign.cards.type.typesetter import Typesetter
from campaign.keeping import keepsake
from campaign.messages import print_choice, review
from campaign.press import proofing, reprinting
from campaign.press.next_batch import Press
from tests.conftest import APPROVAL_KEY, NOW, TODAY
from tests.support import pdf
from tests.support.ledger import put_in_batch
from tests.support.press import picture

pytestmark = pytest.mark.slow  # whole runs of the press

BE = "Мы думаем пра цябе кожны дзень. Няхай твая сям’я хутка абдыме цябе! 🕯️"
AR = "نحن نفكر فيك كل يوم. نتمنى أن تعانقك عائلتك قريباً!"
DE = "Wir denken jeden Tag an dich. Möge deine Familie dich bald umarmen! 🕯️"


@pytest.fixture
def approved(database, submit):
    """Send, translate and approve a message, and return its id."""

    def send(text, prints, name="Jonas", language="de"):
        sent = submit(database, text, first_name=name, language=language).message
        database.write(lambda c: review.translate(c, sent, BE, "olga", "be"))
        database.write(lambda c: review.approve(c, sent, "petr", [APPROVAL_KEY], TODAY, prints=prints))
        return sent

    return send


def on_cards(rendered):
    with pymupdf.open(rendered.folder / "sheets.pdf") as document:
        return " ".join(" ".join(page.get_text().split()) for page in document)


def test_each_way_of_printing_is_read_back(run, database, approved):
    approved(DE, "original")
    approved(DE, "translation", "Lena")
    approved(AR, "both", "ليلى", "ar")
    approved(DE, "both", "Zofia")
    (rendered,) = run(final=True).rendered
    words = on_cards(rendered)
    assert rendered.messages == 4
    assert words.count("Wir denken jeden Tag") == 2  # as written alone, and under its translation
    assert words.count("Мы думаем пра цябе") == 3
    assert words.index("Lena") > words.index("Мы думаем пра цябе")
    assert all(report.passed for report in rendered.reports)


def test_the_keepsake_holds_what_the_cards_held(database, approved, campaign, settings, tmp_path):
    ids = [
        approved(DE, "original", "Jonas"),
        approved(DE, "translation", "Lena"),
        approved(DE, "both", "Zofia"),
    ]
    put_in_batch(database, ids)
    wanted = replace(campaign, illustration=picture(tmp_path))
    keepsake.make(Press.from_settings(database, wanted, settings, NOW), tmp_path / "keepsake.pdf")
    words = pdf.text_of(tmp_path / "keepsake.pdf")
    german, belarusian = "WirdenkenjedenTagandich", "Мыдумаемпрацябекожныдзень"
    pieces = re.split("(?=Jonas|Lena|Zofia)", words)
    assert [(german in one, belarusian in one) for one in pieces[:3]] == [
        (True, False), (False, True), (False, True)
    ]  # fmt: skip
    assert german in pieces[3]  # below the name, as on the card
    assert [words.count(german), words.count(belarusian)] == [2, 2]


def test_the_proof_asks_for_what_stands_below():
    card = ExpectedCard(1, [("Тэкст", "Anna", "Text"), ("Other", "Ola")], numbered=False)
    assert card.texts == ["Тэкст Anna", "Text", "Other Ola"]


def test_what_was_printed_with_a_translation_is_printed_so_again(
    run, database, approved, campaign, settings, folder
):
    approved(DE, "both")
    (rendered,) = run(final=True).rendered
    before = (rendered.folder / "sheets.pdf").read_bytes()
    again = reprinting.reprint(database, campaign, settings, NOW, 1)
    assert again.same
    assert (rendered.folder / "sheets.pdf").read_bytes() == before
    assert proofing.proof_file(rendered.folder / "sheets.pdf", database).passed


def test_a_translation_changed_in_the_database_is_not_printed(run, database, approved):
    from sqlalchemy import update

    from campaign.storage.tables import messages

    approved(DE, "both")
    database.write(lambda c: c.execute(update(messages).values(translation="Чужое")) and None)
    done = run(final=True)
    assert not done.rendered
    assert len(done.unsigned) == 1


def test_the_original_stands_smaller_below_and_never_too_small():
    assert smaller(11.0) == (9.0, 10.5)
    assert all(smaller(size)[0] >= SMALLEST for size in (9.0, 9.5, 10.5, 11.5, 13.0, 15.0))
    size = CARD_SIZES["A6"]
    typesetter = Typesetter(size.width, size.height)
    setting = typesetter.set(BE, "Jonas", "be", DE, "de")
    (upper, at), (lower, below) = setting.stacked
    assert (upper.size, lower.size, at) == (11.0, 9.0, 0.0)
    assert below == (typesetter.set(BE, "Jonas", "be").height + 0.5) * 6.5
    assert lower.name is None


def test_both_take_more_room_and_it_is_said_by_how_much():
    long = "Мы думаем пра цябе кожны дзень. " * 24
    assert misfit("A6", long, "Jonas", "be") is None
    assert misfit("A6", long, "Jonas", "be", DE, "de") is None
    assert misfit("A6", long, "Jonas", "be", DE * 20, "de").lines > 0


def test_the_outlines_show_both_in_their_sizes():
    size = CARD_SIZES["A6"]
    typesetter = Typesetter(size.width, size.height, alone=True)
    alone, both = (typesetter.set("нос", "О", "be", below, "be") for below in ("", "нос"))
    assert len(outlines(typesetter, both).places) == len(outlines(typesetter, alone).places) + 3
    shapes = len(outlines(typesetter, both).shapes)
    assert shapes == len(outlines(typesetter, alone).shapes) + 3  # the same letters, smaller


def test_the_name_is_as_its_writer_wrote_it():
    class Words:
        text, first_name, language = "文字", "直子", "ja"
        translation, translated_into, translated_by, prints = "Тэкст", "be", "olga", "both"

    shown = print_choice.wording(Words())
    assert shown == ("Тэкст", "直子", "be", "文字", "ja")
    assert print_choice.wording(Words(), "translation").written_in == "ja"
