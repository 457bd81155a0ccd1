"""The keepsake: all that was posted and nothing else, in order, in a keepsake that anybody can open."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pymupdf
import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from build import cli
from campaign.cards.card_words import Wording
from campaign.cards.documents import keepsake as document
from campaign.cards.grids import POINTS_PER_MM
from campaign.content.campaign import Campaign
from campaign.keeping import erasure, keepsake, made_keepsakes, retention
from campaign.keeping.keepsake import KeepsakeError, MadeKeepsake
from campaign.press.next_batch import Press
from campaign.settings import Settings
from campaign.storage.database import Database, NotStored
from campaign.storage.tables import keepsakes, messages, slots
from tests.conftest import NOW, TODAY
from tests.support.ledger import put_in_batch
from tests.support.pdf import check, fonts_of, text_of, tool
from tests.support.press import approve, picture
from tests.support.sample_messages import MESSAGES, RIGHT_TO_LEFT
from tests.support.table import table

Make = Callable[..., MadeKeepsake]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "keepsake.pdf"


@pytest.fixture
def make(database: Database, campaign: Campaign, settings: Settings, tmp_path: Path, output: Path) -> Make:
    """Make the keepsake, by default that of Mikita with a plain picture."""

    def make(path: Path = output, **changes: object) -> MadeKeepsake:
        wanted = replace(campaign, **{"illustration": picture(tmp_path), **changes})  # type: ignore[arg-type]
        return keepsake.make(Press.from_settings(database, wanted, settings, NOW), path)

    return make


@pytest.fixture
def build(settings: Settings, tmp_path: Path) -> CliRunner:
    """Run build.py on the test's database."""
    environ = {
        "CANDLE_DATABASE_URL": settings.database_url,
        "CANDLE_BUILD_DIR": str(tmp_path / "_build"),
        "CANDLE_SECRET_KEY": settings.secret_key,
        "CANDLE_APPROVAL_KEY": settings.approval_key,
    }
    return CliRunner(env=environ)


def change(database: Database, identifier: str, **values: object) -> None:
    database.write(lambda c: c.execute(update(messages).where(messages.c.id == identifier).values(values)))


def noted(database: Database) -> list[date]:
    with database.read() as connection:
        return list(connection.scalars(select(keepsakes.c.made_on)))


def in_keepsake(database: Database) -> dict[str, date]:
    """Map the messages that a keepsake is said to hold to the day of that keepsake."""
    chosen = select(slots.c.message, slots.c.in_book_on).where(slots.c.in_book_on.is_not(None))
    with database.read() as connection:
        return dict(connection.execute(chosen).all())  # type: ignore[arg-type]


def joined(words: str) -> str:
    return "".join(words.split())


def numbered(count: int) -> list[str]:
    return [f"Letter {number} of many: we think of you, and the candle burns." for number in range(count)]


@pytest.mark.slow
def test_all_that_was_posted_is_in_the_keepsake_in_order(
    database: Database, make: Make, output: Path
) -> None:
    early, late = approve(database, numbered(40)[:20]), approve(database, numbered(40)[20:])
    put_in_batch(database, late, 2, TODAY)
    put_in_batch(database, early[::-1], 1, TODAY - timedelta(days=9))  # on a card, the last may stand first
    made = make()
    check(output)
    assert (made.extent.messages, made.left_out, made.erased) == (40, (), 0)
    found = re.findall(r"Letter(\d+)of", text_of(output))
    assert found == [str(number) for number in range(40)]


@pytest.mark.slow
def test_the_keepsake_has_a_cover_a_title_and_numbered_pages(
    database: Database, make: Make, output: Path
) -> None:
    put_in_batch(database, approve(database, numbered(60)))
    pages = make().extent.pages
    assert f"Pages: {pages}" in re.sub(" +", " ", tool("pdfinfo", output))
    assert "419.528 x 595.276" in tool("pdfinfo", output)  # A5
    assert [text_of(output, page) for page in (1, 2, 3, 4)] == ["Mikita", "", "Mikita2026", ""]
    assert text_of(output, pages) == ""
    assert pages % 4 == 0
    written = [page for page in range(5, pages + 1) if text_of(output, page)]
    assert [text_of(output, page).endswith(f"Anna{page - 2}") for page in written] == [True] * len(written)


