"""Translations that are printed, at the desk: written, chosen, read by a second person, too long, cut."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest

from campaign import ROOT
from campaign.accounts import staff
from campaign.content.campaign import load
from campaign.messages import print_choice, review
from campaign.messages.suggestion_translations import suggested_translation
from receiver.staff.print_choice import choose_printing
from tests.conftest import TODAY
from tests.receiver.conftest import log_in
from tests.receiver.desk import Desk
from tests.support.editing import all_faults
from tests.support.review import KEYS, get
from tests.support.table import table

pytestmark = pytest.mark.slow  # each logs in

GERMAN = "Wir denken jeden Tag an dich und deine ganze Familie, Mikita."
BELARUSIAN = "Мы думаем кожны дзень пра цябе і пра ўсю тваю сям’ю, Мікіта."


@pytest.fixture
def content_dir(tmp_path):
    """Content in all its languages, with both printed."""
    folder = shutil.copytree(ROOT / "content", tmp_path / "content")
    facts = folder / "mikita" / "campaign.toml"
    words = facts.read_text(encoding="utf-8")
    facts.write_text(words.replace("[card]\n", '[card]\nprint = "both"\n'), encoding="utf-8")
    return folder


@pytest.fixture
def app(make_app, unlimited, content_dir):
    """A receiver whose campaign has translations printed."""
    return make_app(replace(unlimited, content_dir=content_dir))


@pytest.fixture
def german(database, submit):
    return submit(database, GERMAN, language="de").message


def card_of(page) -> str:
    return re.search(r'<img src="([^"]*card\.png[^"]*)"', page.text)[1].replace("&amp;", "&")


def test_one_translates_and_another_approves_what_is_printed(desk, other, german, database):
    page = desk.get()
    assert "It needs a translation" in page.text
    assert f"{german}/approve" not in page.text
    assert "For the card (Belarusian)" in page.text
    assert "Perhaps not in a language" not in page.text, "what is printed is"
    assert "Perhaps not in a language" in desk.get(f"/staff/mikita/?message={german}&prints=original").text
    page = desk.follow(desk.press(page, "translate", translation=BELARUSIAN))
    assert "You translated it." in page.text
    assert f"{german}/approve" not in page.text
    page = other.get(f"/staff/mikita/?message={german}")
    assert "its translation, and under it as it was written" not in re.sub(
        "<figcaption.*?</figcaption>", "", page.text
    )
    assert "prints=both" in card_of(page)
    assert other.get(card_of(page)).mimetype == "image/png"
    other.press(page, "approve")
    done = get(database, german)
    assert (done.state, done.prints, done.translated_by, done.reviewed_by) == (
        "approved",
        "both",
        "olga",
        "petr",
    )
    assert (
        "Approved to be printed with its translation, by petr"
        in other.get(f"/staff/mikita/?message={german}").text
    )


def test_of_two_who_approve_one_may_be_the_translator(content_dir, german, database):
    campaign = load(content_dir / "mikita")
    two = replace(campaign, review=replace(campaign.review, second_approval=True))
    database.write(lambda c: review.translate(c, german, BELARUSIAN, "olga", "be"))
    message = get(database, german)
    assert [choose_printing(one, message, "olga", {}).own for one in (campaign, two)] == [True, False]


def test_the_second_of_two_is_shown_what_the_first_approved(
    make_app, unlimited, content_dir, german, database
):
    facts = content_dir / "mikita" / "campaign.toml"
    words = facts.read_text(encoding="utf-8")
    facts.write_text(f"{words}\n[review]\nsecond_approval = true\n", encoding="utf-8")
    app, address = make_app(replace(unlimited, content_dir=content_dir)), f"/staff/mikita/?message={german}"
    for name, choice in (("olga", "&prints=original"), ("petr", "")):
        desk = Desk(app.test_client())
        log_in(desk.client, name, database.write(lambda c, name=name: staff.add(c, name, KEYS, TODAY)))
        page = desk.get(f"{address}{choice}")
        assert "It needs a translation" not in page.text, "it would be one that nobody approved"
        desk.press(page, "approve")
    assert (get(database, german).state, get(database, german).prints) == ("approved", "original")


def test_a_forged_form_makes_nobody_their_own_second(desk, german, database):
    page = desk.follow(desk.press(desk.get(), "translate", translation=BELARUSIAN))
    as_written = desk.get(f"/staff/mikita/?message={german}&prints=original")
    answer = desk.press(as_written, "approve", prints="both")
    assert "somebody else has to approve it too" in desk.follow(answer).text
    assert desk.press(as_written, "approve", prints="").status_code == 400
    assert page.status_code == 200
    assert get(database, german).state == "waiting"


def test_what_is_read_is_printed_as_it_was_written(desk, database, submit):
    sent = submit(database, BELARUSIAN, language="be").message
    desk.press(desk.get(), "approve")
    assert (get(database, sent).state, get(database, sent).prints) == ("approved", "original")


def test_a_language_guessed_wrongly_is_printed_as_it_was_written(desk, german, database):
    page = desk.get(f"/staff/mikita/?message={german}&prints=original")
    desk.press(page, "approve")
    assert (get(database, german).state, get(database, german).prints) == ("approved", "original")


def test_both_too_long_is_said_with_by_how_much_and_one_alone_offered(desk, other, database, submit):
    long = f"{GERMAN} " * 14
    sent = submit(database, long.strip(), language="de").message
    desk.press(desk.get(), "translate", translation=f"{BELARUSIAN} " * 14)
    page = other.get(f"/staff/mikita/?message={sent}")
    assert re.search(r"It cannot be printed so:</b> too long for the card by \d+ lines?;", page.text)
    assert f"{sent}/approve" not in page.text
    page = other.get(f"/staff/mikita/?message={sent}&prints=translation")
    other.press(page, "approve")
    assert get(database, sent).prints == "translation"


def test_a_suggestion_comes_with_the_editors_own_translation(supporter, content_dir, desk, database):
    campaign = load(content_dir / "mikita")
    theirs, ours = campaign.editions["de"].suggestions[0], campaign.editions["be"].suggestions[0]
    assert suggested_translation(campaign, theirs)
    assert not suggested_translation(campaign, f"{theirs}!")
    assert not suggested_translation(campaign, campaign.editions["ru"].suggestions[0])  # he reads it
    supporter.send(message=theirs, language="de")
    page = desk.get()
    identifier = re.search(r'data-id="([^"]+)"', page.text)[1]
    kept = get(database, identifier)
    assert (kept.translation, kept.translated_into, kept.translated_by) == (ours, "be", print_choice.EDITORS)
    desk.press(page, "approve")
    assert get(database, identifier).prints == "both"


def test_lists_of_unequal_length_are_refused(content_dir):
    folder = content_dir / "mikita"
    for code in ("ru", "de"):  # the first of which he reads
        path = folder / code / "suggestions.md"
        path.write_text(path.read_text(encoding="utf-8") + "- Noch eins.\n", encoding="utf-8")
    (fault,) = all_faults(content_dir)
    assert "holds 8 suggestions, and be/suggestions.md 7" in str(fault) or "suggestions, and be/" in str(
        fault
    )
    facts = folder / "campaign.toml"
    facts.write_text(facts.read_text(encoding="utf-8").replace('print = "both"\n', ""), encoding="utf-8")
    assert not all_faults(content_dir)


def test_translations_need_a_language_to_be_made_in(content_dir):
    facts = content_dir / "mikita" / "campaign.toml"
    words = facts.read_text(encoding="utf-8").replace('languages = ["be", "ru"]\n', "languages = []\n")
    facts.write_text(words, encoding="utf-8")
    assert any("nobody can tell into which language" in str(fault) for fault in all_faults(content_dir))


@table("language", ["en", "be", "ru", "uk", "pl", "de"])
def test_the_form_tells_what_becomes_of_other_languages(supporter, language):
    words = supporter.send("", language=language).text
    told = {
        "en": "translated by people",
        "be": "перакладаюць людзі",
        "ru": "переводят люди",
        "uk": "перекладають люди",
        "pl": "tłumaczą ludzie",
        "de": "von Menschen übersetzt",
    }
    assert told[language] in words


def test_a_group_offers_and_approves_nothing_whose_translation_nobody_read(desk, german, database, submit):
    read = submit(database, BELARUSIAN).message
    page = desk.get("/staff/mikita/groups?kind=unflagged")
    assert re.findall(r'name="seen:(\w+)"', page.text) == [read]
    page = desk.follow(desk.press(page, "groups", **{f"seen:{german}": get(database, german).fingerprint}))
    assert "Not approved, because they are looked at one by one" in page.text
    assert [get(database, one).state for one in (german, read)] == ["waiting", "approved"]
