"""The supporter's language: every page and every reason, and English where nothing is translated."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from sqlalchemy import select

from campaign.language import extraction
from campaign.language.catalogue import read_catalogue
from campaign.language.nonbreaking import tied
from campaign.storage.tables import messages
from receiver.http import answer_language
from tests.receiver.conftest import JSON, SITE, token_in
from tests.receiver.supporters.test_sending import FAULTS
from tests.support.table import table

# A language of which every string is known: the English in these marks.
BEGIN, END = "«", "»"


def marked(words: str) -> str:
    return f"{BEGIN}{words}{END}"


@pytest.fixture(scope="session")
def marked_words(tmp_path_factory):
    """A folder of translations that holds German, each string of it marked."""
    folder = tmp_path_factory.mktemp("translations")
    catalog = Catalog(locale=Locale("de"), charset="utf-8", fuzzy=False)
    for message in extraction.strings():
        if isinstance(message.id, str) and message.id:
            catalog.add(message.id, marked(message.id), context=message.context)
        elif message.id:
            catalog.add(message.id, tuple(map(marked, message.id)), context=message.context)
    with (folder / "de.po").open("wb") as target:
        write_po(target, catalog)
    return folder


@pytest.fixture
def app(make_app, unlimited, content_dir, marked_words, monkeypatch):
    """A receiver whose campaign has a second language."""
    folder = content_dir / "mikita"
    shutil.copytree(folder / "en", folder / "de")
    facts = folder / "campaign.toml"
    facts.write_text(facts.read_text().replace('languages = ["en"]', 'languages = ["en", "de"]', 1))
    answer_language._catalogue_of.cache_clear()
    monkeypatch.setattr(answer_language, "read_catalogue", lambda code: read_catalogue(code, marked_words))
    yield make_app(replace(unlimited, content_dir=content_dir))
    answer_language._catalogue_of.cache_clear()


@table("field, value", FAULTS.values(), ids=list(FAULTS))
def test_a_refusal_names_its_reason_in_the_supporter_s_language(supporter, field, value):
    fault = {"language": "de", field: value}
    ((named, reasons),) = supporter.send(headers=JSON, **fault).json["errors"].items()
    assert (named, bool(reasons)) == (field, True)
    assert all(reason.startswith(BEGIN) and reason.endswith(END) for reason in reasons)
    page = supporter.send(**fault)
    assert page.status_code == 422
    assert '<html lang="de"' in page.text
    assert all(reason.partition("'")[0] in page.text for reason in reasons)
    english = supporter.send(headers=JSON, **fault | {"language": "en"}).json["errors"][field]
    said = [reason.replace(BEGIN, "").replace(END, "") for reason in reasons]
    assert [tied(reason, "de") for reason in english] == said  # as each translation is


def test_the_review_page_and_the_thanks_speak_it(supporter):
    page = supporter.send("", language="de")
    assert '<html lang="de"' in page.text
    assert marked("This is your card") in page.text
    supporter.clock.advance(4)
    thanks = supporter.send(token_in(page), language="de")
    assert thanks.status_code == 201
    assert '<html lang="de"' in thanks.text
    assert BEGIN in thanks.text


def test_while_its_file_has_a_fault_it_stays_as_it_was_and_is_english_at_worst(
    supporter, marked_words, tmp_path, monkeypatch
):
    (tmp_path / "de.po").write_text('msgid "a')
    for folder, known, told in (
        (marked_words, {}, marked("This is your card")),
        (tmp_path, answer_language._sound, marked("This is your card")),
        (tmp_path, {}, ">This is your card"),
    ):
        answer_language._catalogue_of.cache_clear()
        monkeypatch.setattr(answer_language, "_sound", known)
        monkeypatch.setattr(
            answer_language, "read_catalogue", lambda code, folder=folder: read_catalogue(code, folder)
        )
        page = supporter.send("", language="de")
        assert (page.status_code, told in page.text) == (200, True)


def test_other_answers_in_json_speak_it(supporter):
    token = supporter.token()
    supporter.send(token, language="de")
    used = supporter.send(token, language="de", message="Other words.", headers=JSON)
    assert used.status_code == 409
    assert used.json["receipt"] is None
    assert used.json["errors"]["form"][0].startswith(BEGIN + "An earlier version")


def test_taking_back_speaks_it(supporter):
    page = supporter.client.post(
        "/mikita/withdraw", data={"language": "de", "receipt": ""}, headers={"Origin": SITE}
    )
    assert page.status_code == 422
    assert marked("Please write the code that you were shown after sending.") in page.text


@table("asked", ["en", "xx", "", "be"])
def test_a_language_that_the_page_has_not_is_answered_in_its_main_one(supporter, asked):
    page = supporter.send("", language=asked)
    assert '<html lang="en"' in page.text
    assert BEGIN not in page.text


def test_the_consent_that_is_kept_names_the_language_in_which_it_was_read(supporter, database):
    supporter.send(language="de")
    with database.read() as connection:
        kept = connection.execute(select(messages.c.language, messages.c.consent_language)).all()
    assert kept == [("de", "de")]