def test_the_years_of_posting_stand_on_the_title_page(database: Database, make: Make, output: Path) -> None:
    one, other = approve(database, numbered(2))
    put_in_batch(database, [one], 1, date(2025, 12, 30))
    put_in_batch(database, [other], 2, date(2026, 1, 2))
    make()
    assert text_of(output, 3) == "Mikita2025–2026"


def test_only_the_first_name_stands_on_the_cover_and_in_the_metadata(
    database: Database, make: Make, output: Path
) -> None:
    put_in_batch(database, approve(database, ["Hello"]))
    make(name="Mikita Example and Anna Example")
    assert text_of(output, 1) == "MikitaandAnna"
    assert "Example" not in text_of(output) + tool("pdfinfo", "-meta", output)
    make(name="Mikita Example, Aliaksandra Example and Katsiaryna Example")
    with pymupdf.open(output) as booklet:
        for page in (booklet[0], booklet[2]):  # where three names ran over the edges
            words = page.get_text("words")
            assert "".join(word[4] for word in words).startswith("Mikita,AliaksandraandKatsiaryna")
            assert min(word[0] for word in words) > 50
            assert max(word[2] for word in words) < page.rect.width - 50


@table("name, binding, left", [("Mikita", "null", document.INNER), ("ليلى", "/R2L", document.OUTER)])
def test_it_is_bound_at_the_side_where_the_name_begins(
    database: Database, make: Make, output: Path, name: str, binding: str, left: float
) -> None:
    if not in_keepsake(database):
        put_in_batch(database, approve(database, ["Hello"]))
    make(name=name)
    with pymupdf.open(output) as booklet:
        assert booklet.xref_get_key(booklet.pdf_catalog(), "ViewerPreferences/Direction")[1] == binding
        assert booklet[4].get_text("words")[0][0] == pytest.approx(left * POINTS_PER_MM, abs=1)


@pytest.mark.slow
def test_every_script_is_set_and_its_fonts_are_in_the_file(
    database: Database, make: Make, output: Path
) -> None:
    ids = [approve(database, [(words, name)], language=code)[0] for code, words, name in MESSAGES.values()]
    put_in_batch(database, ids)
    assert make().left_out == ()
    assert {tuple(row[-3:]) for row in fonts_of(output)} == {("yes", "yes", "yes")}
    found = text_of(output)
    for language in ("Belarusian", "Ukrainian", "Thai", "Hindi", "Chinese", "Greek"):
        assert joined(MESSAGES[language][1]) in found
    for language in RIGHT_TO_LEFT:
        letters = {char for char in joined(MESSAGES[language][1]) if unicodedata.category(char) != "Cf"}
        assert letters <= set(found)


@pytest.mark.parametrize(
    "values", [{"state": "withdrawn"}, {"state": "rejected"}, {"text": "", "erased_on": TODAY}]
)
def test_what_was_withdrawn_or_erased_is_not_in_the_keepsake(
    database: Database, make: Make, output: Path, values: dict[str, object]
) -> None:
    ids = approve(database, ["It stays", "It goes"])
    put_in_batch(database, ids)
    change(database, ids[1], **values)
    made = make()
    assert (made.extent.messages, made.left_out) == (1, ())
    assert "Itgoes" not in text_of(output)
    assert ("erased" in str(made)) == ("erased_on" in values)


def test_what_is_approved_and_not_posted_is_not_in_the_keepsake(
    database: Database, make: Make, output: Path
) -> None:
    posted, printed, _free = approve(database, ["On its way", "On paper", "On no card"])
    put_in_batch(database, [posted])
    put_in_batch(database, [printed], 2, state="printed")
    assert make().extent.messages == 1
    assert text_of(output, 5) == "OnitswayAnna3"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"text": "Words of somebody else"}, "its words are not those that were approved"),
        ({"first_name": "Somebody"}, "its words are not those that were approved"),
        ({"approval": None}, "its words are not those that were approved"),
    ],
)
def test_words_that_nobody_approved_are_named_and_left_out(
    database: Database, make: Make, output: Path, values: dict[str, object], why: str
) -> None:
    ids = approve(database, ["It stays", "It was changed"])
    put_in_batch(database, ids)
    change(database, ids[1], **values)
    made = make()
    assert made.complaints == [f"message {ids[1]} is not in the keepsake: {why}"]
    assert text_of(output, 5) == "ItstaysAnna3"
    assert in_keepsake(database) == {
        ids[0]: TODAY
    }  # or else its words would be erased, and no keepsake holds them


def test_a_message_that_cannot_be_set_is_named(database: Database, make: Make) -> None:
    ids = approve(database, ["It stays", "\U00012000 is Sumerian"])
    put_in_batch(database, ids)
    (complaint,) = make().complaints
    assert complaint.startswith(f"message {ids[1]} is not in the keepsake: no font of the cards draws")
    assert in_keepsake(database) == {ids[0]: TODAY}


def test_retention_hears_of_the_keepsake(database: Database, make: Make) -> None:
    ids = approve(database, ["Hello"])
    put_in_batch(database, ids)
    make()
    make()
    assert noted(database) == [TODAY]
    assert in_keepsake(database) == {ids[0]: TODAY}


def test_a_keepsake_holds_nothing_that_was_marked_posted_after_it(database: Database, make: Make) -> None:
    """On the same day, and even when the batch is said to have been posted earlier."""
    early, late = approve(database, ["Early", "Late"])
    put_in_batch(database, [early], 1)
    make()
    put_in_batch(database, [late], 2, TODAY - timedelta(days=3))
    assert in_keepsake(database) == {early: TODAY}
    make()
    assert in_keepsake(database) == {early: TODAY, late: TODAY}


@pytest.mark.parametrize("state", ["planned", "rendered", "printed", None])
def test_before_anything_was_posted_it_says_so(
    database: Database, make: Make, output: Path, state: str | None
) -> None:
    ids = approve(database, ["Hello"])
    if state:
        put_in_batch(database, ids, state=state)
    with pytest.raises(KeepsakeError, match="nothing was posted yet"):
        make()
    assert not output.exists()
    assert noted(database) == []


def test_a_poorer_keepsake_does_not_take_the_place_of_a_fuller_one(
    database: Database, make: Make, output: Path, tmp_path: Path
) -> None:
    ids = approve(database, ["It stays", "It goes"])
    put_in_batch(database, ids)
    make()
    before = output.read_bytes()
    change(database, ids[1], text="", erased_on=TODAY)
    with pytest.raises(KeepsakeError, match="may be the only keepsake that holds them"):
        make()
    assert output.read_bytes() == before
    assert make(tmp_path / "second.pdf").erased == 1


def test_a_keepsake_that_lacks_messages_does_not_take_the_place_of_another(
    database: Database, make: Make, output: Path
) -> None:
    ids = approve(database, ["It stays", "It was changed"])
    put_in_batch(database, ids)
    make()
    before = output.read_bytes()
    change(database, ids[1], text="Other words")
    with pytest.raises(KeepsakeError, match=f"message {ids[1]} is not in the keepsake"):
        make()
    assert output.read_bytes() == before
    assert not list(output.parent.glob(".*.part"))


def test_when_all_was_erased_no_keepsake_is_promised(database: Database, make: Make) -> None:
    ids = approve(database, ["It goes"])
    put_in_batch(database, ids)
    change(database, ids[0], text="", erased_on=TODAY)
    with pytest.raises(KeepsakeError, match="every posted message was erased"):
        make()


def test_the_same_messages_give_the_same_bytes(
    database: Database, make: Make, output: Path, tmp_path: Path
) -> None:
    put_in_batch(database, approve(database, numbered(30)))
    make()
    make(tmp_path / "second.pdf")
    assert (tmp_path / "second.pdf").read_bytes() == output.read_bytes()


def test_a_keepsake_that_cannot_be_written_leaves_nothing_half_done(
    database: Database, make: Make, tmp_path: Path
) -> None:
    put_in_batch(database, approve(database, ["Hello"]))
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(KeepsakeError, match="cannot be written"):
        make(tmp_path / "file" / "keepsake.pdf")
    (tmp_path / "folder").mkdir()
    with pytest.raises(KeepsakeError, match="cannot be written"):
        make(tmp_path / "folder")
    assert not list(tmp_path.glob(".*.part"))
    assert noted(database) == []


def test_a_full_disk_keeps_the_old_keepsake(database: Database, make: Make, small_disk: Path) -> None:
    put_in_batch(database, approve(database, ["Hello"]))
    path = small_disk / "keepsake.pdf"
    make(path)
    before = path.read_bytes()
    left = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(bytes(left.f_bavail * left.f_bsize - 8192))
    with pytest.raises(KeepsakeError, match="No space left"):
        make(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("language", ["en", "th", "ur"])
def test_what_fits_a_card_of_a5_fits_a_page(language: str) -> None:
    from campaign.cards.dimensions import CARD_SIZES
    from campaign.cards.type.typesetter import CannotSet, Typesetter

    words = {code: text for code, text, _ in MESSAGES.values()}[language]
    card = Typesetter(CARD_SIZES["A5"].width, CARD_SIZES["A5"].height)
    longest = ""
    while True:
        try:
            card.set(f"{longest} {words}".strip(), "Anna", language)
        except CannotSet:
            break
        longest = f"{longest} {words}".strip()
    setting = document.set_message(Wording(longest, "Anna", language))
    assert setting.size < document.SIZES[0][0]
    assert document._height(setting) <= document.HEIGHT * POINTS_PER_MM


@pytest.mark.parametrize(("lines", "below", "size"), [(22, 22, 8.0), (1, 48, 7.5)])
def test_a_poem_and_its_translation_that_fill_a_card_of_a5_fit_a_page(
    lines: int, below: int, size: float
) -> None:
    from campaign.cards.fitting import misfit

    text, own = ("\n".join(["Be well."] * many) for many in (lines, below))
    both = Wording(text, "Anna", "en", own, "pl")
    assert misfit("A5", *both) is None
    assert document.set_message(both).size == size


@pytest.mark.slow
def test_no_message_goes_over_two_pages(database: Database, make: Make, output: Path) -> None:
    texts = [f"({number}) " + "We think of you every day. " * 14 + f"[{number}]" for number in range(30)]
    put_in_batch(database, approve(database, texts))
    pages = make().extent.pages
    for page in range(5, pages + 1):
        found = text_of(output, page)
        assert re.findall(r"\((\d+)\)", found) == re.findall(r"\[(\d+)\]", found)


def test_the_command_makes_the_keepsake_or_says_why_not(
    database: Database, build: CliRunner, tmp_path: Path
) -> None:
    refused = build.invoke(cli, ["keepsake", "mikita"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "nothing was posted yet" in refused.stderr
    ids = approve(database, ["It stays", "It was changed"])
    put_in_batch(database, ids)
    done = build.invoke(cli, ["keepsake", "mikita"])
    assert done.exit_code == 0, done.stderr
    assert "2 messages on 8 pages" in done.stdout
    assert (tmp_path / "_build" / "keepsake" / "mikita.pdf").is_file()
    change(database, ids[1], text="Other words")
    named = build.invoke(cli, ["keepsake", "mikita", "--output", str(tmp_path / "other.pdf")])
    assert named.exit_code == 1
    assert f"message {ids[1]} is not in the keepsake" in named.stderr


@pytest.mark.slow
def test_a_keepsake_on_this_machine_that_holds_erased_words_is_named_until_it_is_gone(
    database: Database, build: CliRunner, tmp_path: Path
) -> None:
    keepsake = tmp_path / "_build" / "keepsake" / "mikita.pdf"
    ids = approve(database, ["It stays", "It is withdrawn", "It is posted later"])
    put_in_batch(database, ids[:2])
    assert build.invoke(cli, ["keepsake", "mikita"]).exit_code == 0
    assert "mikita.pdf" not in build.invoke(cli, ["purge", "--after-gap"]).stdout
    assert "keepsake" not in build.invoke(cli, ["messages", "mikita", "erase", ids[2]]).stdout
    assert "mikita.pdf" not in build.invoke(cli, ["purge", "--after-gap"]).stdout
    said = build.invoke(cli, ["messages", "mikita", "erase", ids[1]]).stdout
    assert f"{keepsake} holds the words still: make it anew with `build.py keepsake mikita`" in said
    assert f"{keepsake} holds words that were erased" in build.invoke(cli, ["purge", "--after-gap"]).stdout
    assert keepsake.exists()
    made = build.invoke(cli, ["keepsake", "mikita"]).stdout  # on the same day, in the place of the old one
    assert "without 1 posted message taken back; destroy each earlier keepsake" in made
    assert "mikita.pdf" not in build.invoke(cli, ["purge", "--after-gap"]).stdout
    assert "withdrawn" not in text_of(keepsake)


def test_a_keepsake_that_a_run_could_not_note_is_named_too(
    database: Database, build: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk that it filled, or who killed the run, kept the database from knowing what it holds."""
    (one,) = approve(database, ["It is withdrawn"])
    put_in_batch(database, [one], on=datetime.now(UTC).date())
    with monkeypatch.context() as patched:
        patched.setattr(made_keepsakes, "record", Mock(side_effect=NotStored("the disk is full")))
        assert build.invoke(cli, ["keepsake", "mikita"]).exit_code == 1
    assert build.invoke(cli, ["messages", "mikita", "erase", one]).exit_code == 0
    said = build.invoke(cli, ["purge", "--after-gap"]).stdout
    assert f"{tmp_path / '_build' / 'keepsake' / 'mikita.pdf'} holds words that were erased" in said


def test_a_keepsake_is_named_though_a_newer_one_was_made_elsewhere(
    database: Database, make: Make, campaign: Campaign, tmp_path: Path
) -> None:
    kept = made_keepsakes.default_file(tmp_path, "mikita")
    ids, today = approve(database, ["It stays", "It is withdrawn", "Never posted"]), datetime.now(UTC).date()
    put_in_batch(database, ids[:2])
    put_in_batch(database, ids[2:], 2, state="void")
    make(kept)
    database.write(lambda c: erasure.erase(c, ids[2], made_keepsakes.RETENTION, today))
    assert retention.purge(database, campaign, NOW, tmp_path).keepsake is None
    database.write(lambda c: erasure.erase(c, ids[1], "withdrawn", today))
    make(tmp_path / "elsewhere.pdf")
    assert retention.purge(database, campaign, NOW, tmp_path).keepsake == kept
    kept.unlink()
    assert retention.purge(database, campaign, NOW, tmp_path).keepsake is None


def test_what_was_erased_by_its_age_keeps_the_older_keepsake_in_its_place(
    database: Database, make: Make, output: Path, campaign: Campaign, tmp_path: Path
) -> None:
    ids = approve(database, ["It stays", "It is withdrawn", "It is old"])
    put_in_batch(database, ids)
    make()
    database.write(lambda c: erasure.erase(c, ids[1], "withdrawn", TODAY))
    database.write(lambda c: erasure.erase(c, ids[2], made_keepsakes.RETENTION, TODAY))
    with pytest.raises(KeepsakeError, match="1 message was erased after posting"):
        make()
    second = make(tmp_path / "second.pdf")
    assert (second.erased, second.taken_back) == (1, 1)
    assert "1 posted message had been erased before" in str(second)
    assert "without 1 posted message taken back; an earlier keepsake may hold them still" in str(second)
